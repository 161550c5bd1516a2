package dev.cutlass.proto.message;

import dev.cutlass.wire.ReceiptFrame;
import org.jspecify.annotations.Nullable;

/** Receipts that wait for a packet; neighbours become one range. */
final class Receipts {
    /** Ranges that wait; a peer that repeats so many messages in disorder is no longer answered about each. */
    static final int MAX_REPEATS = 1_024;

    /**
     * Ranges that wait at all: more messages than a window of 1 MiB that grew as far as it may lets under way, so what is accepted for the first time
     * always fits.
     */
    static final int MAX_RANGES = (1 << 20) * ConversationLimits.MAX_WINDOW_GROWTH / ConversationLimits.OVERHEAD;

    private final LazyQueue<ReceiptFrame> waiting = new LazyQueue<>();

    // The last one, which may still grow; none if the count is 0.
    private long channel;
    private long first;
    private long count;
    private long code;

    /** A message was accepted or refused for the first time. */
    void add(long ofChannel, long number, long outcome) {
        add(ofChannel, number, 1, outcome, MAX_RANGES);
    }

    /** A message came again, or a receipt was lost. */
    void repeat(ReceiptFrame receipt) {
        add(receipt.channel(), receipt.first(), receipt.count(), receipt.code(), MAX_REPEATS);
    }

    private void add(long ofChannel, long from, long howMany, long outcome, int max) {
        if (count > 0 && channel == ofChannel && code == outcome) {
            if (first + count == from) {
                count += howMany;
                return;
            }
            if (first <= from && from + howMany <= first + count) {
                return;
            }
        }
        if (size() >= max) {
            return;
        }
        if (count > 0) {
            waiting.add(new ReceiptFrame(channel, first, count, code));
        }
        channel = ofChannel;
        first = from;
        count = howMany;
        code = outcome;
    }

    private int size() {
        return waiting.size() + (count > 0 ? 1 : 0);
    }

    boolean isEmpty() {
        return size() == 0;
    }

    @Nullable
    ReceiptFrame poll() {
        if (!waiting.isEmpty() || count == 0) {
            return waiting.poll();
        }
        final ReceiptFrame last = new ReceiptFrame(channel, first, count, code);
        count = 0;
        return last;
    }
}
