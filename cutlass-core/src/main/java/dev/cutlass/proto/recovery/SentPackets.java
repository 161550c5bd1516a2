package dev.cutlass.proto.recovery;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Packets of one path that nobody has acknowledged yet, in ascending order of their numbers: a ring of parallel arrays that
 * grows by doubling. Indexes count from the oldest packet. A packet that is done with leaves a gap, which disappears when it is the oldest.
 *
 * @param <C> what a packet carried
 */
final class SentPackets<C> {
    private static final int SMALLEST = 8;

    /** Marks a packet that is done with. */
    private static final int GONE = -1;

    /** Shared by all connections at rest. */
    private static final long[] NO_LONGS = {};

    private static final int[] NO_INTS = {};
    private static final @Nullable Object[] NO_CONTENTS = {};

    private long[] numbers = NO_LONGS;
    private long[] times = NO_LONGS;
    private int[] sizes = NO_INTS;
    private @Nullable Object[] contents = NO_CONTENTS;
    private int head;
    private int count;

    int count() {
        return count;
    }

    /** @param bytes 0: the packet does not count as in flight */
    void add(long number, int bytes, @Nullable C content, long now) {
        if (count == numbers.length) {
            resize(Math.max(SMALLEST, 2 * count));
        }
        final int slot = slot(count++);
        numbers[slot] = number;
        times[slot] = now;
        sizes[slot] = bytes;
        contents[slot] = content;
    }

    long number(int index) {
        return numbers[slot(index)];
    }

    long sentAt(int index) {
        return times[slot(index)];
    }

    /** 0 if the packet does not count as in flight. */
    int bytes(int index) {
        return sizes[slot(index)];
    }

    boolean isGone(int index) {
        return sizes[slot(index)] == GONE;
    }

    /** Takes the content out; the packet stays. */
    @SuppressWarnings("unchecked") // only add() writes there
    @Nullable
    C takeContent(int index) {
        final int slot = slot(index);
        final C content = (C) contents[slot];
        contents[slot] = null;
        return content;
    }

    boolean hasContent(int index) {
        return contents[slot(index)] != null;
    }

    void remove(int index) {
        final int slot = slot(index);
        sizes[slot] = GONE;
        contents[slot] = null;
    }

    /** The index of the first packet whose number is at least {@code number}. */
    int firstFrom(long number) {
        int low = 0;
        int high = count;
        while (low < high) {
            final int middle = (low + high) >>> 1;
            if (number(middle) < number) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Forgets the oldest packets that are gone or do not count as in flight. Indexes shift. */
    void dropSettledHead() {
        while (count > 0 && bytes(0) <= 0) {
            contents[head] = null;
            head = slot(1);
            count--;
        }
    }

    /** Gives back memory; for connections at rest. */
    void trim() {
        if (count == 0) {
            numbers = NO_LONGS;
            times = NO_LONGS;
            sizes = NO_INTS;
            contents = NO_CONTENTS;
            head = 0;
        }
    }

    private int slot(int index) {
        return (head + index) & (numbers.length - 1); // lengths are powers of two
    }

    private void resize(int capacity) {
        final long[] newNumbers = new long[capacity];
        final long[] newTimes = new long[capacity];
        final int[] newSizes = new int[capacity];
        final @Nullable Object[] newContents = new @Nullable Object[capacity];
        for (int i = 0; i < count; i++) {
            final int slot = slot(i);
            newNumbers[i] = numbers[slot];
            newTimes[i] = times[slot];
            newSizes[i] = sizes[slot];
            newContents[i] = contents[slot];
        }
        Arrays.fill(contents, null);
        numbers = newNumbers;
        times = newTimes;
        sizes = newSizes;
        contents = newContents;
        head = 0;
    }
}
