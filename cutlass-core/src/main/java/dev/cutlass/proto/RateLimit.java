package dev.cutlass.proto;

import java.util.concurrent.TimeUnit;

/** Lets something happen once in a time on average, and a few times at once. */
final class RateLimit {
    /** docs/protocol.md sections 3.5 and 5.3. */
    static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final int burst;
    private final long interval;
    private long nextAt;

    /** @param burst how often at once, at least 1 */
    RateLimit(int burst) {
        this(burst, INTERVAL_NANOS);
    }

    /** @param interval nanoseconds from one to the next, on average */
    RateLimit(int burst, long interval) {
        this.burst = burst;
        this.interval = interval;
    }

    /** Whether it may happen now; if so it counts. */
    boolean tryPass(long now) {
        if (now < nextAt - interval * (burst - 1)) {
            return false;
        }
        nextAt = Math.max(nextAt, now) + interval;
        return true;
    }
}
