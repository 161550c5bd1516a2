package dev.cutlass.store;

import dev.cutlass.crypto.Identity;
import dev.cutlass.crypto.PeerId;
import java.security.SecureRandom;
import java.util.Random;

/** Identities that a seed repeats. */
final class Peers {
    private Peers() {}

    static Identity identity(long seed) {
        Random random = new Random(seed);
        return Identity.generate(new SecureRandom() {
            private static final long serialVersionUID = 1L;

            @Override
            public void nextBytes(byte[] bytes) {
                random.nextBytes(bytes);
            }
        });
    }

    static PeerId peer(long seed) {
        try (Identity identity = identity(seed)) {
            return identity.id();
        }
    }
}
