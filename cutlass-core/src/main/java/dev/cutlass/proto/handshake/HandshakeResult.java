package dev.cutlass.proto.handshake;

import dev.cutlass.crypto.DeviceRecord;
import dev.cutlass.crypto.PeerId;
import dev.cutlass.crypto.packet.KeySchedule;
import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.Id128;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a finished handshake knows: who the peer is and the secrets of the connection. Whoever gets it owns {@link #keys} and closes
 * it. One thread at a time.
 *
 * @param initiator whether we dialled
 * @param id the handshake's id, which also names the connection between the two
 * @param peer the peer's root key, which vouches for its static key
 * @param remoteStaticKey what Noise authenticated, 32 bytes
 * @param deviceRecord the proof of the static key, null if it is the root key's X25519 form
 * @param nick the peer's, a label and never a key
 * @param localConnectionId number 0 of those by which the peer reaches us
 * @param remoteConnectionId number 0 of those by which we reach the peer
 * @param token the invitation that the initiator showed, empty if none; what we showed ourselves if we dialled
 * @param seen SEEN of flight 3, whoever sent it
 * @param capabilities of the peer
 */
public record HandshakeResult(
        boolean initiator,
        HandshakeMode mode,
        Id128 id,
        PeerId peer,
        Bytes remoteStaticKey,
        @Nullable DeviceRecord deviceRecord,
        Id128 remoteBootId,
        String nick,
        long localConnectionId,
        long remoteConnectionId,
        AeadAlgorithm aead,
        Bytes token,
        @Nullable Id128 seen,
        List<Long> capabilities,
        KeySchedule keys)
        implements AutoCloseable {

    /** Wipes the keys. */
    @Override
    public void close() {
        keys.close();
    }

    /** Names no key. */
    @Override
    public String toString() {
        return "HandshakeResult[" + mode + ", initiator " + initiator + ", " + peer + ", " + aead + "]";
    }
}
