package dev.cutlass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Jazzer fuzzes the first target of a class and skips the others without a word that anybody reads. */
final class FuzzTargetsTest {
    private static final String TARGET = "@Fuzz" + "Test";

    @Test
    void everyFuzzTargetHasAClassOfItsOwn() throws IOException {
        try (Stream<Path> sources = Files.walk(Path.of(".."))) {
            final List<Path> targets = sources.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> targets(file) > 0)
                    .toList();
            assertTrue(targets.size() > 1, "the sources are beside this module");
            assertEquals(
                    List.of(),
                    targets.stream().filter(file -> targets(file) > 1).toList());
        }
    }

    private static int targets(Path source) {
        try {
            return Files.readString(source).split(TARGET, -1).length - 1;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
