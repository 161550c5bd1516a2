package dev.cutlass.bench;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.proto.handshake.HandshakeHost;
import dev.cutlass.wire.Id128;
import org.jspecify.annotations.Nullable;

/** The side of a handshake that shares no key with anybody and met nobody before. */
interface StrangersHost extends HandshakeHost {
    @Override
    default byte @Nullable [] psk(PeerId peer) {
        return null;
    }

    @Override
    default @Nullable PeerId pskPeer(byte[] staticKey) {
        return null;
    }

    @Override
    default @Nullable Id128 lastCompleted(PeerId peer, Id128 bootId) {
        return null;
    }
}
