package dev.cutlass.proto.handshake;

import java.security.SecureRandom;
import java.util.SplittableRandom;

/** Randomness that a seed repeats, where the code under test wants it secure. */
final class SeededSecureRandom extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private final transient SplittableRandom source;

    SeededSecureRandom(long seed) {
        source = new SplittableRandom(seed);
    }

    @Override
    public void nextBytes(byte[] bytes) {
        if (source != null) { // the superclass may ask while it is built
            source.nextBytes(bytes);
        }
    }
}
