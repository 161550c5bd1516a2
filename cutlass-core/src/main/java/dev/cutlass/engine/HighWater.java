package dev.cutlass.engine;

import dev.cutlass.event.DeliveryFailedException;
import dev.cutlass.event.DeliveryFailure;
import dev.cutlass.proto.message.Conversation;
import dev.cutlass.proto.message.ConversationLimits;
import dev.cutlass.wire.MessageClass;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * When an outbox has room: below the mark, and once that was reached not before half of it is free, so that who waits sends many messages in a row. One for all peers; all methods are called with the
 * peer's lock held.
 */
final class HighWater {
    private final long bytes;
    private final int messages;

    /** @param bytes as the application set it; at the mark a message of any length still fits the outbox */
    HighWater(long bytes, ConversationLimits outbox) {
        this.bytes = Math.min(bytes, outbox.maxQueuedBytes() - ConversationLimits.MAX_COST);
        this.messages = outbox.maxQueued();
    }

    boolean hasRoomLocked(PeerEntry peer, MessageClass of) {
        final Conversation part = existing(peer, of);
        return part == null || (part.queuedBytes() < bytes && part.queued() < messages);
    }

    private static @Nullable Conversation existing(PeerEntry peer, MessageClass of) {
        return of == MessageClass.MESSAGES ? peer.conversation : peer.conversation.bulk();
    }

    /** Complete, or completed on any thread without a lock: nothing of the application may hang on it. */
    CompletableFuture<Void> whenRoomLocked(PeerEntry peer, MessageClass of) {
        if (hasRoomLocked(peer, of)) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> waiting = peer.roomAwaited(of);
        if (waiting == null) {
            waiting = new CompletableFuture<>();
            peer.roomAwaited(of, waiting);
        }
        return waiting;
    }

    /** Something was settled. */
    void onSettledLocked(PeerEntry peer) {
        for (MessageClass of : PeerEntry.CLASSES) {
            final CompletableFuture<Void> waiting = peer.roomAwaited(of);
            final Conversation part = waiting == null ? null : existing(peer, of);
            if (waiting != null && part != null && part.queuedBytes() <= bytes / 2 && part.queued() <= messages / 2) {
                peer.roomAwaited(of, null);
                peer.afterwardsLocked(() -> waiting.complete(null));
            }
        }
    }

    /** Nothing will be sent to the peer any more. */
    static void failLocked(PeerEntry peer, DeliveryFailure why) {
        for (MessageClass of : PeerEntry.CLASSES) {
            final CompletableFuture<Void> waiting = peer.roomAwaited(of);
            if (waiting != null) {
                peer.roomAwaited(of, null);
                peer.afterwardsLocked(() -> waiting.completeExceptionally(new DeliveryFailedException(why)));
            }
        }
    }
}
