package dev.cutlass.proto;

import dev.cutlass.crypto.packet.KeySchedule;
import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.wire.Id128;

/**
 * What a connection needs of a finished handshake.
 *
 * @param initiator whether we dialled
 * @param evenChannels whether the channels that we open have even numbers: we have the lower root key
 * @param localId the id under which the peer reaches us, number 0
 * @param remoteId the id under which we reach the peer, number 0
 * @param remoteBootId names the run of the peer's engine
 * @param keys the connection's from now on; closed with it
 * @param rekeyKeys for the keys of later epochs
 */
public record ConnectionStart(
        boolean initiator,
        boolean evenChannels,
        long localId,
        long remoteId,
        Id128 remoteBootId,
        AeadAlgorithm aead,
        KeySchedule keys,
        RekeyKeys rekeyKeys) {

    /** Names neither keys nor ids. */
    @Override
    public String toString() {
        return "ConnectionStart[initiator=" + initiator + ", " + aead + "]";
    }
}
