package dev.cutlass.engine;

import dev.cutlass.event.CloseReason;
import dev.cutlass.event.PeerState;
import dev.cutlass.proto.handshake.HandshakeMode;
import dev.cutlass.store.RecentPeers;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Dials without being asked each time: what was lost and is wanted or has messages waiting, with pauses that grow and differ; a peer that seems dead; those of the run before. Housekeeping
 * only.
 */
final class Redialer {
    private static final Logger LOG = LoggerFactory.getLogger(Redialer.class);

    private static final long FIRST_PAUSE_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long LAST_PAUSE_NANOS = Duration.ofSeconds(60).toNanos();

    /** 1 s doubled six times is above 60 s. */
    private static final int MAX_DOUBLINGS = 6;

    private final Handle handle;
    private final Dialer dialer;
    private final RandomGenerator random;

    Redialer(Handle handle, Dialer dialer, RandomGenerator random) {
        this.handle = handle;
        this.dialer = dialer;
        this.random = random;
    }

    /** The last connection with a peer is over. */
    void onLost(PeerEntry peer, CloseReason reason, long now) {
        switch (reason) {
            case NORMAL, REFUSED, EXPIRED -> {
                peer.lock.lock();
                try {
                    peer.wanted = null;
                } finally {
                    peer.lock.unlock();
                }
                peer.parted = true;
                handle.storage().leave(peer.id());
            }
            default -> plan(peer, now);
        }
    }

    /** As {@link #plan}, unless there is a connection. */
    long planIfAway(PeerEntry peer, long now) {
        return peer.state() == PeerState.AWAY ? plan(peer, now) : -1;
    }

    /** Dials again after a pause, if there is a reason to; its length, or -1 if not. */
    private long plan(PeerEntry peer, long now) {
        final DialTarget target = mayDial(peer) ? target(peer) : null;
        if (target == null) {
            return -1;
        }
        final DialAttempt attempt = new DialAttempt(target, DialAttempt.Purpose.RECONNECT, peer, dialer);
        final long full = Math.min(FIRST_PAUSE_NANOS << Math.min(peer.failedAttempts, MAX_DOUBLINGS), LAST_PAUSE_NANOS);
        peer.failedAttempts++;
        final long pause = full / 2 + random.nextLong(full / 2 + 1);
        dialer.beginAt(attempt, now + pause);
        LOG.debug("dialling {} again in {} ms", peer.id(), pause / 1_000_000);
        return pause;
    }

    private boolean mayDial(PeerEntry peer) {
        return !handle.isClosing() && !peer.parted && peer.attempt == null && !dialer.isFull();
    }

    /** Where to dial: what is wanted, or, if messages wait, where the peer was last; null if there is no reason or no place. */
    private @Nullable DialTarget target(PeerEntry peer) {
        final boolean waits;
        peer.lock.lock();
        try {
            if (peer.wanted != null) {
                return peer.wanted;
            }
            waits = peer.conversation.isAnythingQueued();
        } finally {
            peer.lock.unlock();
        }
        final DialTarget target = waits ? handle.storage().lastTarget(peer.id(), peer.lastWasStealth) : null;
        return target == null || target.places().isEmpty() ? null : target;
    }

    /** Something waits for a peer that is away. */
    void dialForOutbox(PeerEntry peer, long now) {
        if (peer.state() != PeerState.AWAY || !mayDial(peer)) {
            return;
        }
        final DialTarget target = target(peer);
        if (target != null) {
            dialer.begin(new DialAttempt(target, DialAttempt.Purpose.RECONNECT, peer, dialer), List.of(), now);
        }
    }

    /** A connection may be dead: a new one beside it tells. */
    void dialBeside(ConnectionEntry entry, long now) {
        final PeerEntry peer = entry.peer;
        if (!mayDial(peer)) {
            return;
        }
        final InetSocketAddress address = entry.address;
        final DialTarget target = new DialTarget(
                peer.id(),
                List.of(new DialTarget.Place(address.getAddress().getHostAddress(), address.getPort())),
                entry.mode == HandshakeMode.STEALTH,
                peer.id().toString());
        dialer.begin(new DialAttempt(target, DialAttempt.Purpose.BESIDE, peer, dialer), List.of(), now);
    }

    /** The engine was started anew: its peers of before may not have noticed. A stealth engine dials them in its own mode in any case. */
    void dialRecentPeers(boolean stealth) {
        for (RecentPeers.RecentPeer recent : handle.storage().recent().all()) {
            final DialTarget target = handle.storage().lastTarget(recent.id(), stealth);
            handle.request(now -> {
                final PeerEntry peer = handle.peers().entryFor(recent.id());
                if (peer != null) {
                    dialRecent(peer, target, now);
                }
            });
        }
    }

    private void dialRecent(PeerEntry peer, DialTarget target, long now) {
        peer.lock.lock();
        try {
            peer.wanted = target;
        } finally {
            peer.lock.unlock();
        }
        if (mayDial(peer)) {
            dialer.begin(new DialAttempt(target, DialAttempt.Purpose.RECONNECT, peer, dialer), List.of(), now);
        }
    }
}
