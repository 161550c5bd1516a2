package dev.cutlass.engine.file;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.engine.ApplicationSide;
import dev.cutlass.engine.PeerEntry;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.PeerState;
import dev.cutlass.event.TrustState;
import dev.cutlass.wire.Id128;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Peers come and go: what waited for one goes on, and what one was asked for is asked of others. On the handler executor, or who starts the service; methods that end in Locked have the lock, the others
 * may not.
 */
final class Meetings {
    private final ApplicationSide engine;
    private final FilesContext context;
    private final Turns turns;
    private final Links links;
    private final Incoming incoming;
    private final Outgoing outgoing;

    Meetings(ApplicationSide engine, FilesContext context, Incoming incoming, Outgoing outgoing) {
        this.engine = engine;
        this.context = context;
        this.turns = context.turns;
        this.links = context.links;
        this.incoming = incoming;
        this.outgoing = outgoing;
    }

    /** Whoever is here already has come. After the engine has started. */
    void start() {
        for (PeerEntry peer : engine.peers()) {
            if (peer.state() == PeerState.CONNECTED) {
                connected(peer, peer.trust() == TrustState.VERIFIED);
            }
        }
    }

    /** Of the engine; on the handler executor. */
    void onEvent(CutlassEvent event) {
        if (event instanceof CutlassEvent.Connected connected) {
            withPeer(connected.peer(), peer -> connected(peer, connected.trust() != TrustState.NEW));
        } else if (event instanceof CutlassEvent.PeerRestarted restarted) {
            withPeer(restarted.peer(), peer -> connected(peer, false));
        } else if (event instanceof CutlassEvent.Dropped dropped) {
            disconnected(dropped.peer());
        } else if (event instanceof CutlassEvent.TimedOut timedOut) {
            disconnected(timedOut.peer());
        }
    }

    private void withPeer(PeerId id, Consumer<PeerEntry> action) {
        final PeerEntry peer = engine.peer(id);
        if (peer != null && !context.isClosed()) {
            action.accept(peer);
        }
    }

    private void connected(PeerEntry entry, boolean wasKnown) {
        final Id128 boot = context.engine.bootId(entry);
        final boolean known = wasKnown || context.engine.isContact(entry.id());
        turns.step(now -> {
            final PeerFiles peer = links.peerLocked(entry);
            links.connectedLocked(peer);
            peer.known |= known;
            meetLocked(peer, boot, now);
        });
    }

    private void meetLocked(PeerFiles peer, @Nullable Id128 boot, long now) {
        final boolean isNewRun = boot != null && !boot.equals(peer.boot);
        if (boot != null) {
            peer.boot = boot;
        }
        outgoing.connectedLocked(peer, isNewRun, now);
        incoming.holders.connectedLocked(peer, isNewRun, now);
    }

    private void disconnected(PeerId id) {
        turns.step(now -> {
            final PeerFiles peer = links.peerLocked(id);
            links.disconnectedLocked(peer);
            outgoing.disconnectedLocked(peer, now);
            incoming.holders.disconnectedLocked(now);
        });
    }
}
