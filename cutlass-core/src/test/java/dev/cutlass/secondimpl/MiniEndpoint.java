package dev.cutlass.secondimpl;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The second implementation on a real socket of the loopback interface, for one peer, driven by the test's own thread. */
final class MiniEndpoint implements AutoCloseable {
    private static final int REPEAT_AFTER_MILLIS = 200;
    private static final int MAX_SILENCES = 100;
    private static final int BUFFER = 65_535; // the engine looks for large packets: docs/protocol.md section 4.7

    private final Random random;
    private final DatagramSocket socket;
    private final MiniHandshake handshake;
    private final List<InboundMessages.Received> received = new ArrayList<>();
    private @Nullable InetSocketAddress remote;
    private @Nullable MiniConnection connection;

    /** @param remote whom to dial; null to wait for somebody */
    MiniEndpoint(MiniHandshake handshake, @Nullable InetSocketAddress remote, Random random) throws IOException {
        this.handshake = handshake;
        this.remote = remote;
        this.random = random;
        socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        socket.setSoTimeout(REPEAT_AFTER_MILLIS);
        if (remote != null) {
            send(handshake.start());
        }
    }

    int port() {
        return socket.getLocalPort();
    }

    /** Talks until something is true. */
    void runUntil(BooleanSupplier done) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int silences = 0; silences < MAX_SILENCES; ) {
            if (done.getAsBoolean()) {
                return;
            }
            if (connection != null) {
                send(connection.poll());
            }
            DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
            try {
                socket.receive(packet);
                remote = (InetSocketAddress) packet.getSocketAddress();
                take(Arrays.copyOf(buffer, packet.getLength()), remote);
            } catch (SocketTimeoutException e) {
                silences++;
                repeat();
            }
        }
        throw new AssertionError("nothing happened for " + MAX_SILENCES * REPEAT_AFTER_MILLIS + " ms");
    }

    private void take(byte[] datagram, InetSocketAddress from) throws IOException {
        MiniConnection open = connection;
        if (open != null && open.isOurs(datagram)) {
            open.receive(datagram, from);
            received.addAll(open.takeMessages());
        } else {
            send(handshake.receive(datagram));
            if (open == null && handshake.result() != null) {
                connection = new MiniConnection(Objects.requireNonNull(handshake.result()), random);
                connection.admit();
            }
        }
    }

    private void repeat() throws IOException {
        if (connection != null && connection.isConfirmed()) {
            connection.repeat();
        } else if (handshake.hasSent()) {
            send(handshake.repeat());
        }
    }

    private void send(List<byte[]> datagrams) throws IOException {
        for (byte[] datagram : datagrams) {
            socket.send(new DatagramPacket(datagram, datagram.length, remote));
        }
    }

    MiniConnection connection() {
        return Objects.requireNonNull(connection);
    }

    boolean isAdmitted() {
        return connection != null && connection.isAdmittedByPeer();
    }

    List<InboundMessages.Received> received() {
        return received;
    }

    @Override
    public void close() {
        socket.close();
    }
}
