package dev.cutlass.proto.handshake;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * When a flight is sent again: 300 ms, doubled up to 5 s, each drawn from 80 % to 120 %; to a responder in a flood 8 times after 300 ms before it is doubled. docs/protocol.md section 3.6.
 */
final class BackOff {
    private static final long FIRST_NANOS = Duration.ofMillis(300).toNanos();
    private static final long MAX_NANOS = Duration.ofSeconds(5).toNanos();
    private static final double MIN_JITTER = 0.8;
    private static final double MAX_JITTER = 1.2;

    /** Whoever floods a responder makes it lose one datagram in two or three: 2.4 s of even repetitions come through nearly always, doubled ones take many seconds too often. */
    private static final int STEADY = 8;

    private long nextNanos = FIRST_NANOS;
    private int steady;

    /** @param flooded the responder asked for a cookie: what gets lost there was crowded out by strangers, and waiting longer helps nobody */
    BackOff(boolean flooded) {
        steady = flooded ? STEADY : 0;
    }

    /** The next wait, in nanoseconds. */
    long next(RandomGenerator random) {
        long wait = (long) (nextNanos * random.nextDouble(MIN_JITTER, MAX_JITTER));
        if (steady > 0) {
            steady--;
        } else {
            nextNanos = Math.min(2 * nextNanos, MAX_NANOS);
        }
        return wait;
    }
}
