package dev.cutlass.engine;

import dev.cutlass.event.ChannelClass;
import dev.cutlass.event.DeliveryFailure;
import dev.cutlass.event.Message;
import dev.cutlass.event.PeerState;
import dev.cutlass.wire.MessageClass;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Messages to a peer and channels with it, as the application, or a service of ours, asks for them. Any thread, without a lock: what can leave leaves on the spot.
 */
public final class Messaging {
    private final Handle handle;

    Messaging(Handle handle) {
        this.handle = handle;
    }

    /** Our channel with this service and class; opened if there is none. */
    public ChannelEntry channel(PeerEntry peer, String service, long version, ChannelClass as, Object handler) {
        handle.checkRunning();
        final MessageClass of = ChannelEntry.checked(as);
        final ChannelEntry.Service wanted = ChannelEntry.Service.checked(service, version);
        final long now = handle.now();
        final @Nullable ChannelEntry[] channel = new @Nullable ChannelEntry[1];
        handle.driver()
                .step(
                        peer,
                        () -> channel[0] = peer.channelsLocked(handle.id()).openLocked(wanted, of, handler, now),
                        now);
        final ChannelEntry opened = channel[0];
        if (opened == null) {
            throw new IllegalStateException(
                    "channel: " + PeerChannels.MAX_OURS + " are open with " + peer.id() + " already; use one of them");
        }
        return opened;
    }

    /** All of a peer beside the default one. */
    public List<ChannelEntry> channels(PeerEntry peer) {
        peer.lock.lock();
        try {
            return peer.channels == null ? List.of() : peer.channels.allLocked();
        } finally {
            peer.lock.unlock();
        }
    }

    /** Sends over a channel; null is the default one. Waits in the outbox, whose limit alone makes it fail. */
    public Sending send(PeerEntry peer, @Nullable ChannelEntry channel, Message message) {
        handle.storage().writeTo(peer);
        return serve(peer, channel, message);
    }

    /** Likewise, for a service of ours that answers a peer: that does not make it one of our contacts. */
    public Sending serve(PeerEntry peer, @Nullable ChannelEntry channel, Message message) {
        final Sending sending = send(peer, channel, message, true);
        if (sending == null) {
            throw new AssertionError("a patient message was refused");
        }
        return sending;
    }

    /** Likewise, but null if the outbox has no room below its high-water mark. */
    public @Nullable Sending trySend(PeerEntry peer, @Nullable ChannelEntry channel, Message message) {
        handle.storage().writeTo(peer);
        return tryServe(peer, channel, message);
    }

    /** Likewise, as {@link #serve}. */
    public @Nullable Sending tryServe(PeerEntry peer, @Nullable ChannelEntry channel, Message message) {
        return send(peer, channel, message, false);
    }

    private @Nullable Sending send(PeerEntry peer, @Nullable ChannelEntry channel, Message message, boolean patient) {
        handle.checkRunning();
        final long now = handle.now();
        final Sending sending = handle.driver().sending().send(peer, channel, message, patient, now);
        if (handle.isOver()) { // closed in this moment, and nobody may look at outboxes any more
            handle.driver().step(peer, () -> peer.failUnsettledLocked(DeliveryFailure.CLOSED), now);
        } else if (peer.state() == PeerState.AWAY) {
            handle.request(time -> handle.redialer().dialForOutbox(peer, time));
        }
        return sending;
    }

    /** When there is room below the high-water mark again; what depends on it runs on the handler executor. */
    public CompletableFuture<Void> whenRoom(PeerEntry peer, @Nullable ChannelEntry channel) {
        handle.checkRunning();
        final CompletableFuture<Void> room = handle.driver().sending().whenRoom(peer, channel);
        if (handle.isOver()) {
            handle.driver().step(peer, () -> peer.failUnsettledLocked(DeliveryFailure.CLOSED), handle.now());
        }
        return room.whenCompleteAsync((nothing, e) -> {}, handle.executor());
    }
}
