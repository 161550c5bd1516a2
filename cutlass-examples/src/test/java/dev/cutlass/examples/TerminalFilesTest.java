package dev.cutlass.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./cutlass send} in a pseudo-terminal: a bar while it runs, and what came of it afterwards. */
final class TerminalFilesTest {
    private static final Pattern BAR = Pattern.compile("a\\.bin to right +\\[#* *\\] +\\d+ % .*");

    @TempDir
    private Path folder;

    /** What such a terminal shows at the end, and what it showed at any time. Knows the sequences that bars use, and nothing else. */
    private static final class Screen {
        private static final Pattern SEQUENCE = Pattern.compile("\u001b\\[(\\??\\d*)([AJhl])");

        private final List<String> lines = new ArrayList<>();
        private final List<String> ever = new ArrayList<>();
        private int row;

        void show(String line) {
            final Matcher sequence = SEQUENCE.matcher(line);
            while (sequence.find()) {
                if (sequence.group(2).equals("A")) {
                    row -= Integer.parseInt(sequence.group(1));
                    assertTrue(row >= 0, "above the screen");
                } else if (sequence.group(2).equals("J")) {
                    lines.subList(row, lines.size()).clear();
                }
            }
            final String text = sequence.replaceAll("").replace("\r", "");
            assertTrue(text.indexOf('\u001b') < 0, text);
            if (row == lines.size()) {
                lines.add(text);
            } else {
                lines.set(row, text);
            }
            ever.add(text);
            row++;
        }
    }

    @Test
    void aBarIsPaintedWhileAFileRunsAndGivesWayToWhatCameOfIt() throws Exception {
        final byte[] content = new byte[20_000_000];
        new Random(1).nextBytes(content);
        final Path file = Files.write(folder.resolve("a.bin"), content);
        final int port = Program.freePort();
        final String unattended = " --no-passphrase --bind 127.0.0.1 --home ";
        try (Program right = Program.start(List.of(
                        "bash",
                        "-c",
                        "exec " + Program.launcher() + " receive --accept all --nick right --port " + port + " --dir "
                                + folder.resolve("in") + unattended + folder.resolve("right")));
                Program left = Program.terminal(Program.launcher() + " send " + file + " --to 127.0.0.1:" + port
                        + " --nick left" + unattended + folder.resolve("left"))) {
            right.err().await(line -> line.contains("UDP port"));
            assertEquals(0, left.exitCode(), left::toString);
            final Screen screen = new Screen();
            left.out().all().forEach(screen::show);
            final String shown = String.join("\n", screen.lines);
            assertTrue(screen.ever.stream().anyMatch(line -> BAR.matcher(line).matches()), () -> "no bar: " + left);
            assertTrue(screen.lines.stream().noneMatch(line -> BAR.matcher(line).matches()), shown);
            assertEquals(
                    1,
                    screen.lines.stream()
                            .filter(line -> line.startsWith("a.bin to right: complete, 20.0 MB"))
                            .count(),
                    shown);
            assertEquals(-1, Files.mismatch(file, folder.resolve("in/a.bin")));
        }
    }
}
