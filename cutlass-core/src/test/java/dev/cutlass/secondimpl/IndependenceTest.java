package dev.cutlass.secondimpl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The second implementation proves something only as long as it shares nothing with the first. */
final class IndependenceTest {
    /** The curves and ML-KEM: public algorithms with public test vectors. */
    private static final String SHARED = "dev.cutlass.crypto.bc.";

    private static final Pattern OURS = Pattern.compile("dev\\.cutlass\\.(?!secondimpl)[\\w.]+");

    @Test
    void theSecondImplementationUsesCurvesAndMlKemOfTheFirstAndNothingElse() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/secondimpl/java"))) {
            List<String> used = files.filter(Files::isRegularFile)
                    .flatMap(IndependenceTest::namesIn)
                    .distinct()
                    .sorted()
                    .toList();

            assertTrue(used.contains(SHARED + "X25519"), used.toString());
            assertEquals(
                    List.of(),
                    used.stream().filter(name -> !name.startsWith(SHARED)).toList());
        }
    }

    private static Stream<String> namesIn(Path file) {
        try {
            return OURS.matcher(Files.readString(file)).results().map(MatchResult::group);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
