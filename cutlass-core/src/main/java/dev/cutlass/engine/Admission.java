package dev.cutlass.engine;

import dev.cutlass.event.CloseReason;
import dev.cutlass.event.ConnectFailure;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.Permission;
import dev.cutlass.event.TrustPolicy;
import dev.cutlass.event.TrustState;
import dev.cutlass.proto.Output;
import dev.cutlass.proto.handshake.ConnectionArbiter;
import dev.cutlass.proto.handshake.HandshakeMode;
import dev.cutlass.store.KnownPeer;
import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.CloseCode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which of two connections survives, who is admitted, and what the application hears about it. Decided after the handshake, so that nothing on the wire before depends on it. All methods are called with the
 * peer's lock held. docs/protocol.md sections 3.7 and 3.8.
 */
final class Admission {
    /** Inbound connections that nobody has decided about yet. */
    static final int MAX_UNDECIDED = 64;

    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);

    private final Handle handle;
    private final AtomicInteger undecided = new AtomicInteger();

    Admission(Handle handle) {
        this.handle = handle;
    }

    /** Both sides of a new connection are known to have the keys. */
    void confirmedLocked(ConnectionEntry entry, long now) {
        final PeerEntry peer = entry.peer;
        entry.confirmed = true;
        handle.driver().witness().confirmedLocked(entry);
        if (!entry.nick.equals(peer.nick()) && !peer.reported) {
            peer.nick(entry.nick);
        }
        boolean survives = true;
        for (ConnectionEntry other : List.copyOf(peer.connections)) {
            if (other != entry
                    && other.confirmed
                    && !other.ending
                    && other.remoteStaticKey.equals(entry.remoteStaticKey)) {
                survives &= arbitrateLocked(other, entry, now);
            }
        }
        if (survives) {
            peer.current = entry;
            peer.updateStateLocked(); // before any event: a handler may look at once
            decideLocked(entry, now);
        } else if (peer.current != null) {
            mutualLocked(peer.current); // who waited for the new one has the old one
        }
        peer.again = true;
        peer.updateStateLocked();
    }

    /** True if the new one survives. */
    private boolean arbitrateLocked(ConnectionEntry old, ConnectionEntry fresh, long now) {
        final PeerEntry peer = old.peer;
        final ConnectionArbiter.Outcome outcome = ConnectionArbiter.decide(
                old.contender(), fresh.contender(), Bytes.of(handle.staticKey()), fresh.remoteStaticKey);
        LOG.debug("two connections with {}: {}", peer.id(), outcome);
        if (!outcome.newSurvives()) {
            fresh.connection.supersede(now);
            return false;
        }
        final boolean restarted = outcome == ConnectionArbiter.Outcome.RESTARTED;
        if (peer.current == old) {
            peer.current = fresh;
        }
        old.connection.supersede(now);
        if (restarted) {
            restartedLocked(peer, old, fresh, now);
        }
        return true;
    }

    private static void restartedLocked(PeerEntry peer, ConnectionEntry old, ConnectionEntry fresh, long now) {
        final ReplacedRuns before = peer.replacedRuns;
        final ReplacedRuns runs = before == null ? new ReplacedRuns() : before;
        peer.replacedRuns = runs;
        if (runs.isBack(fresh.remoteBootId, now)) {
            peer.events.offerNotice(new CutlassEvent.CloneSuspected(peer.id(), peer.nick()));
        } else if (peer.reported) {
            peer.events.offerNotice(new CutlassEvent.PeerRestarted(peer.id(), peer.nick()));
        }
        runs.replaced(old.remoteBootId, now);
    }

    private void decideLocked(ConnectionEntry entry, long now) {
        final PeerEntry peer = entry.peer;
        final TrustPolicy policy = handle.trustPolicy();
        if (!peer.permissions().allows(Permission.CONNECT)) {
            entry.connection.close(CloseCode.REFUSED, "", now);
        } else if (peer.admitted
                || peer.trust() != TrustState.NEW
                || entry.isExpected()
                || policy == TrustPolicy.ACCEPT_NEW) {
            admitLocked(entry, now);
        } else if (policy == TrustPolicy.KNOWN_ONLY || undecided.get() >= MAX_UNDECIDED) {
            entry.connection.close(CloseCode.REFUSED, "", now);
        } else {
            undecided.incrementAndGet();
            entry.undecided = true;
            peer.events.offerNotice(new CutlassEvent.ConnectionRequested(
                    peer.id(), peer.nick(), nickClash(peer) != null, entry.address, !entry.initiator));
        }
    }

    /** Somebody decided; nothing happens to who does not wait. */
    void decidedLocked(PeerEntry peer, boolean admit, long now) {
        for (ConnectionEntry entry : List.copyOf(peer.connections)) {
            if (entry.undecided && !entry.ending) {
                if (admit) {
                    entry.chosen = true;
                    admitLocked(entry, now);
                } else {
                    entry.connection.close(CloseCode.REFUSED, "", now);
                }
            }
        }
    }

    private void admitLocked(ConnectionEntry entry, long now) {
        final PeerEntry peer = entry.peer;
        settleUndecided(entry);
        entry.admitted = true;
        peer.admitted = true;
        entry.connection.admit(now);
        mutualLocked(entry);
    }

    private void settleUndecided(ConnectionEntry entry) {
        if (entry.undecided) {
            entry.undecided = false;
            undecided.decrementAndGet();
        }
    }

    /** One side admitted the other: perhaps both have now. */
    void mutualLocked(ConnectionEntry entry) {
        final PeerEntry peer = entry.peer;
        if (!entry.isMutual() || entry.ending) {
            return;
        }
        if (!peer.reported) {
            reportLocked(entry);
        }
        for (CompletableFuture<PeerEntry> future : peer.takeWaitingLocked()) {
            peer.afterwardsLocked(() -> future.complete(peer));
        }
        if (peer.requested != null) {
            handle.storage().remember(peer, entry.target);
            peer.wanted = peer.requested;
            peer.requested = null;
        }
        if (peer.channels != null) {
            peer.channels.onMutualLocked(entry, handle.now());
            peer.again = true;
        }
        entry.established = true;
        handle.attend(entry);
        peer.updateStateLocked();
    }

    /** Somebody more waits for this peer. */
    void recheckLocked(PeerEntry peer) {
        if (peer.current != null) {
            mutualLocked(peer.current);
        }
    }

    private void reportLocked(ConnectionEntry entry) {
        final PeerEntry peer = entry.peer;
        peer.reported = true;
        final KnownPeer clash = nickClash(peer);
        final TrustState before = peer.trust();
        if (before == TrustState.NEW) {
            peer.trust(TrustState.KNOWN);
        }
        peer.updateStateLocked(); // before the event: a handler may look at once
        peer.events.offerNotice(
                new CutlassEvent.Connected(peer.id(), peer.nick(), before, entry.address, !entry.initiator));
        if (clash != null) {
            peer.events.offerNotice(new CutlassEvent.NickClash(peer.id(), peer.nick(), clash.id()));
        }
        if (entry.chosen || peer.hasUnsettledLocked()) {
            handle.storage().remember(peer, entry.target);
        } else {
            handle.storage().meet(peer, entry.target); // if it was dialled on request, it is remembered with that
        }
        handle.storage().touch(peer.id(), entry.address, entry.mode == HandshakeMode.STEALTH);
    }

    private @Nullable KnownPeer nickClash(PeerEntry peer) {
        if (peer.nick().isEmpty()) {
            return null;
        }
        return handle.storage().known().findByNick(peer.nick()).stream()
                .filter(known -> !known.id().equals(peer.id()))
                .findFirst()
                .orElse(null);
    }

    /** A connection is over for the application. */
    void endingLocked(ConnectionEntry entry, Output.Ending ending) {
        final PeerEntry peer = entry.peer;
        entry.ending = true;
        settleUndecided(entry);
        if (peer.current == entry) {
            peer.current = null;
        }
        handle.attend(entry);
        if (peer.current == null && peer.channels != null) {
            peer.channels.onLostLocked();
        }
        if (peer.current == null && ending.reason() != CloseReason.REPLACED) {
            lostLocked(entry, ending);
        }
        peer.updateStateLocked();
    }

    private void lostLocked(ConnectionEntry entry, Output.Ending ending) {
        final PeerEntry peer = entry.peer;
        if (peer.reported) {
            peer.reported = false;
            peer.updateStateLocked(); // before the event: a handler may look at once
            peer.events.offerNotice(
                    ending.reason() == CloseReason.TIMED_OUT
                            ? new CutlassEvent.TimedOut(peer.id(), peer.nick(), Duration.ofNanos(handle.idleNanos()))
                            : new CutlassEvent.Dropped(
                                    peer.id(), peer.nick(), ending.reason(), ending.text(), ending.byPeer()));
        }
        if (!entry.confirmed) {
            return; // who waits hears from the dial
        }
        entry.lost = ending.reason();
        peer.failWaitingLocked(failureOf(ending), ending.text());
    }

    private static ConnectFailure failureOf(Output.Ending ending) {
        return switch (ending.reason()) {
            case REFUSED -> ending.byPeer() ? ConnectFailure.REFUSED : ConnectFailure.NOT_ADMITTED;
            case EXPIRED -> ConnectFailure.UNDECIDED;
            case TIMED_OUT -> ConnectFailure.NO_ANSWER;
            case PROTOCOL_VIOLATION, KEY_LIMIT, INTERNAL, OTHER -> ConnectFailure.INCOMPATIBLE;
            case NORMAL, SHUTDOWN, REPLACED -> ConnectFailure.CLOSED;
        };
    }
}
