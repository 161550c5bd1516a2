package dev.cutlass.testkit;

import java.security.SecureRandom;
import java.util.SplittableRandom;

/** Anything but secure: everything that it gives follows from a seed, so that a test can be repeated byte for byte. One thread. */
final class SeededSecureRandom extends SecureRandom {
    private static final long serialVersionUID = 1;

    private final transient SplittableRandom random;

    SeededSecureRandom(long seed) {
        this.random = new SplittableRandom(seed);
    }

    @Override
    public void nextBytes(byte[] bytes) {
        random.nextBytes(bytes);
    }

    @Override
    public long nextLong() {
        return random.nextLong();
    }

    @Override
    public int nextInt() {
        return random.nextInt();
    }

    @Override
    public String getAlgorithm() {
        return "SplittableRandom";
    }
}
