package dev.cutlass.proto.handshake;

import dev.cutlass.crypto.DeviceRecord;
import dev.cutlass.crypto.PeerId;
import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.HandshakePayload;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A peer's root key and device record that stood the test: the root key vouches for the static key that Noise authenticated.
 * docs/protocol.md sections 1.1 and 1.3.
 */
record PeerClaim(PeerId peer, @Nullable DeviceRecord record) {
    /** Suite 0x0001; a device whose record does not name it cannot have run this handshake on its root's behalf. */
    private static final int SUITE = 1;

    private static final long MILLIS_PER_SECOND = Duration.ofSeconds(1).toMillis();

    /** The claim that a payload makes, or null if it is void. */
    static @Nullable PeerClaim check(HandshakePayload payload, byte[] staticKey, long wallMillis) {
        PeerId peer = PeerId.parseWire(payload.rootKey().toArray());
        if (peer == null) {
            return null;
        }
        DeviceRecord record = null;
        Bytes encoded = payload.deviceRecord();
        if (encoded != null) {
            record = DeviceRecord.decode(encoded.toArray());
            if (record == null || !record.suites().contains(SUITE)) {
                return null;
            }
        }
        return peer.vouchesFor(staticKey, record, wallMillis / MILLIS_PER_SECOND) ? new PeerClaim(peer, record) : null;
    }
}
