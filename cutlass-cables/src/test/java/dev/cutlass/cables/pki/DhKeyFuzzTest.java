package dev.cutlass.cables.pki;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A Diffie-Hellman key with any change: refused, or a key in the group, which is written as it was read. Runs its saved inputs in the normal tests and fuzzes with JAZZER_FUZZ=1. */
class DhKeyFuzzTest {
    private static final DhKeyPair GENUINE = new ShortKeys(new Random(1)).draw();

    @Tag("fuzz")
    @FuzzTest(maxDuration = "60s")
    void anyChangeIsRefusedOrAKeyOfTheGroup(byte[] input) {
        check(input);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3})
    void randomChangesAreRefusedOrKeysOfTheGroup(long seed) {
        final Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            check(Edited.input(random));
        }
    }

    private static void check(byte[] input) {
        final byte[] der = Edited.der(GENUINE.publicKey().der(), input);
        if (DhPublicKey.parse(der) instanceof Checked.Good<DhPublicKey> good) {
            final BigInteger y = good.value().value();
            assertTrue(y.compareTo(BigInteger.ONE) > 0 && y.compareTo(DhGroup.P.subtract(BigInteger.ONE)) < 0);
            assertEquals(good.value(), DhPublicKey.parse(good.value().der()).orNull());
        }
        if (input.length < 64) { // a pair is computed from what is read, which takes milliseconds
            DhKeyPair.parse(Edited.pem(Pem.PRIVATE_KEY, Edited.derOf(GENUINE.pem()), input));
        }
    }
}
