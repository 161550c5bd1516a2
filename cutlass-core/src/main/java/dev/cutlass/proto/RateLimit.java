package dev.cutlass.proto;

/** Lets something happen once per interval on average, and a few times at once. */
final class RateLimit {
    private final long interval;
    private final long tolerance;
    private long nextAt;

    /** @param burst how often at once, at least 1 */
    RateLimit(long interval, int burst) {
        this.interval = interval;
        this.tolerance = interval * (burst - 1);
    }

    /** Whether it may happen now; if so it counts. */
    boolean tryPass(long now) {
        if (now < nextAt - tolerance) {
            return false;
        }
        nextAt = Math.max(nextAt, now) + interval;
        return true;
    }
}
