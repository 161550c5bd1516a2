package dev.cutlass.engine;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.engine.jfr.FlightEvents;
import dev.cutlass.proto.Connection;
import dev.cutlass.proto.Output;
import dev.cutlass.proto.handshake.Dial;
import dev.cutlass.proto.handshake.HandshakeFailure;

/** Tells the flight recorder how connections do. Under the peer's lock where the name says so. */
final class Witness {
    private final FlightEvents events = FlightEvents.ofThisRuntime();

    void confirmedLocked(ConnectionEntry entry) {
        events.handshakeDone(entry.peer.id(), entry.initiator, entry.mode.pattern(), entry.handshakeNanos);
    }

    /** A handshake that we began is over. Housekeeping only. */
    void failed(DialEntry entry, HandshakeFailure reason, long now) {
        final Dial dial = entry.handshake().dial();
        final PeerId expected = dial.expected();
        events.handshakeFailed(expected, dial.mode().pattern(), reason.name(), now - entry.startedAt());
    }

    void pathUsedLocked(ConnectionEntry entry, int channel) {
        entry.lostSeen = entry.connection.lostPackets(); // every path counts its own
        events.pathChanged(entry.peer.id(), channel);
        noticeSizeLocked(entry, "path");
    }

    void endingLocked(ConnectionEntry entry, Output.Ending ending, long now) {
        events.closed(entry.peer.id(), ending.reason(), ending.byPeer(), Math.max(0, now - entry.createdAt));
    }

    /** After each input. */
    void settledLocked(ConnectionEntry entry) {
        final Connection connection = entry.connection;
        final long lost = connection.lostPackets();
        if (lost > entry.lostSeen) {
            events.packetsLost(entry.peer.id(), lost - entry.lostSeen, lost);
        }
        entry.lostSeen = lost;
        noticeSizeLocked(entry, connection.packetSize() > entry.sizeSeen ? "search" : "black_hole");
        final long epoch = connection.epoch();
        if (epoch != entry.epochSeen) {
            entry.epochSeen = epoch;
            events.rekeyed(entry.peer.id(), epoch);
        }
    }

    private void noticeSizeLocked(ConnectionEntry entry, String cause) {
        final int size = entry.connection.packetSize();
        if (size != entry.sizeSeen) {
            events.packetSizeChanged(entry.peer.id(), entry.sizeSeen, size, cause);
            entry.sizeSeen = size;
        }
    }
}
