package dev.cutlass.proto.handshake;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** When a flight is sent again: 300 ms, doubled up to 5 s, each drawn from 80 % to 120 %. docs/protocol.md section 3.6. */
final class BackOff {
    private static final long FIRST_NANOS = Duration.ofMillis(300).toNanos();
    private static final long MAX_NANOS = Duration.ofSeconds(5).toNanos();
    private static final double MIN_JITTER = 0.8;
    private static final double MAX_JITTER = 1.2;

    private long nextNanos = FIRST_NANOS;

    /** The next wait, in nanoseconds. */
    long next(RandomGenerator random) {
        long wait = (long) (nextNanos * random.nextDouble(MIN_JITTER, MAX_JITTER));
        nextNanos = Math.min(2 * nextNanos, MAX_NANOS);
        return wait;
    }
}
