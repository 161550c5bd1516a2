package dev.cutlass.proto.message;

import java.util.Map;
import java.util.TreeMap;

/**
 * A set of message numbers that mostly grow: a floor below which all count as present, and ranges above it. At most
 * {@value #MAX_RANGES} ranges; before there are more, the floor rises over the lowest gap.
 */
final class NumberSet {
    /** An honest peer leaves a gap only where a packet is on its way or lost; this many fit a default outbox. */
    static final int MAX_RANGES = 1_024;

    private long floor;

    /** First number to last. */
    private final TreeMap<Long, Long> ranges = new TreeMap<>();

    /** Adds a number; false if it is there. */
    boolean add(long number) {
        if (number < floor) {
            return false;
        }
        final Map.Entry<Long, Long> below = ranges.floorEntry(number);
        if (below != null && below.getValue() >= number) {
            return false;
        }
        final Long lastAbove = ranges.remove(number + 1);
        final long last = lastAbove == null ? number : lastAbove;
        if (below != null && below.getValue() == number - 1) {
            ranges.put(below.getKey(), last);
        } else {
            ranges.put(number, last);
        }
        absorb();
        return true;
    }

    boolean contains(long number) {
        if (number < floor) {
            return true;
        }
        final Map.Entry<Long, Long> below = ranges.floorEntry(number);
        return below != null && below.getValue() >= number;
    }

    /** All numbers below {@code least} count as present from now on. */
    void raiseFloor(long least) {
        if (least > floor) {
            floor = least;
            absorb();
        }
    }

    private void absorb() {
        while (!ranges.isEmpty() && (ranges.firstKey() <= floor || ranges.size() > MAX_RANGES)) {
            floor = Math.max(floor, ranges.pollFirstEntry().getValue() + 1);
        }
    }

    int ranges() {
        return ranges.size();
    }
}
