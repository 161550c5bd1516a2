package dev.cutlass.testkit;

import dev.cutlass.fixtures.SimDatagram;
import dev.cutlass.fixtures.SimHost;
import dev.cutlass.fixtures.SimSocket;
import dev.cutlass.spi.DatagramPort;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** An engine's port on a host of the simulated network. One thread. */
final class SimDatagramPort implements DatagramPort {
    private final SimHost host;

    /** By channel; sorted, so that a seed decides everything. */
    private final Map<Integer, SimSocket> sockets = new TreeMap<>();

    private int lastChannel = BOUND;
    private boolean wakeup;
    private boolean closed;

    /** @param port 0: any */
    SimDatagramPort(SimHost host, int port) {
        this.host = host;
        sockets.put(BOUND, host.open(port));
    }

    /** Whether the engine asked for a turn of its listener since this was asked last. */
    boolean takeWakeup() {
        final boolean asked = wakeup;
        wakeup = false;
        return asked;
    }

    boolean wantsTurn() {
        return wakeup;
    }

    @Override
    public InetSocketAddress localAddress() {
        return bound().address();
    }

    /** The bound socket; a test may rebind it, as a NAT in front of it would. */
    SimSocket bound() {
        final SimSocket socket = sockets.get(BOUND);
        if (socket == null) {
            throw new IllegalStateException("the port is closed");
        }
        return socket;
    }

    @Override
    public boolean send(byte[] datagram, int offset, int length, InetSocketAddress to, int channel) {
        final SimSocket socket = sockets.get(channel);
        if (socket == null || socket.isClosed()) {
            return false;
        }
        final byte[] payload = Arrays.copyOfRange(datagram, offset, offset + length);
        if (socket.isConnected()) {
            socket.send(payload);
        } else {
            socket.send(payload, to);
        }
        return true;
    }

    @Override
    public boolean isUnfragmented() {
        return true; // what is longer than the MTU of a link vanishes
    }

    @Override
    public int receive(Receiver receiver, int max) {
        int received = 0;
        for (Map.Entry<Integer, SimSocket> entry : List.copyOf(sockets.entrySet())) {
            final int channel = entry.getKey();
            if (entry.getValue().takeUnreachable()) {
                receiver.onUnreachable(channel);
            }
            SimDatagram datagram;
            while (received < max && (datagram = entry.getValue().receive()) != null) {
                final byte[] payload = datagram.payload();
                receiver.onDatagram(payload, 0, payload.length, datagram.from(), channel);
                received++;
            }
        }
        wakeup |= received == max; // there may be more
        return received;
    }

    @Override
    public void await(long maxNanos) {
        throw new IllegalStateException("nothing waits in virtual time");
    }

    @Override
    public void wakeup() {
        wakeup = true;
    }

    @Override
    public int connect(InetSocketAddress remote) {
        if (closed) {
            return NONE;
        }
        sockets.put(++lastChannel, host.connect(0, remote));
        return lastChannel;
    }

    @Override
    public void disconnect(int channel) {
        final SimSocket socket = channel == BOUND ? null : sockets.remove(channel);
        if (socket != null) {
            socket.close();
        }
    }

    @Override
    public void close() {
        closed = true;
        new ArrayList<>(sockets.values()).forEach(SimSocket::close);
        sockets.clear();
    }
}
