package dev.cutlass.proto;

import java.util.concurrent.TimeUnit;

/** Lets something happen once per 100 ms on average, and a few times at once. docs/protocol.md sections 3.5 and 5.3. */
final class RateLimit {
    static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final int burst;
    private long nextAt;

    /** @param burst how often at once, at least 1 */
    RateLimit(int burst) {
        this.burst = burst;
    }

    /** Whether it may happen now; if so it counts. */
    boolean tryPass(long now) {
        if (now < nextAt - INTERVAL_NANOS * (burst - 1)) {
            return false;
        }
        nextAt = Math.max(nextAt, now) + INTERVAL_NANOS;
        return true;
    }
}
