package dev.cutlass.proto;

import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.event.ConnectionInfo;
import dev.cutlass.proto.recovery.LossRecovery;
import dev.cutlass.proto.recovery.RttEstimator;

/** Gathers what {@link Connection#info} tells. */
final class ConnectionReport {
    private ConnectionReport() {}

    static ConnectionInfo of(
            Connection connection, PacketReceiver receiver, AeadAlgorithm aead, long createdAt, long now) {
        final Path path = connection.paths().primary();
        final LossRecovery<SentFrames> recovery = path.recovery();
        final RttEstimator rtt = recovery.rtt();
        return new ConnectionInfo(
                path.address(),
                path.channel(),
                rtt.isSampled() ? rtt.smoothed() : 0,
                rtt.isSampled() ? rtt.variance() : 0,
                rtt.minimum(),
                recovery.bytesInFlight(),
                recovery.window(),
                recovery.bulkBytesInFlight(),
                recovery.bulkWindow(),
                recovery.pacingRate() == Long.MAX_VALUE ? 0 : recovery.pacingRate(),
                recovery.controllerName(),
                recovery.lostPackets(),
                recovery.sentPackets(),
                connection.sender().sealer().packetsSent(),
                connection.sender().sealer().bytesSent(),
                receiver.packets(),
                receiver.bytes(),
                path.mtu().size(),
                aead.toString(),
                connection.keys().epoch(),
                Math.max(0, now - connection.rekeying().epochBeganAt()),
                Math.max(0, now - createdAt),
                Math.max(0, now - connection.keepAlive().lastReceivedAt()));
    }
}
