package dev.cutlass.bench;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.bench.cables.CablesBench;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The program still measures what it says: two nodes that wait for each other, half a minute of doing little, so only in the profile {@code long}. Numbers are for docs/performance.md, by hand. */
@Tag("long")
final class CablesSmokeTest {
    @Test
    void mailDiskMemoryAndServiceAreMeasured() throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            CablesBench.run(List.of(), true);
        } finally {
            System.setOut(before);
        }
        String tables = printed.toString(StandardCharsets.UTF_8);
        for (String row : new String[] {"| sender |", "| receiver |", "| request/ver |", "| certs/ca.pem |"}) {
            assertTrue(tables.contains(row), tables);
        }
    }
}
