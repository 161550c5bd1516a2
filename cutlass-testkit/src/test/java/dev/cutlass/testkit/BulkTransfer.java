package dev.cutlass.testkit;

import dev.cutlass.Channel;
import dev.cutlass.event.Message;

/** Sends over a channel as fast as it takes, as a program does that never polls. */
final class BulkTransfer {
    private final Channel channel;
    private final Message piece;
    private final int count;
    private long sent;

    /** @param count of pieces */
    BulkTransfer(Channel channel, int length, int count) {
        this.channel = channel;
        this.piece = Message.bytes("application/octet-stream", new byte[length]);
        this.count = count;
    }

    void run() {
        while (sent < count) {
            if (channel.trySend(piece).isEmpty()) {
                channel.whenRoom().thenRun(this::run);
                return;
            }
            sent++;
        }
    }

    /** Pieces that the outbox took. */
    long sent() {
        return sent;
    }
}
