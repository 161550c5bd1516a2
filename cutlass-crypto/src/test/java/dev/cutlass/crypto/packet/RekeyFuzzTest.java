package dev.cutlass.crypto.packet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.cutlass.crypto.bc.X25519KeyPair;
import dev.cutlass.crypto.noise.Role;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Any bytes on the CRYPTO stream: decoded or refused, never thrown. */
class RekeyFuzzTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    @Tag("fuzz")
    @FuzzTest(maxDuration = "10m")
    void anyBytesAreAValue(byte[] input) {
        check(input);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3})
    void randomBytesAreAValue(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 80; round++) {
            byte[] input = new byte[random.nextInt(60)];
            random.nextBytes(input);
            check(input);
            if (input.length >= RekeyMessage.HEADER_LENGTH) { // again, with a header that is right
                int[] lengths = {38, 38 + 1184, 38, 38 + 1088};
                int form = random.nextInt(4);
                byte[] shaped = new byte[lengths[form]];
                random.nextBytes(shaped);
                shaped[0] = (byte) (1 + form / 2);
                shaped[1] = shaped[2] = shaped[3] = 0;
                shaped[4] = 1;
                shaped[RekeyMessage.KEM_OFFSET] = (byte) (form % 2);
                check(shaped);
            }
        }
    }

    private static void check(byte[] input) {
        int length = RekeyMessage.lengthOf(input, 0, input.length);
        RekeyMessage message = RekeyMessage.decode(input);
        assertTrue(length >= RekeyMessage.MALFORMED && length <= RekeyMessage.MAX_LENGTH);
        if (message != null) {
            assertEquals(input.length, length);
            assertArrayEquals(input, message.encode());
        }
        X25519KeyPair left = X25519KeyPair.of(HexFormat.of().parseHex("11".repeat(32)));
        X25519KeyPair right = X25519KeyPair.of(HexFormat.of().parseHex("22".repeat(32)));
        for (Role role : Role.values()) {
            try (Ratchet ratchet = new Ratchet(role, new byte[32], left, right.publicKey(), 1)) {
                ratchet.propose(RANDOM);
                RekeyOutcome outcome = ratchet.handle(input, RANDOM);
                assertEquals(outcome instanceof RekeyOutcome.Rekeyed ? 1 : 0, ratchet.epoch());
                assertTrue(message != null || outcome instanceof RekeyOutcome.Refused);
            }
        }
    }
}
