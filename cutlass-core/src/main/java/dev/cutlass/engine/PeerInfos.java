package dev.cutlass.engine;

import dev.cutlass.event.ConnectionInfo;
import dev.cutlass.event.PeerInfo;
import dev.cutlass.spi.DatagramPort;
import java.time.Duration;
import java.util.Optional;

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
                peer.conversation.queued(),
                peer.conversation.queuedBytes(),
                peer.conversation.heldMessages(),
                peer.conversation.heldBytes());
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
                entry.facts.initiator(),
                entry.facts.mode().pattern(),
                HANDSHAKE_SUITE + ", packets " + info.cipher(),
                Duration.ofNanos(entry.handshakeNanos),
                Duration.ofNanos(info.roundTrip()),
                Duration.ofNanos(info.age()),
                Duration.ofNanos(info.silence()),
                info.epoch(),
                info.channel() != DatagramPort.BOUND,
                Optional.of(info),
                peer.conversation.queued(),
                peer.conversation.queuedBytes(),
                peer.conversation.heldMessages(),
                peer.conversation.heldBytes());
    }
}
