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

    /** How many times its first size the window of a connection may have: a power of two. */
    public static final int MAX_WINDOW_GROWTH = 4;

    /** Connections with a window that grew: two may overlap for a moment. */
    private static final int GROWN_WINDOWS = 2;

    /** Connections that have only just begun, and have their first window: a peer that roams may bring some. */
    private static final int FIRST_WINDOWS = 2;

    /** The bounds of an outbox with 1,000 messages and 8 MiB, and of what comes in on connections with windows of 1 MiB. */
    public static final ConversationLimits DEFAULT = new ConversationLimits(1_000, 8 << 20, maxHeldBytes(1 << 20));

    public ConversationLimits {
        if (maxQueued < 1 || maxQueuedBytes < MAX_COST || maxHeldBytes < MAX_COST) {
            throw new IllegalArgumentException("outbox of " + maxQueued + " messages and " + maxQueuedBytes + " bytes, "
                    + maxHeldBytes + " bytes held; at least 1, " + MAX_COST + " and " + MAX_COST);
        }
    }

    /**
     * What an honest peer may have sent before anybody took it.
     *
     * @param window the first one of each connection, in bytes
     */
    public static long maxHeldBytes(long window) {
        return (GROWN_WINDOWS * MAX_WINDOW_GROWTH + FIRST_WINDOWS) * window;
    }

    static int cost(int total) {
        return total + OVERHEAD;
    }
}
