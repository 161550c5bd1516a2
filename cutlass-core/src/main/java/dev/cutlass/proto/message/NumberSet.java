package dev.cutlass.proto.message;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A set of message numbers that mostly grow: a floor below which all count as present, and ranges above it. At most
 * {@value #MAX_RANGES} ranges; before there are more, the floor rises over the lowest gap.
 */
final class NumberSet {
    /** An honest peer leaves a gap only where a packet is on its way or lost; this many fit a default outbox. */
    static final int MAX_RANGES = 1_024;

    private long floor;

    /** First number to last; null while there are none, which is the usual case. */
    private @Nullable TreeMap<Long, Long> ranges;

    /** @param bounds of ranges, the first number and the last one in turn; ascending, and apart */
    static NumberSet of(long[] bounds) {
        final NumberSet numbers = new NumberSet();
        final TreeMap<Long, Long> above = new TreeMap<>();
        for (int i = 0; i < bounds.length; i += 2) {
            above.put(bounds[i], bounds[i + 1]);
        }
        numbers.ranges = above;
        numbers.absorb();
        return numbers;
    }

    /** Adds a number; false if it is there. */
    boolean add(long number) {
        if (number < floor) {
            return false;
        }
        TreeMap<Long, Long> above = ranges;
        if (above == null) {
            if (number == floor) {
                floor++;
                return true;
            }
            above = new TreeMap<>();
            ranges = above;
        }
        final Map.Entry<Long, Long> below = above.floorEntry(number);
        if (below != null && below.getValue() >= number) {
            return false;
        }
        final Long lastAbove = above.remove(number + 1);
        final long last = lastAbove == null ? number : lastAbove;
        if (below != null && below.getValue() == number - 1) {
            above.put(below.getKey(), last);
        } else {
            above.put(number, last);
        }
        absorb();
        return true;
    }

    boolean contains(long number) {
        if (number < floor) {
            return true;
        }
        final Map.Entry<Long, Long> below = ranges == null ? null : ranges.floorEntry(number);
        return below != null && below.getValue() >= number;
    }

    /** The lowest number from {@code from} on that is not here. */
    long firstMissing(long from) {
        final long start = Math.max(from, floor);
        final Map.Entry<Long, Long> below = ranges == null ? null : ranges.floorEntry(start);
        return below == null || below.getValue() < start ? start : below.getValue() + 1;
    }

    /** Adds a range that is not empty, and above all that is here. */
    void append(long first, long last) {
        TreeMap<Long, Long> above = ranges;
        if (above == null) {
            above = new TreeMap<>();
            ranges = above;
        }
        final Map.Entry<Long, Long> end = above.lastEntry();
        above.put(end != null && end.getValue() == first - 1 ? end.getKey() : first, last);
        absorb();
    }

    /** All numbers below {@code least} count as present from now on. */
    void raiseFloor(long least) {
        if (least > floor) {
            floor = least;
            absorb();
        }
    }

    private void absorb() {
        final TreeMap<Long, Long> above = ranges;
        if (above == null) {
            return;
        }
        while (!above.isEmpty() && (above.firstKey() <= floor || above.size() > MAX_RANGES)) {
            floor = Math.max(floor, above.pollFirstEntry().getValue() + 1);
        }
        if (above.isEmpty()) {
            ranges = null;
        }
    }

    int ranges() {
        return ranges == null ? 0 : ranges.size();
    }
}
