package dev.cutlass.crypto.noise;

import java.util.Random;

/** Secrets as a handshake would give them, without the handshake. */
public final class SecretsOfTests {
    private SecretsOfTests() {}

    /** The same for both sides. */
    public static SessionSecrets of(long seed) {
        final Random random = new Random(seed);
        final byte[][] parts = new byte[3][32];
        for (byte[] part : parts) {
            random.nextBytes(part);
        }
        return new SessionSecrets(parts[0], parts[1], parts[2]);
    }
}
