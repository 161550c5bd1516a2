package dev.cutlass.engine;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.Message;
import dev.cutlass.event.MessageId;
import dev.cutlass.event.PeerState;
import dev.cutlass.proto.message.MessageCodec;
import dev.cutlass.proto.message.Outgoing;
import dev.cutlass.spi.OfflineDelivery;
import dev.cutlass.spi.OfflineMessage;
import dev.cutlass.wire.Id128;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our messages for a peer that is away: when they are handed over to the offline delivery, and what became of them. Any thread; methods that end in Locked have the peer's lock, the others may not.
 */
final class OfflineSending {
    /** Messages to one peer that are handed over and not confirmed. A mail costs a key exchange, and who gets a hundred from one sender at once takes no more. */
    static final int MAX_UNDER_WAY = 64;

    /** After a failure it may soon fail again. */
    static final long RETRY_NANOS = Duration.ofMinutes(10).toNanos();

    private static final Logger LOG = LoggerFactory.getLogger(OfflineSending.class);

    private final Handle handle;
    private final OfflineSide side;
    private final OfflineDelivery delivery;
    private final long awayNanos;

    OfflineSending(Handle handle, OfflineSide side, EngineConfig.Offline config) {
        this.handle = handle;
        this.side = side;
        this.delivery = config.delivery();
        this.awayNanos = config.away().toNanos();
    }

    /** The peer's connection, or what is to be sent to it, may have changed. */
    void watchLocked(PeerEntry peer, long now) {
        if (peer.state() == PeerState.CONNECTED) {
            if (peer.offline != null) {
                peer.offline.awaySince = OfflinePeer.THERE;
            }
            return;
        }
        if (side.isClosed()) {
            return;
        }
        final OfflinePeer state = side.stateLocked(peer);
        if (state.awaySince == OfflinePeer.THERE) {
            state.awaySince = now;
            state.waiting = true; // what was on its way
        }
        if (state.waiting) {
            handle.schedule(state.timer, Math.max(state.awaySince + awayNanos, Math.max(state.notBefore, now)));
        }
    }

    /** Something new is to be sent, or can be. */
    void wakeLocked(PeerEntry peer, long now) {
        side.stateLocked(peer).waiting = true;
        watchLocked(peer, now);
    }

    /** Hands over what waits, if the peer has been away for long enough. Housekeeping only. */
    void handOver(PeerEntry peer, long now) {
        final String address = handle.storage().offlineAddress(peer.id());
        final List<Outgoing> messages = new ArrayList<>();
        final List<OfflineMessage> batch = new ArrayList<>();
        peer.lock.lock();
        try {
            final OfflinePeer state = side.stateLocked(peer);
            if (peer.state() != PeerState.CONNECTED
                    && state.awaySince != OfflinePeer.THERE
                    && now >= Math.max(state.awaySince + awayNanos, state.notBefore)) {
                state.waiting = false;
                if (!address.isEmpty()) {
                    collectLocked(peer, state, messages, batch);
                }
            }
        } finally {
            peer.lock.unlock();
        }
        if (!batch.isEmpty()) {
            side.execute(() -> send(peer, address, messages, batch));
        }
    }

    private void collectLocked(PeerEntry peer, OfflinePeer state, List<Outgoing> messages, List<OfflineMessage> batch) {
        final List<Outgoing> unsettled = peer.conversation.unsettled();
        final Id128 bootId = handle.local().bootId();
        final Instant time = Instant.ofEpochMilli(handle.wallMillis());
        for (Outgoing outgoing : unsettled) {
            if (state.underWay.size() >= MAX_UNDER_WAY) {
                return; // the next ones follow when something is heard of these
            }
            final MessageId id = new MessageId(bootId.high(), bootId.low(), 0, outgoing.number());
            final Message message = MessageCodec.decode(outgoing.encoded(), id);
            if (message != null && state.underWay.add(outgoing.number())) {
                messages.add(outgoing);
                batch.add(
                        new OfflineMessage(peer.id(), message, unsettled.get(0).number(), time));
            }
        }
    }

    /** On the thread of the offline side. */
    private void send(PeerEntry peer, String address, List<Outgoing> messages, List<OfflineMessage> batch) {
        int sent = 0;
        try {
            while (sent < batch.size() && !side.isClosed()) {
                delivery.send(address, batch.get(sent));
                sent++;
            }
        } catch (IOException e) {
            LOG.info("messages to {} cannot go offline just now, it is tried again: {}", peer.id(), e.toString());
        } catch (RuntimeException e) {
            LOG.error("the offline delivery failed; it is tried again", e);
        }
        final int taken = sent;
        final long now = handle.now();
        handle.driver()
                .step(
                        peer,
                        () -> {
                            messages.subList(0, taken).forEach(Outgoing::sentElsewhere);
                            for (OfflineMessage refused : batch.subList(taken, batch.size())) {
                                retryLaterLocked(peer, refused.id().number(), now);
                            }
                        },
                        now);
    }

    private void retryLaterLocked(PeerEntry peer, long number, long now) {
        final OfflinePeer state = side.stateLocked(peer);
        state.underWay.remove(number);
        state.waiting = true;
        state.notBefore = now + RETRY_NANOS;
    }

    /** As {@link OfflineSide#delivered}. */
    void delivered(PeerId id, MessageId message) {
        final PeerEntry peer = isOurs(message) ? handle.table().peer(id) : null;
        if (peer == null || side.isClosed()) {
            return;
        }
        final long now = handle.now();
        handle.driver()
                .step(
                        peer,
                        () -> {
                            final OfflinePeer state = side.stateLocked(peer);
                            state.waiting |= state.underWay.remove(message.number());
                            peer.conversation.unsettled().stream()
                                    .filter(outgoing -> outgoing.number() == message.number())
                                    .findFirst()
                                    .ifPresent(peer.conversation::deliveredElsewhere);
                            if (peer.current != null) {
                                peer.current.connection.flush(now);
                            }
                        },
                        now);
    }

    /** As {@link OfflineSide#failed}. */
    boolean failed(PeerId id, MessageId message) {
        if (!isOurs(message) || side.isClosed()) {
            return false;
        }
        final PeerEntry peer = handle.table().peer(id);
        if (peer != null) {
            final long now = handle.now();
            handle.driver().step(peer, () -> retryLaterLocked(peer, message.number(), now), now);
        }
        return true;
    }

    private boolean isOurs(MessageId id) {
        final Id128 bootId = handle.local().bootId();
        return id.bootHigh() == bootId.high() && id.bootLow() == bootId.low() && id.channel() == 0;
    }
}
