package dev.cutlass.cables.mail;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Any bytes are a mail, which is read again as it was written. Runs its saved inputs in the normal tests and fuzzes with JAZZER_FUZZ=1. */
class MailTextFuzzTest {
    private static final String[] PIECES = {
        "From ", "Subject", ":", " ", "\t", "\n", "\r\n", "\r", "To: a\n", "\0", "ü", "\n\n"
    };

    @Tag("fuzz")
    @FuzzTest(maxDuration = "60s")
    void anyBytesAreAMail(byte[] input) {
        check(input);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3})
    void piecesInAnyOrderAreAMail(long seed) {
        final Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            final StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(20); i > 0; i--) {
                text.append(PIECES[random.nextInt(PIECES.length)]);
            }
            check(text.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void check(byte[] input) {
        final MailText mail = MailText.parse(input);
        if (new String(input, StandardCharsets.ISO_8859_1).indexOf('\r') < 0) { // of two carriage returns one stays
            assertArrayEquals(mail.bytes(), MailText.parse(mail.bytes()).bytes());
        }
        assertFalse(mail.with("X-Mark", "x").fields("x-mark").isEmpty());
        Extract.of(mail, Extract.VERIFIED).headerBytes();
    }
}
