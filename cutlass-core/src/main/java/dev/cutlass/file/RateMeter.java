package dev.cutlass.file;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How fast something goes: bytes per second over the last seconds, as a person wants to see it. One thread at a time; times in ticker nanos. */
public final class RateMeter {
    private static final long SLOT_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /** Five seconds: short enough to follow, long enough not to jump. */
    private static final int SLOTS = 20;

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** More is no prediction. */
    private static final Duration LONGEST = Duration.ofDays(365);

    private final long[] bytes = new long[SLOTS];
    private final long start;
    private long slot;
    private long total;

    /** Begins to count. */
    public RateMeter(long now) {
        start = now;
        slot = now / SLOT_NANOS;
    }

    /** So many bytes more. */
    public void add(long count, long now) {
        advance(now);
        bytes[(int) (slot % SLOTS)] += count;
        total += count;
    }

    private void advance(long now) {
        final long to = now / SLOT_NANOS;
        if (to - slot >= SLOTS) {
            Arrays.fill(bytes, 0);
            slot = to;
        }
        while (slot < to) {
            slot++;
            bytes[(int) (slot % SLOTS)] = 0;
        }
    }

    /** All that was counted. */
    public long total() {
        return total;
    }

    /** Bytes a second, 0 if nothing came lately. */
    public long perSecond(long now) {
        advance(now);
        final long from = Math.max(start, (slot - SLOTS + 1) * SLOT_NANOS);
        final long nanos = Math.max(now - from, SLOT_NANOS);
        return (long) (Arrays.stream(bytes).sum() * ((double) SECOND / nanos));
    }

    /** How long the rest will take at this rate; null if that cannot be said. */
    public @Nullable Duration left(long rest, long now) {
        final long rate = perSecond(now);
        if (rate == 0) {
            return rest == 0 ? Duration.ZERO : null;
        }
        final long seconds = (rest + rate - 1) / rate;
        return seconds > LONGEST.toSeconds() ? null : Duration.ofSeconds(seconds);
    }
}
