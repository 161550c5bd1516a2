package dev.cutlass.cables.pki;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sealed mail with any change: refused, or the mail that was sealed. Runs its saved inputs in the normal tests and fuzzes with JAZZER_FUZZ=1. */
class SealedMailFuzzTest {
    private static final byte[] MAIL = new byte[300];
    private static final ShortKeys KEYS = new ShortKeys(new Random(1));
    private static final ExchangeSecrets SECRETS =
            ExchangeSecrets.of(KEYS.draw(), KEYS.draw().publicKey());
    private static final byte[] SEALED = SealedMail.seal(SECRETS, MAIL, new Random(2));

    @Tag("fuzz")
    @FuzzTest(maxDuration = "60s")
    void anyChangeIsRefusedOrMeansTheSame(byte[] input) {
        check(input);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3})
    void randomChangesAreRefusedOrMeanTheSame(long seed) {
        final Random random = new Random(seed);
        for (int round = 0; round < 1_000; round++) {
            check(Edited.input(random));
        }
    }

    private static void check(byte[] input) {
        final byte[] sealed = Edited.pem(Pem.CMS, Edited.derOf(SEALED), input);
        if (SealedMail.open(SECRETS, sealed, SECRETS.sendMac(MAIL)) instanceof Checked.Good<byte[]> good) {
            assertArrayEquals(MAIL, good.value());
        }
    }
}
