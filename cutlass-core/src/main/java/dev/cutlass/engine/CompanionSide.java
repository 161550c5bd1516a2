package dev.cutlass.engine;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.store.KnownPeer;
import dev.cutlass.wire.Id128;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Companion}, as the service for files, needs of the engine beside what applications may ask. Any thread.
 */
public final class CompanionSide {
    private final Handle handle;

    CompanionSide(Handle handle) {
        this.handle = handle;
    }

    /** Ticker nanoseconds. */
    public long now() {
        return handle.now();
    }

    /** Milliseconds since 1970. */
    public long wallMillis() {
        return handle.wallMillis();
    }

    /** Nobody guesses it. */
    public Id128 randomId() {
        final byte[] id = new byte[Id128.LENGTH];
        handle.random().nextBytes(id);
        return Id128.of(id, 0);
    }

    /** Where the engine keeps what survives a restart; null: nowhere. */
    public @Nullable Path home() {
        return handle.config().home();
    }

    /** Whether there are no threads: see {@link EngineSeams}. */
    public boolean isStepwise() {
        return handle.config().seams().stepwise();
    }

    /** Before the start: it gets turns with those of housekeeping if there are no threads. */
    public void join(Companion beside) {
        handle.turns().companion(isStepwise() ? beside : null);
    }

    /** An event of a service of ours. No lock may be held. */
    public void notice(@Nullable PeerEntry peer, CutlassEvent event) {
        if (peer == null) {
            handle.notice(event);
        } else {
            peer.events.offerNotice(event);
            peer.events.dispatch();
        }
    }

    /** The run of the peer's engine that it is connected with; null if it is not. */
    public @Nullable Id128 bootId(PeerEntry peer) {
        peer.lock.lock();
        try {
            final ConnectionEntry entry = peer.current;
            return entry == null ? null : entry.remoteBootId;
        } finally {
            peer.lock.unlock();
        }
    }

    /** Whether we chose this peer once: dialled it, admitted it, verified it, wrote to it. */
    public boolean isContact(PeerId peer) {
        final KnownPeer known = handle.storage().known().find(peer);
        return known != null && known.isContact();
    }

    /** We want something of a peer, without a message that says so. */
    public void choose(PeerEntry peer) {
        handle.storage().writeTo(peer);
    }

    /** An error of ours on a thread of ours: the engine stops. */
    public void fail(Throwable cause) {
        handle.ending().fail(cause);
    }
}
