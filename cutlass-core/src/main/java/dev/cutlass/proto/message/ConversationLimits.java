package dev.cutlass.proto.message;

import dev.cutlass.wire.MessageFrame;

/**
 * Bounds of the memory that one conversation takes.
 *
 * @param maxQueued messages in the outbox, 1 and up
 * @param maxQueuedBytes bytes in the outbox, room for one message of the greatest length and up
 * @param maxHeldBytes bytes of messages that the peer started and nobody took yet. Flow control keeps an honest peer at
 *     the window of its connection; two connections may overlap for a moment, so this is larger than a window
 */
public record ConversationLimits(int maxQueued, long maxQueuedBytes, long maxHeldBytes) {
    /** What a message takes beside its bytes, in the outbox and in flow control: docs/protocol.md section 5.2. */
    public static final int OVERHEAD = 64;

    /** The greatest cost of a message. */
    public static final int MAX_COST = MessageFrame.MAX_TOTAL + OVERHEAD;

    /** 1,000 messages, 8 MiB queued, 10 MiB held: two connections, each with a window that grew. */
    public static final ConversationLimits DEFAULT = new ConversationLimits(1_000, 8 << 20, 10 << 20);

    public ConversationLimits {
        if (maxQueued < 1 || maxQueuedBytes < MAX_COST || maxHeldBytes < MAX_COST) {
            throw new IllegalArgumentException("outbox of " + maxQueued + " messages and " + maxQueuedBytes + " bytes, "
                    + maxHeldBytes + " bytes held; at least 1, " + MAX_COST + " and " + MAX_COST);
        }
    }

    static int cost(int total) {
        return total + OVERHEAD;
    }
}
