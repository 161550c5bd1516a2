package dev.cutlass.proto.message;

import dev.cutlass.wire.ReceiptFrame;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Receipts that wait for a packet; neighbours become one range. A ring that grows by doubling: nothing is allocated for a receipt. Threads: none. */
final class Receipts {
    /** Ranges that wait; a peer that repeats so many messages in disorder is no longer answered about each. */
    static final int MAX_REPEATS = 1_024;

    /**
     * Ranges that wait at all: more messages than a window of 1 MiB that grew as far as it may lets under way, so what is accepted for the first time
     * always fits.
     */
    static final int MAX_RANGES = (1 << 20) * ConversationLimits.MAX_WINDOW_GROWTH / ConversationLimits.OVERHEAD;

    private static final int SMALLEST = 2;

    // What is kept of a range: one long each.
    private static final int CHANNEL = 0;
    private static final int FIRST = 1;
    private static final int COUNT = 2;
    private static final int CODE = 3;
    private static final int FIELDS = 4;

    /** The last one may still grow. */
    private long[] ring = new long[SMALLEST * FIELDS];

    private int head;
    private int size;

    /** A message was accepted or refused for the first time. */
    void add(long channel, long number, long outcome) {
        add(channel, number, 1, outcome, MAX_RANGES);
    }

    /** A message came again. */
    void repeat(long channel, long number, long outcome) {
        add(channel, number, 1, outcome, MAX_REPEATS);
    }

    /** A receipt was lost. */
    void repeat(ReceiptFrame receipt) {
        add(receipt.channel(), receipt.first(), receipt.count(), receipt.code(), MAX_REPEATS);
    }

    private void add(long channel, long from, long howMany, long outcome, int max) {
        if (size > 0) {
            final int last = at(size - 1);
            final long first = ring[last + FIRST];
            final long count = ring[last + COUNT];
            if (ring[last + CHANNEL] == channel && ring[last + CODE] == outcome) {
                if (first + count == from) {
                    ring[last + COUNT] = count + howMany;
                    return;
                }
                if (first <= from && from + howMany <= first + count) {
                    return;
                }
            }
        }
        if (size >= max) {
            return;
        }
        if (size == capacity()) {
            grow();
        }
        final int added = at(size++);
        ring[added + CHANNEL] = channel;
        ring[added + FIRST] = from;
        ring[added + COUNT] = howMany;
        ring[added + CODE] = outcome;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** The oldest one, which is {@code frame} from now on and waits no more; null if there is none. */
    @Nullable
    ReceiptFrame poll(ReceiptFrame frame) {
        if (size == 0) {
            return null;
        }
        final int oldest = at(0);
        head = (head + 1) & (capacity() - 1);
        size--;
        return frame.fill(ring[oldest + CHANNEL], ring[oldest + FIRST], ring[oldest + COUNT], ring[oldest + CODE]);
    }

    private int capacity() {
        return ring.length / FIELDS; // a power of two
    }

    private int at(int index) {
        return ((head + index) & (capacity() - 1)) * FIELDS;
    }

    private void grow() {
        final long[] grown = Arrays.copyOf(ring, 2 * ring.length);
        final int untilEnd = (capacity() - head) * FIELDS;
        System.arraycopy(ring, head * FIELDS, grown, 0, untilEnd);
        System.arraycopy(ring, 0, grown, untilEnd, head * FIELDS);
        ring = grown;
        head = 0;
    }
}
