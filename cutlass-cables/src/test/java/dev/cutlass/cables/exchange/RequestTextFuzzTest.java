package dev.cutlass.cables.exchange;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Any path below a user's name: one of the requests there are, malformed, or unknown. Runs its saved inputs in the normal tests and fuzzes with JAZZER_FUZZ=1. */
class RequestTextFuzzTest {
    private static final String ID = "0123456789abcdef0123456789abcdef01234567";
    private static final String[] PIECES = {
        "request/",
        "certs/",
        "queue/",
        "rqueue/",
        "msg",
        "snd",
        "rcp",
        "ack",
        "ver",
        "/",
        ID,
        ".key",
        "a".repeat(128),
        "b".repeat(32),
        "c".repeat(16) + ".onion",
        "ca.pem",
        "verify.pem",
        "..",
        "%2e",
        "\0",
        "?",
        "."
    };

    @Tag("fuzz")
    @FuzzTest(maxDuration = "60s")
    void anyPathIsARequestOrNone(byte[] path) {
        check(new String(path, StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3})
    void piecesInAnyOrderAreARequestOrNone(long seed) {
        final Random random = new Random(seed);
        for (int round = 0; round < 5_000; round++) {
            final StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(8); i > 0; i--) {
                text.append(PIECES[random.nextInt(PIECES.length)]);
            }
            check(text.toString());
        }
    }

    private static void check(String path) {
        final RequestText request = RequestText.of(path);
        assertNotNull(request);
        if (!(request instanceof RequestText.Malformed) && !(request instanceof RequestText.Unknown)) {
            assertTrue(path.matches("[a-z0-9./]+") && !path.contains("..") && !path.contains("//"), path);
        }
    }
}
