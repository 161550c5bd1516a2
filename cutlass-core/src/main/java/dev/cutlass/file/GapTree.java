package dev.cutlass.file;

import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What is missing, as an ordered tree of ranges of numbers: blocks of a file, or entries of a folder. Ranges are disjoint and never touch. As the original wanted it: a sorted red-black tree of
 * start and end (which {@link TreeMap} is). One thread at a time.
 */
public final class GapTree {
    /** What {@link #nextMissing} answers when nothing is. */
    public static final long NONE = -1;

    private final NavigableMap<Long, Long> endByFirst = new TreeMap<>();
    private long missing;

    /** Takes ranges, in ascending order. */
    @FunctionalInterface
    public interface RangeVisitor {
        /** The numbers from {@code first} to before {@code end}. */
        void onRange(long first, long end);
    }

    private GapTree() {}

    /**
     * All of the numbers from 0 to before {@code end} are missing.
     *
     * @param end 0 and up
     */
    public static GapTree all(long end) {
        final GapTree gaps = new GapTree();
        gaps.open(0, end);
        return gaps;
    }

    /** Nothing is missing. */
    public static GapTree none() {
        return new GapTree();
    }

    /** The same, independent from now on. */
    public GapTree copy() {
        final GapTree copy = new GapTree();
        copy.endByFirst.putAll(endByFirst);
        copy.missing = missing;
        return copy;
    }

    /**
     * These are there now. Those that were there before, or are not of this tree, do not matter.
     *
     * @return how many of them were missing
     */
    public long fill(long first, long end) {
        if (first >= end) {
            return 0;
        }
        final long before = missing;
        final Map.Entry<Long, Long> lower = endByFirst.lowerEntry(first);
        if (lower != null && lower.getValue() > first) {
            endByFirst.put(lower.getKey(), first);
            missing -= lower.getValue() - first;
            putIfAny(end, lower.getValue());
        }
        final Iterator<Map.Entry<Long, Long>> inside =
                endByFirst.subMap(first, end).entrySet().iterator();
        long rest = NONE;
        while (inside.hasNext()) {
            final Map.Entry<Long, Long> gap = inside.next();
            missing -= gap.getValue() - gap.getKey();
            rest = gap.getValue();
            inside.remove();
        }
        putIfAny(end, rest);
        return before - missing;
    }

    private void putIfAny(long from, long to) {
        if (from < to) {
            endByFirst.put(from, to);
            missing += to - from;
        }
    }

    /** These are missing, again or for the first time. */
    public void open(long first, long end) {
        if (first < 0) {
            throw new IllegalArgumentException("first " + first);
        }
        if (first >= end) {
            return;
        }
        long from = first;
        long to = end;
        final Map.Entry<Long, Long> lower = endByFirst.lowerEntry(first);
        if (lower != null && lower.getValue() >= first) {
            from = lower.getKey();
            to = Math.max(to, lower.getValue());
        }
        final Iterator<Map.Entry<Long, Long>> touched =
                endByFirst.subMap(from, true, to, true).entrySet().iterator();
        while (touched.hasNext()) {
            final Map.Entry<Long, Long> gap = touched.next();
            to = Math.max(
                    to, gap.getValue()); // the last one may reach beyond; no other begins there, for gaps do not touch
            missing -= gap.getValue() - gap.getKey();
            touched.remove();
        }
        putIfAny(from, to);
    }

    public boolean isMissing(long number) {
        final Map.Entry<Long, Long> gap = endByFirst.floorEntry(number);
        return gap != null && gap.getValue() > number;
    }

    /** The least number from {@code from} on that is missing, or {@link #NONE}. */
    public long nextMissing(long from) {
        if (isMissing(from)) {
            return from;
        }
        final Long next = endByFirst.ceilingKey(from);
        return next == null ? NONE : next;
    }

    /**
     * Where the gap ends that a number is in: the least greater number that is not missing.
     *
     * @throws IllegalArgumentException if it is not missing
     */
    public long endOfGap(long number) {
        final Map.Entry<Long, Long> gap = endByFirst.floorEntry(number);
        if (gap == null || gap.getValue() <= number) {
            throw new IllegalArgumentException(number + " is not missing");
        }
        return gap.getValue();
    }

    /** How many numbers are missing. */
    public long missing() {
        return missing;
    }

    public boolean isComplete() {
        return missing == 0;
    }

    /** How many ranges there are: what the tree costs in memory, some 100 bytes each. */
    public int ranges() {
        return endByFirst.size();
    }

    /** Tells every range, in ascending order. */
    public void forEach(RangeVisitor visitor) {
        endByFirst.forEach(visitor::onRange);
    }

    /** The ranges as in {@code [0, 5) [9, 10)}. */
    @Override
    public String toString() {
        final StringBuilder text = new StringBuilder();
        forEach((first, end) -> text.append(text.isEmpty() ? "" : " ")
                .append('[')
                .append(first)
                .append(", ")
                .append(end)
                .append(')'));
        return text.toString();
    }
}
