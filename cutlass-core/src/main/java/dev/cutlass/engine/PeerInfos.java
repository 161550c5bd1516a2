package dev.cutlass.engine;

import dev.cutlass.event.ConnectionInfo;
import dev.cutlass.event.PeerInfo;
import dev.cutlass.proto.message.Conversation;
import dev.cutlass.spi.DatagramPort;
import java.time.Duration;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** Says what is known about a peer. Any thread. */
final class PeerInfos {
    /** docs/protocol.md section 3.2, suite 1. */
    private static final String HANDSHAKE_SUITE = "X25519+ML-KEM-768 ChaChaPoly SHA256";

    private PeerInfos() {}

    static PeerInfo of(PeerEntry peer, long now) {
        peer.lock.lock();
        try {
            final ConnectionEntry entry = peer.current;
            return entry == null ? away(peer) : connected(peer, entry, entry.connection.info(now));
        } finally {
            peer.lock.unlock();
        }
    }

    private static PeerInfo away(PeerEntry peer) {
        return new PeerInfo(
                peer.id(),
                peer.nick(),
                peer.trust(),
                peer.permissions(),
                peer.state(),
                Optional.empty(),
                Optional.empty(),
                false,
                "",
                "",
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                0,
                false,
                Optional.empty(),
                count(peer, Conversation::queued),
                sum(peer, Conversation::queuedBytes),
                count(peer, Conversation::heldMessages),
                sum(peer, Conversation::heldBytes));
    }

    private static PeerInfo connected(PeerEntry peer, ConnectionEntry entry, ConnectionInfo info) {
        return new PeerInfo(
                peer.id(),
                peer.nick(),
                peer.trust(),
                peer.permissions(),
                peer.state(),
                Optional.of(info.address()),
                Optional.ofNullable(peer.observed),
                entry.initiator,
                entry.mode.pattern(),
                HANDSHAKE_SUITE + ", packets " + info.cipher(),
                Duration.ofNanos(entry.handshakeNanos),
                Duration.ofNanos(info.roundTrip()),
                Duration.ofNanos(info.age()),
                Duration.ofNanos(info.silence()),
                info.epoch(),
                info.channel() != DatagramPort.BOUND,
                Optional.of(info),
                count(peer, Conversation::queued),
                sum(peer, Conversation::queuedBytes),
                count(peer, Conversation::heldMessages),
                sum(peer, Conversation::heldBytes));
    }

    /** Over both classes. */
    private static long sum(PeerEntry peer, ToLongFunction<Conversation> what) {
        final Conversation bulk = peer.conversation.bulk();
        return what.applyAsLong(peer.conversation) + (bulk == null ? 0 : what.applyAsLong(bulk));
    }

    private static int count(PeerEntry peer, ToLongFunction<Conversation> what) {
        return (int) sum(peer, what);
    }
}
