package dev.cutlass.engine;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.Permissions;
import dev.cutlass.event.TrustState;
import dev.cutlass.proto.message.Conversation;
import dev.cutlass.proto.message.ConversationLimits;
import dev.cutlass.store.KnownPeer;
import org.jspecify.annotations.Nullable;

/** Makes the entries of peers, with what we know about them and what they may do. */
final class PeerRegistry {
    private final Handle handle;
    private final HandlerExecutor handlers;

    /** One for all peers. */
    private final ConversationLimits limits;

    /** Volatile: any thread changes it, housekeeping reads it. */
    private volatile Permissions defaultPermissions;

    PeerRegistry(Handle handle, EngineConfig config, ConversationLimits limits, HandlerExecutor handlers) {
        this.handle = handle;
        this.handlers = handlers;
        this.limits = limits;
        this.defaultPermissions = config.defaultPermissions();
    }

    /** What peers may do that come from now on. */
    void defaultPermissions(Permissions permissions) {
        defaultPermissions = permissions;
    }

    /** Housekeeping only: the entry of a peer, new or not; null if there is no room. */
    @Nullable
    PeerEntry entryFor(PeerId id) {
        final PeerEntry present = handle.table().peer(id);
        if (present != null) {
            return present;
        }
        final KnownPeer known = handle.storage().known().find(id);
        final TrustState trust =
                known == null ? TrustState.NEW : known.verified() ? TrustState.VERIFIED : TrustState.KNOWN;
        final PeerEntry fresh = new PeerEntry(
                id,
                trust,
                defaultPermissions,
                new Conversation(limits, handle.table().firstNumber()),
                entry -> handlers.newQueue(() -> handle.driver().deliver(entry)));
        if (handle.offline() != null) {
            fresh.conversation.memory(bootId -> handle.storage().handled().of(id, bootId));
        }
        if (known != null) {
            fresh.nick(known.nick());
        }
        if (!handle.table().add(fresh)) {
            handle.table().evictIdle();
            if (!handle.table().add(fresh)) {
                return null;
            }
        }
        return fresh;
    }
}
