package dev.cutlass.proto.handshake;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.wire.Id128;
import org.jspecify.annotations.Nullable;

/** What handshakes ask their engine about. Called in the middle of a flight, on the caller's thread; must not call back. */
public interface HandshakeHost {
    /**
     * The secret agreed on beforehand with this peer, for all its devices.
     *
     * @return 32 bytes, a copy that is wiped after use; null if none was configured
     */
    byte @Nullable [] psk(PeerId peer);

    /**
     * The peer with a secret that is known to have a device with this static key. Responders ask, for they must choose the secret before they can read whom they
     * talk to; a handshake whose other side then turns out to be another peer, or one with a secret although none was found, fails.
     *
     * @return null if this is no known device of a peer with a secret
     */
    @Nullable
    PeerId pskPeer(byte[] staticKey);

    /** The last handshake that this engine completed as responder with this peer and boot id; null if none. */
    @Nullable
    Id128 lastCompleted(PeerId peer, Id128 bootId);

    /** A random connection id that no connection here uses. */
    long newConnectionId();
}
