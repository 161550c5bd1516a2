package dev.cutlass.proto;

import dev.cutlass.crypto.bc.X25519KeyPair;
import dev.cutlass.wire.Bytes;
import java.security.SecureRandom;
import java.util.Random;

/** Static keys as a handshake would have authenticated them. */
final class RekeyKeysOfTests {
    private RekeyKeysOfTests() {}

    /** Those of one of the two sides. */
    static RekeyKeys of(long seed, boolean initiator) {
        return new RekeyKeys(
                staticKey(seed, initiator),
                Bytes.of(staticKey(seed, !initiator).publicKey()),
                new RepeatableRandom(seed * 2 + (initiator ? 1 : 0)));
    }

    static X25519KeyPair staticKey(long seed, boolean initiator) {
        final byte[] key = new byte[32];
        new Random(seed * 2 + (initiator ? 1 : 0)).nextBytes(key);
        return X25519KeyPair.of(key);
    }

    /** The same bytes for the same seed. */
    private static final class RepeatableRandom extends SecureRandom {
        private static final long serialVersionUID = 1;

        private final Random random;

        RepeatableRandom(long seed) {
            random = new Random(seed);
        }

        @Override
        public void nextBytes(byte[] bytes) {
            random.nextBytes(bytes);
        }
    }
}
