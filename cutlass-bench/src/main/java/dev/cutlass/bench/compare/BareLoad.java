package dev.cutlass.bench.compare;

import dev.cutlass.bench.LinkModel;
import dev.cutlass.bench.UdpLink;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What the link itself carries: datagrams one way, a little faster than its rate, and nothing repeated. Shows that the relay is not what limits others. */
final class BareLoad {
    private static final int DATAGRAM = 1_200;
    private static final double EXCESS = 1.02;
    private static final long STEP_NANOS = TimeUnit.MICROSECONDS.toNanos(500);
    private static final int SOCKET_BUFFER = 4 << 20;

    /** Written by the receiving thread, read after it has ended. */
    private long first;

    private long last;
    private long bytes;

    private BareLoad() {}

    /** Bytes per second that arrive. */
    @SuppressWarnings(
            "try") // closing the socket is what ends its thread, which must have ended before its count is read
    static double measure(LinkModel.Conditions conditions, long seed, long nanos)
            throws IOException, InterruptedException {
        final InetAddress loopback = InetAddress.getLoopbackAddress();
        final BareLoad load = new BareLoad();
        try (DatagramChannel receiver = DatagramChannel.open(StandardProtocolFamily.INET);
                DatagramChannel sender = DatagramChannel.open(StandardProtocolFamily.INET)) {
            receiver.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER).bind(new InetSocketAddress(loopback, 0));
            sender.setOption(StandardSocketOptions.SO_SNDBUF, SOCKET_BUFFER).bind(new InetSocketAddress(loopback, 0));
            final Thread thread = new Thread(() -> load.receive(receiver), "bare-load");
            thread.start();
            try (UdpLink link = UdpLink.start(
                    new InetSocketAddress(loopback, 0),
                    (InetSocketAddress) receiver.getLocalAddress(),
                    conditions,
                    seed)) {
                send(sender, new InetSocketAddress(loopback, link.port()), conditions, nanos);
                LockSupport.parkNanos(conditions.queueNanos() + conditions.delayNanos());
            }
            receiver.close();
            thread.join();
        }
        return load.bytes * 1e9 / Math.max(1, load.last - load.first);
    }

    private static void send(DatagramChannel sender, InetSocketAddress to, LinkModel.Conditions conditions, long nanos)
            throws IOException {
        final ByteBuffer datagram = ByteBuffer.allocateDirect(DATAGRAM);
        final double bytesPerNano = conditions.bitsPerSecond() * EXCESS / (Byte.SIZE * 1e9);
        final long start = System.nanoTime();
        long sent = 0;
        for (long passed = 0; passed < nanos; passed = System.nanoTime() - start) {
            while (sent < passed * bytesPerNano) {
                datagram.clear();
                sent += sender.send(datagram, to);
            }
            LockSupport.parkNanos(STEP_NANOS);
        }
    }

    /** The first datagram starts the clock and does not count. */
    private void receive(DatagramChannel channel) {
        final ByteBuffer datagram = ByteBuffer.allocateDirect(DATAGRAM);
        try {
            channel.receive(datagram);
            first = System.nanoTime();
            last = first;
            while (true) {
                datagram.clear();
                channel.receive(datagram);
                last = System.nanoTime();
                bytes += datagram.position();
            }
        } catch (ClosedChannelException e) {
            return; // that ends it
        } catch (IOException e) {
            System.err.println("bare load: " + e);
        }
    }
}
