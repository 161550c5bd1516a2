package dev.cutlass.engine;

import dev.cutlass.proto.Connection;
import dev.cutlass.proto.Output;
import dev.cutlass.spi.DatagramBatch;
import dev.cutlass.spi.DatagramPort;
import org.jspecify.annotations.Nullable;

/** Packets of one connection that leave in one go, and go back to it then. One thread at a time. */
final class PacketBatch {
    /** As many segments as Linux takes at once; what is more goes as a next batch. */
    private static final int CAPACITY = 64;

    private final DatagramBatch datagrams = new DatagramBatch(CAPACITY);
    private final Output.@Nullable Transmit[] packets = new Output.@Nullable Transmit[CAPACITY];

    boolean isFull() {
        return datagrams.isFull();
    }

    /** @throws IllegalStateException if it is full */
    void add(Output.Transmit packet) {
        packets[datagrams.size()] = packet;
        datagrams.add(packet.datagram(), packet.length(), packet.to(), packet.channel());
    }

    /** Sends all of them; it is empty then. Returns how many the port did not take. */
    int send(DatagramPort port, Connection connection) {
        final int lost = datagrams.size() - port.sendBatch(datagrams);
        for (int i = 0; i < datagrams.size(); i++) {
            final Output.Transmit packet = packets[i];
            if (packet != null) {
                connection.giveBack(packet);
                packets[i] = null;
            }
        }
        datagrams.clear();
        return lost;
    }
}
