package dev.cutlass.crypto;

import java.security.SecureRandom;
import java.util.Random;

/** Randomness that a seed repeats. */
final class Seeds {
    private Seeds() {}

    static SecureRandom secure(long seed) {
        Random random = new Random(seed);
        return new SecureRandom() {
            private static final long serialVersionUID = 1L;

            @Override
            public void nextBytes(byte[] bytes) {
                random.nextBytes(bytes);
            }
        };
    }

    static PeerId peer(long seed) {
        try (Identity identity = Identity.generate(secure(seed))) {
            return identity.id();
        }
    }
}
