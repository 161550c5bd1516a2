package dev.cutlass.file;

import java.util.concurrent.TimeUnit;

/** A limit of bytes per second. One thread at a time; times in ticker nanos. */
public final class TokenBucket {
    /** No limit. */
    public static final long UNLIMITED = 0;

    /** What may go at once: a tenth of a second, but a block in any case, else a slow limit would never let one pass. */
    private static final long BURSTS_PER_SECOND = 10;

    private static final long LEAST_BURST = 65_536;
    private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

    private long perSecond;
    private double tokens;
    private long updated;

    /** @param perSecond bytes, or {@link #UNLIMITED} */
    public TokenBucket(long perSecond, long now) {
        checkRate(perSecond);
        this.perSecond = perSecond;
        this.tokens = burst();
        this.updated = now;
    }

    private static void checkRate(long perSecond) {
        if (perSecond < 0) {
            throw new IllegalArgumentException("bytes per second: " + perSecond + "; allowed: 0 (no limit) and up");
        }
    }

    private long burst() {
        return Math.max(perSecond / BURSTS_PER_SECOND, LEAST_BURST);
    }

    /** Another limit from now on. */
    public void limit(long bytesPerSecond, long now) {
        checkRate(bytesPerSecond);
        update(now);
        perSecond = bytesPerSecond;
        tokens = Math.min(tokens, (double) burst());
    }

    private void update(long now) {
        tokens = Math.min((double) burst(), tokens + perSecond * (Math.max(0, now - updated) / SECOND));
        updated = Math.max(updated, now);
    }

    /** How many bytes may go now. */
    public long available(long now) {
        if (perSecond == UNLIMITED) {
            return Long.MAX_VALUE;
        }
        update(now);
        return (long) Math.max(0, tokens);
    }

    /** So many went. May be more than was there: then it takes longer until something is again. */
    public void take(long bytes, long now) {
        if (perSecond != UNLIMITED) {
            update(now);
            tokens -= bytes;
        }
    }

    /** When so many bytes may go, at most a burst of them: now or later. */
    public long readyAt(long bytes, long now) {
        if (perSecond == UNLIMITED) {
            return now;
        }
        update(now);
        final double lacking = Math.min(bytes, burst()) - tokens;
        return lacking <= 0 ? now : now + (long) Math.ceil(lacking / perSecond * SECOND);
    }
}
