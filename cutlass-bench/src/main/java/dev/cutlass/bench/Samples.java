package dev.cutlass.bench;

import java.util.Arrays;

/** Some numbers, and what can be said about them. One thread. */
public final class Samples {
    private long[] values;
    private int count;
    private boolean sorted;

    public Samples(int expected) {
        values = new long[Math.max(1, expected)];
    }

    public void add(long value) {
        if (count == values.length) {
            values = Arrays.copyOf(values, count * 2);
        }
        values[count++] = value;
        sorted = false;
    }

    public int count() {
        return count;
    }

    /** The smallest value that this share of all does not exceed; 0.5 is the median (of an even number the lower). */
    public long quantile(double share) {
        if (count == 0) {
            throw new IllegalStateException("no samples");
        }
        if (!sorted) {
            Arrays.sort(values, 0, count);
            sorted = true;
        }
        return values[Math.max(0, (int) Math.ceil(share * count) - 1)];
    }

    public long median() {
        return quantile(0.5);
    }
}
