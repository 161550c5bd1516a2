package dev.cutlass.engine;

import dev.cutlass.event.ChannelState;
import dev.cutlass.event.DeliveryFailure;
import dev.cutlass.event.Message;
import dev.cutlass.proto.message.Conversation;
import dev.cutlass.proto.message.MessageCodec;
import dev.cutlass.proto.message.Outcome;
import dev.cutlass.proto.message.Outgoing;
import dev.cutlass.wire.MessageClass;
import dev.cutlass.wire.ReceiptFrame;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Messages of ours from the application to the outbox, and what became of them. Any thread: each method that does not end in Locked takes the peer's lock. */
final class SendingSide {
    private final Handle handle;
    private final Driver driver;
    private final HighWater highWater;

    SendingSide(Handle handle, Driver driver, HighWater highWater) {
        this.handle = handle;
        this.driver = driver;
        this.highWater = highWater;
    }

    /**
     * Sends on this thread what may leave now; the rest waits.
     *
     * @param channel null for the default one
     * @param patient whether it waits beyond the high-water mark
     * @return null if it is not patient, and there is no room
     */
    @Nullable
    Sending send(PeerEntry peer, @Nullable ChannelEntry channel, Message message, boolean patient, long now) {
        final byte[] encoded = MessageCodec.encode(message);
        final MessageClass of = channel == null ? MessageClass.MESSAGES : channel.messageClass();
        peer.lock.lock();
        try {
            final boolean over = channel != null && channel.state() == ChannelState.CLOSED;
            if (!patient && !over && !highWater.hasRoomLocked(peer, of)) {
                return null;
            }
            final Sending sending = new Sending(peer, of, this, handle.executor());
            final Outgoing outgoing =
                    over ? null : peer.conversation.of(of).offer(channel == null ? 0 : channel.number, encoded);
            if (over) {
                peer.settledLocked(sending, DeliveryFailure.NO_SUCH_CHANNEL);
            } else if (outgoing == null) {
                peer.settledLocked(sending, DeliveryFailure.OUTBOX_FULL);
            } else {
                sending.outgoing = outgoing;
                outgoing.attach(sending);
                peer.addUnsettledLocked(sending);
                final ConnectionEntry used = peer.current;
                if (used != null && !used.connection.isAhead(now)) {
                    used.connection.flush(now);
                    driver.settleLocked(peer, now);
                }
                final OfflineSide offline = handle.offline();
                if (offline != null && channel == null) {
                    offline.sending().wakeLocked(peer, now);
                }
            }
            return sending;
        } finally {
            driver.leave(peer, now);
        }
    }

    /** When {@link #send} has room for the impatient; nothing of the application may hang on it. */
    CompletableFuture<Void> whenRoom(PeerEntry peer, @Nullable ChannelEntry channel) {
        peer.lock.lock();
        try {
            return highWater.whenRoomLocked(peer, channel == null ? MessageClass.MESSAGES : channel.messageClass());
        } finally {
            peer.lock.unlock();
        }
    }

    void abandon(Sending sending, PeerEntry peer) {
        final long now = handle.now();
        driver.step(
                peer,
                () -> {
                    final Outgoing outgoing = sending.outgoing;
                    if (outgoing != null && !outgoing.isSettled()) {
                        peer.conversation.of(sending.messageClass).abandon(outgoing);
                        if (peer.current != null) {
                            peer.current.connection.flush(now);
                        }
                    }
                },
                now);
    }

    /** Tells the application what was settled meanwhile. */
    void settleLocked(PeerEntry peer) {
        boolean any = settleLocked(peer, peer.conversation);
        final Conversation bulk = peer.conversation.bulk();
        if (bulk != null) {
            any |= settleLocked(peer, bulk);
        }
        if (any) {
            highWater.onSettledLocked(peer);
        }
    }

    private static boolean settleLocked(PeerEntry peer, Conversation part) {
        boolean any = false;
        for (Outgoing settled = part.pollSettled(); settled != null; settled = part.pollSettled()) {
            onSettledLocked(peer, settled);
            any = true;
        }
        return any;
    }

    private static void onSettledLocked(PeerEntry peer, Outgoing settled) {
        if (!(settled.attachment() instanceof Sending sending)) {
            return;
        }
        peer.removeUnsettledLocked(sending);
        peer.settledLocked(
                sending,
                settled.outcome() == Outcome.DELIVERED
                        ? null
                        : settled.outcome() == Outcome.ABANDONED ? DeliveryFailure.ABANDONED : refusal(settled.code()));
    }

    private static DeliveryFailure refusal(long code) {
        if (code == ReceiptFrame.NOT_PERMITTED) {
            return DeliveryFailure.NOT_PERMITTED;
        }
        return code == ReceiptFrame.NO_SUCH_CHANNEL ? DeliveryFailure.NO_SUCH_CHANNEL : DeliveryFailure.INVALID;
    }
}
