package dev.cutlass.engine.jfr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The module {@code jdk.jfr} is used where it is, and not missed where it is not. */
class FlightEventsTest {
    /** What another JVM runs. */
    static final class Program {
        private Program() {}

        public static void main(String[] args) {
            System.exit(FlightEvents.ofThisRuntime() == FlightEvents.NONE ? 7 : 8);
        }
    }

    @Test
    void whereTheModuleIsThereEventsAreRecorded() {
        assertNotSame(FlightEvents.NONE, FlightEvents.ofThisRuntime());
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES)
    void whereTheModuleIsMissingNobodyHears() throws Exception {
        final Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--limit-modules",
                        "java.base",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Program.class.getName())
                .redirectErrorStream(true)
                .start();
        final String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(7, process.waitFor(), said);
    }
}
