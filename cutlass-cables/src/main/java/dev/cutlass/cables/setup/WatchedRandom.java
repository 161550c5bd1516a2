package dev.cutlass.cables.setup;

import java.security.SecureRandom;
import java.util.concurrent.CancellationException;

/**
 * Randomness that tells how often it was drawn from, and throws {@link CancellationException} once its thread is interrupted. To look for primes draws all the time, and the JDK's generator of keys offers no other way to see how it is
 * going, or to stop it.
 */
final class WatchedRandom extends SecureRandom {
    private static final long serialVersionUID = 1;

    @SuppressWarnings("serial") // nobody serializes it
    private final Runnable drawn;

    WatchedRandom(Runnable drawn) {
        this.drawn = drawn;
    }

    @Override
    public void nextBytes(byte[] bytes) {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("interrupted");
        }
        drawn.run();
        super.nextBytes(bytes);
    }
}
