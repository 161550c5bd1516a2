package dev.cutlass.cables.pki;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Any text: a block, or none. Runs its saved inputs in the normal tests and fuzzes with JAZZER_FUZZ=1. */
class PemFuzzTest {
    private static final String[] PIECES = {
        "-----BEGIN ",
        "-----END ",
        "-----",
        "CMS",
        "PKCS7",
        "CERTIFICATE",
        "PRIVATE KEY",
        "\n",
        "\r\n",
        "TUlJ",
        "=",
        " ",
        "\0"
    };

    @Tag("fuzz")
    @FuzzTest(maxDuration = "60s")
    void anyTextIsABlockOrNone(byte[] text) {
        check(text);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3})
    void piecesInAnyOrderAreABlockOrNone(long seed) {
        final Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            final StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(20); i > 0; i--) {
                text.append(PIECES[random.nextInt(PIECES.length)]);
            }
            check(text.toString().getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    private static void check(byte[] text) {
        for (byte[] block : Arrays.asList(Pem.certificate(text), Pem.cms(text), Pem.privateKey(text))) {
            if (block != null) {
                assertArrayEquals(block, Pem.cms(Pem.encode(Pem.CMS, block)));
            }
        }
    }
}
