package dev.cutlass.offline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Any bytes are a message or none, and one that is read is written as it was. Runs its saved inputs in the normal tests and fuzzes with JAZZER_FUZZ=1. */
class OfflineMailFuzzTest {
    @Tag("fuzz")
    @FuzzTest(maxDuration = "60s")
    void anyBytesAreAMailOrNone(byte[] input) {
        check(input);
        final ByteArrayOutputStream mail = new ByteArrayOutputStream(); // so that the fuzzer need not find base64
        mail.writeBytes(("From: <" + Mails.ANNS + ">\nContent-Type: " + OfflineMail.CONTENT_TYPE + "\n\n")
                .getBytes(StandardCharsets.US_ASCII));
        mail.writeBytes(Base64.getEncoder().encode(input));
        check(mail.toByteArray());
    }

    @ParameterizedTest
    @MethodSource("dev.cutlass.fixtures.Seeds#all")
    void aMailWithChangedBytesIsAMailOrNone(long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 50; round++) {
            final byte[] mail = Mails.toBen("x".repeat(random.nextInt(100)), random.nextLong(1L << 62));
            for (int i = random.nextInt(4); i >= 0; i--) {
                mail[random.nextInt(mail.length)] = (byte) random.nextInt(256);
            }
            check(mail);
        }
    }

    private static void check(byte[] input) {
        OfflineMail.about(MailHeader.of(input));
        final OfflineMail mail = OfflineMail.decode(input);
        if (mail != null) {
            final OfflineMail again = OfflineMail.decode(OfflineMail.encode(
                    Mails.ANNS,
                    Mails.BENS,
                    mail.message().peer(),
                    new dev.cutlass.spi.OfflineMessage(
                            mail.to(),
                            mail.message().message(),
                            mail.message().base(),
                            mail.message().time())));
            assertNotNull(again);
            assertEquals(mail.message().id(), again.message().id());
            assertEquals(mail.message().message(), again.message().message());
        }
    }
}
