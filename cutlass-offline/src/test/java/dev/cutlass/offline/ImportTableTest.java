package dev.cutlass.offline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cutlass.fixtures.source.ImportTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** This module knows what core and cables show to everybody, and neither of them knows the other. docs/architecture.md section 1. */
final class ImportTableTest {
    private static final String CABLES = "dev.cutlass.cables";
    private static final String BASE = "dev.cutlass.offline";

    @Test
    void everyFileUsesOnlyWhatTheTableAllows() throws IOException {
        final ImportTable table = ImportTable.ofLayers(
                        "dev.cutlass",
                        List.of(
                                "dev.cutlass.crypto",
                                "dev.cutlass.event",
                                "dev.cutlass.spi",
                                CABLES + ".address",
                                CABLES + ".mailbox",
                                CABLES,
                                BASE))
                .onlyFor("java.net", "the node has the sockets")
                .onlyCodeOf("\\bSystem\\.(out|err)\\b|\\bprintStackTrace\\b", "a library prints nothing")
                .onlyCodeOf("\\bnew Thread\\(|\\bExecutors\\.", "the engine and the node have the threads");

        assertEquals(List.of(), table.violations(Path.of("src/main/java")));
    }
}
