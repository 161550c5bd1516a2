package dev.cutlass.examples;

import java.util.Arrays;
import java.util.Locale;

/** Durations, and the share of them that is not longer than a given one. One thread. */
final class Latencies {
    private long[] nanos = new long[64];
    private int count;

    void add(long duration) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * count);
        }
        nanos[count++] = duration;
    }

    /**
     * The smallest of the durations that at least {@code percent} of all do not exceed (the nearest-rank method), in nanoseconds; 0 if there is none.
     *
     * @param percent above 0, at most 100
     */
    long percentile(double percent) {
        if (count == 0) {
            return 0;
        }
        final long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return sorted[(int) Math.ceil(percent / 100 * count) - 1];
    }

    /** Milliseconds with two decimals. */
    static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.2f ms", nanos / 1e6);
    }
}
