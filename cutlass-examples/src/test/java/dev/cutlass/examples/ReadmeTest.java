package dev.cutlass.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the README says is true. */
final class ReadmeTest {
    private static final Path TOP = Path.of("..").toAbsolutePath().normalize();

    @Test
    void itsExampleIsTheOneThatTheBuildCompiles() throws IOException {
        final String source = Files.readString(Path.of("src/main/java/dev/cutlass/examples/Hello.java"));
        final String body = between(source, "// README: begin\n", "\n        // README: end")
                        .stripIndent() + "\n";
        final String readme = between(Files.readString(TOP.resolve("README.md")), "```java\n", "```");
        assertEquals(body, readme);
    }

    @Test
    void thePagesThatItNamesExist() throws IOException {
        final String readme = Files.readString(TOP.resolve("README.md"));
        final var missing = Stream.of(readme.split("\\]\\("))
                .skip(1)
                .map(rest -> rest.substring(0, rest.indexOf(')')))
                .filter(link -> !link.contains(":") && !Files.exists(TOP.resolve(link)))
                .collect(Collectors.toList());
        assertTrue(missing.isEmpty(), () -> "missing: " + missing);
    }

    private static String between(String text, String begin, String end) {
        final int from = text.indexOf(begin) + begin.length();
        return text.substring(from, text.indexOf(end, from));
    }
}
