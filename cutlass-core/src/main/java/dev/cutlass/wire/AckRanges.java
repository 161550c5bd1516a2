package dev.cutlass.wire;

import java.util.Arrays;

/**
 * Packet numbers as ranges from the highest to the lowest, with at least one number missing between two of them. 1 to
 * {@link #MAX_RANGES} ranges.
 */
public final class AckRanges {
    /** The first range and 64 further ones: docs/protocol.md section 5. */
    public static final int MAX_RANGES = 65;

    /** Most paths lose little. */
    private static final int FIRST_RANGES = 4;

    /** Largest and smallest of each range in turn, of the first {@link #count} ranges. */
    private long[] bounds;

    private int count;

    private AckRanges(long[] bounds, int count) {
        this.bounds = bounds;
        this.count = count;
    }

    /** One to be filled, again and again, by the frame that owns it. */
    static AckRanges reusable() {
        return new AckRanges(new long[2 * FIRST_RANGES], 0);
    }

    /** Becomes empty, with room for so many ranges. */
    void clear(int ranges) {
        if (bounds.length < 2 * ranges) {
            bounds = new long[2 * MAX_RANGES]; // once
        }
        count = 0;
    }

    /** The next lower range; there has to be room. */
    void add(long largest, long smallest) {
        bounds[2 * count] = largest;
        bounds[2 * count + 1] = smallest;
        count++;
    }

    /**
     * Ranges from largest and smallest in turn, highest range first: {@code of(9, 7, 3, 3)} is 9, 8, 7 and 3.
     *
     * @throws IllegalArgumentException if empty, not descending, touching, out of range or more than {@link #MAX_RANGES}
     */
    public static AckRanges of(long... largestAndSmallest) {
        if (!isValid(largestAndSmallest)) {
            throw new IllegalArgumentException("no descending ranges: " + Arrays.toString(largestAndSmallest));
        }
        return new AckRanges(largestAndSmallest.clone(), largestAndSmallest.length / 2);
    }

    /** These ranges as a value of their own. */
    AckRanges copy() {
        return of(Arrays.copyOf(bounds, 2 * count));
    }

    private static boolean isValid(long[] bounds) {
        if (bounds.length == 0 || bounds.length % 2 != 0 || bounds.length > 2 * MAX_RANGES || !Varint.fits(bounds[0])) {
            return false;
        }
        long below = Long.MAX_VALUE;
        for (int i = 0; i < bounds.length; i += 2) {
            if (bounds[i] >= below - 1 || bounds[i + 1] > bounds[i] || bounds[i + 1] < 0) {
                return false;
            }
            below = bounds[i + 1];
        }
        return true;
    }

    /** How many ranges. */
    public int count() {
        return count;
    }

    /** Largest number of range {@code index}; range 0 is the highest. */
    public long largest(int index) {
        return bounds[2 * index];
    }

    /** Smallest number of range {@code index}. */
    public long smallest(int index) {
        return bounds[2 * index + 1];
    }

    public boolean contains(long number) {
        for (int i = 0; i < count; i++) {
            if (number >= smallest(i)) {
                return number <= largest(i);
            }
        }
        return false;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AckRanges that && Arrays.equals(bounds, 0, 2 * count, that.bounds, 0, 2 * that.count);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(Arrays.copyOf(bounds, 2 * count));
    }

    @Override
    public String toString() {
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(i == 0 ? "" : " ").append(largest(i)).append("..").append(smallest(i));
        }
        return text.toString();
    }
}
