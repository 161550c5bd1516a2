package dev.cutlass.proto.message;

import dev.cutlass.wire.ReceiptFrame;
import org.jspecify.annotations.Nullable;

/** Receipts that wait for a packet; neighbours become one range. */
final class Receipts {
    /** Ranges that wait; a peer that repeats so many messages in disorder is no longer answered about each. */
    static final int MAX_REPEATS = 1_024;

    /**
     * Ranges that wait at all: more messages than a window of 1 MiB lets under way, so what is accepted for the first time
     * always fits.
     */
    static final int MAX_RANGES = 32_768;

    private final LazyQueue<ReceiptFrame> waiting = new LazyQueue<>();

    /** A message was accepted or refused for the first time. */
    void add(long channel, long number, long code) {
        add(new ReceiptFrame(channel, number, 1, code), MAX_RANGES);
    }

    /** A message came again, or a receipt was lost. */
    void repeat(ReceiptFrame receipt) {
        add(receipt, MAX_REPEATS);
    }

    private void add(ReceiptFrame receipt, int max) {
        final ReceiptFrame last = waiting.peekLast();
        if (last != null && last.channel() == receipt.channel() && last.code() == receipt.code()) {
            if (last.last() + 1 == receipt.first()) {
                waiting.replaceLast(
                        new ReceiptFrame(last.channel(), last.first(), last.count() + receipt.count(), last.code()));
                return;
            }
            if (last.first() <= receipt.first() && receipt.last() <= last.last()) {
                return;
            }
        }
        if (waiting.size() < max) {
            waiting.add(receipt);
        }
    }

    void trim() {
        waiting.trim();
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    @Nullable
    ReceiptFrame poll() {
        return waiting.poll();
    }
}
