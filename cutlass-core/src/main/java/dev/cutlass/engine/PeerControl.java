package dev.cutlass.engine;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.engine.qlog.QlogTrace;
import dev.cutlass.event.DeliveryFailure;
import dev.cutlass.event.PeerInfo;
import dev.cutlass.event.Permission;
import dev.cutlass.event.Permissions;
import dev.cutlass.event.TrustState;
import dev.cutlass.proto.ConnectionTrace;
import dev.cutlass.wire.CloseCode;
import java.io.Closeable;
import java.io.OutputStream;

/**
 * What an application knows and decides about one peer: what it may do, who it is, when it goes. Any thread, without a lock: what concerns dials or the end of a connection that may be dialled again is asked of housekeeping.
 */
public final class PeerControl {
    private final Handle handle;

    PeerControl(Handle handle) {
        this.handle = handle;
    }

    /** What is known about a peer. */
    public PeerInfo info(PeerEntry peer) {
        return PeerInfos.of(peer, handle.now());
    }

    /** Sets what a peer may do. */
    public void permissions(PeerEntry peer, Permissions permissions) {
        final long now = handle.now();
        handle.driver()
                .step(
                        peer,
                        () -> {
                            peer.permissions(permissions);
                            if (!permissions.allows(Permission.CONNECT)) {
                                peer.closeAllLocked(CloseCode.REFUSED, now);
                            }
                        },
                        now);
    }

    /** The safety numbers were compared. */
    public void verify(PeerEntry peer) {
        handle.storage().remember(peer, null);
        handle.storage().verify(peer.id());
        peer.trust(TrustState.VERIFIED);
    }

    /** Somebody decided about a peer that waits. */
    public void decide(PeerId id, boolean admit) {
        final PeerEntry peer = handle.table().peer(id);
        if (peer != null) {
            final long now = handle.now();
            handle.driver().step(peer, () -> handle.driver().admission().decidedLocked(peer, admit, now), now);
        }
    }

    /**
     * Notes where a peer gets messages while it is away; empty: nowhere.
     *
     * @return false if the list of known peers is full
     * @throws IllegalArgumentException if the list cannot hold it
     */
    public boolean offlineAddress(PeerId peer, String address) {
        handle.checkRunning();
        final boolean kept = handle.storage().offlineAddress(peer, address);
        final OfflineSide offline = handle.offline();
        if (offline != null) {
            handle.request(now -> offline.addressChanged(peer, now));
        }
        return kept;
    }

    /** Where it does; empty: nowhere. */
    public String offlineAddress(PeerId peer) {
        return handle.storage().offlineAddress(peer);
    }

    /** Ends the connection, and does not dial again. */
    public void disconnect(PeerEntry peer) {
        handle.request(now -> {
            peer.parted = true;
            handle.dialer().forget(peer, now);
            handle.storage().leave(peer.id());
            handle.driver().step(peer, () -> peer.closeAllLocked(CloseCode.NORMAL, now), now);
        });
    }

    /** Ends the connection, and removes the peer from what is remembered. */
    public void forget(PeerEntry peer) {
        disconnect(peer);
        handle.request(now -> {
            handle.storage().forget(peer.id());
            handle.driver()
                    .step(
                            peer,
                            () -> {
                                peer.failUnsettledLocked(DeliveryFailure.FORGOTTEN);
                                if (handle.offline() != null) {
                                    handle.offline().forgetLocked(peer);
                                }
                                if (peer.channels != null) {
                                    peer.channels.endAllLocked();
                                }
                                peer.admitted = false;
                                peer.trust(TrustState.NEW);
                            },
                            now);
        });
    }

    /** Keys for another protocol. */
    public byte[] export(PeerEntry peer, String label, byte[] context, int length) {
        peer.lock.lock();
        try {
            if (peer.current == null) {
                throw new IllegalStateException("no connection with " + peer.id());
            }
            return peer.current.connection.export(label, context, length);
        } finally {
            peer.lock.unlock();
        }
    }

    /**
     * Writes down what the peer's present connection does.
     *
     * @throws IllegalStateException if there is none, or it is written down already
     */
    public Closeable qlog(PeerEntry peer, OutputStream out, long maxBytes) {
        handle.checkRunning();
        final long now = handle.now();
        final QlogOutput output;
        peer.lock.lock();
        try {
            final ConnectionEntry entry = peer.current;
            if (entry == null || entry.connection.trace() != ConnectionTrace.NONE) {
                throw new IllegalStateException(entry == null ? "no connection" : "there is a qlog of it already");
            }
            output = new QlogOutput(out, maxBytes, () -> trace(peer, entry, ConnectionTrace.NONE));
            entry.connection.trace(
                    new QlogTrace(output::offer, entry.initiator, entry.connection.epoch(), handle.wallMillis(), now));
        } finally {
            peer.lock.unlock();
        }
        output.start();
        return output;
    }

    private static void trace(PeerEntry peer, ConnectionEntry entry, ConnectionTrace trace) {
        peer.lock.lock();
        try {
            entry.connection.trace(trace);
        } finally {
            peer.lock.unlock();
        }
    }
}
