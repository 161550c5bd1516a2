package dev.cutlass.offline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** docs/offline.md shows what this module's tests compile. */
final class OfflineExampleTest {
    @Test
    void thePageShowsTheExample() throws IOException {
        final String page = Files.readString(Path.of("../docs/offline.md"));
        final String source = Files.readString(Path.of("src/test/java/dev/cutlass/offline/OfflineExample.java"));

        assertEquals(lines(source, "// begin", "// end"), lines(page, "```java", "```\n"));
    }

    private static List<String> lines(String text, String begin, String end) {
        final int from = text.indexOf(begin) + begin.length();
        return text.substring(from, text.indexOf(end, from))
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.equals("..."))
                .toList();
    }
}
