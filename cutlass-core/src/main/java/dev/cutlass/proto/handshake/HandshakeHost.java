package dev.cutlass.proto.handshake;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.wire.Id128;
import org.jspecify.annotations.Nullable;

/** What handshakes ask their engine about. Called in the middle of a flight, on the caller's thread; must not call back. */
public interface HandshakeHost {
    /**
     * The secret agreed on beforehand with the peer that has this static key.
     *
     * @return 32 bytes, a copy that is wiped after use; null if none was configured
     */
    byte @Nullable [] psk(byte[] staticKey);

    /**
     * Whether a secret was agreed on with this peer, whatever static key it comes with: then a handshake in which none was found fails,
     * so that another device of the peer is no way around it.
     */
    boolean needsPsk(PeerId peer);

    /** The last handshake that this engine completed as responder with this peer and boot id; null if none. */
    @Nullable
    Id128 lastCompleted(PeerId peer, Id128 bootId);

    /** A random connection id that no connection here uses. */
    long newConnectionId();
}
