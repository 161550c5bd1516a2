package dev.cutlass.proto;

import dev.cutlass.proto.recovery.LossRecovery;
import dev.cutlass.wire.PacketHeader;
import org.jspecify.annotations.Nullable;

/** Seals packets, hands them out, and tells loss recovery what they carried. Has the memory that packets are built in, while traffic flows. Threads: none. */
final class PacketSealer {
    private final Connection connection;

    /** For one packet after the other; null at rest. */
    private @Nullable PacketFrames building;

    private int sinceEliciting;
    private long packetsSent;
    private long bytesSent;

    PacketSealer(Connection connection) {
        this.connection = connection;
    }

    long packetsSent() {
        return packetsSent;
    }

    long bytesSent() {
        return bytesSent;
    }

    /** How many packets left since the last one that wanted an ACK. */
    int packetsSinceEliciting() {
        return sinceEliciting;
    }

    private PacketFrames building() {
        PacketFrames present = building;
        if (present == null) {
            present = new PacketFrames();
            building = present;
        }
        return present;
    }

    /** An empty packet; whatever was written before and did not leave is forgotten. */
    PacketFrames begin() {
        final PacketFrames packet = building();
        packet.begin();
        return packet;
    }

    /** A packet that nobody looks at any more. */
    void giveBack(Output.Transmit packet) {
        if (connection.keys().isBusy()) {
            building().datagrams().giveBack(packet);
        }
    }

    /** What a packet carried, of which everybody heard who wanted to. */
    void giveBack(SentFrames content) {
        if (building != null) {
            building.pool().giveBack(content);
        }
    }

    /** Gives back the memory. */
    void trim() {
        building = null;
    }

    /**
     * Seals and hands out one packet.
     *
     * @param fullLength it is filled up to that with PADDING; 0: no more than needed
     * @param watched whether loss recovery hears of it, if it elicits an ACK
     */
    void send(Path path, PacketFrames packet, int fullLength, boolean watched, long now) {
        final EpochKeys keys = connection.keys();
        if (!keys.canSeal()) {
            return; // only a CLOSE or a PATH frame comes that far; the connection ends
        }
        final RemoteId via = path.via();
        final LossRecovery<SentFrames> recovery = path.recovery();
        final long number = recovery.nextNumber();
        final PacketHeader header = packet.header();
        header.prepare(via.id(), keys.epoch(), number, recovery.largestAcked());
        final int overhead = header.length() + PacketHeader.TAG_LENGTH;
        packet.padTo(Math.max(header.minFrames(), fullLength - overhead));
        final int length = overhead + packet.length();
        // Of the path's size, so that it serves for any packet the next time.
        final int room = keys.isBusy() ? Math.max(length, path.mtu().size()) : length;
        final Output.Transmit datagram = packet.datagrams().take(room);
        datagram.fill(length, path.address(), path.channel());
        header.writeTo(datagram.datagram(), 0);
        keys.seal(via.sequence(), number, packet.bytes(), packet.length(), datagram.datagram(), header.length(), now);
        onAcksSent(packet.content());
        final boolean eliciting = watched && packet.isAckEliciting(); // as far as loss recovery is concerned
        recovery.onPacketSent(length, eliciting, eliciting ? packet.takeContent() : null, now);
        sinceEliciting = eliciting ? 0 : sinceEliciting + 1;
        path.onSent(length);
        packetsSent++;
        bytesSent += length;
        if (connection.trace() != ConnectionTrace.NONE) {
            connection.trace().packetSent(via.sequence(), number, length, packet.toList(), now);
        }
        connection.output(datagram);
    }

    /** They stand before everything else. */
    private void onAcksSent(SentFrames content) {
        content.rewind();
        while (content.advance() && content.kind() == SentFrames.Kind.ACK) {
            final LocalId local = connection.localIds().bySequence(content.pathId());
            if (local != null && local.acks() != null) {
                local.acks().onAckSent();
            }
        }
    }
}
