package dev.cutlass.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A link in user space: a relay between one UDP client, whose address it learns, and one server, each direction as a {@link LinkModel} says. Two threads for each direction:
 * one takes datagrams as they come and reckons when they arrive, the other sends them then, in order. Any thread may start, ask and close.
 */
public final class UdpLink implements AutoCloseable {
    /** Asked for: what comes while a thread is not scheduled must not be lost. The system may give less; then {@link #ownLosses} tells. */
    private static final int SOCKET_BUFFER = 4 << 20;

    /** Datagrams under way in one direction, for links without a rate: more than 100 Mbit/s hold in a second of tiny ones. */
    private static final int MAX_UNDER_WAY = 1 << 18;

    /** All that UDP can carry. */
    private static final int BUFFER = 1 << 16;

    private static final Path KERNEL_TABLE = Path.of("/proc/net/udp");

    private final DatagramChannel front;
    private final DatagramChannel back;
    private final InetSocketAddress server;
    private final List<Direction> directions;

    /** Volatile: learnt by the thread that receives from it, read by the one that sends to it. */
    private volatile @Nullable SocketAddress client;

    /** Volatile: set by a thread that finds no room, read by whoever asks. */
    private volatile boolean full;

    private UdpLink(InetSocketAddress listen, InetSocketAddress server, LinkModel.Conditions conditions, long seed)
            throws IOException {
        this.server = server;
        this.front = open(listen);
        this.back = open(new InetSocketAddress(listen.getAddress(), 0));
        final long now = System.nanoTime();
        this.directions = List.of(
                new Direction("up", front, back, new LinkModel(conditions, seed, now)),
                new Direction("down", back, front, new LinkModel(conditions, ~seed, now)));
    }

    /**
     * Starts it.
     *
     * @param listen where clients find it; port 0: any
     * @param conditions of both directions
     * @param seed of what is lost by chance
     */
    public static UdpLink start(
            InetSocketAddress listen, InetSocketAddress server, LinkModel.Conditions conditions, long seed)
            throws IOException {
        final UdpLink link = new UdpLink(listen, server, conditions, seed);
        link.directions.forEach(Direction::start);
        return link;
    }

    private static DatagramChannel open(InetSocketAddress at) throws IOException {
        final DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET);
        return channel.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER)
                .setOption(StandardSocketOptions.SO_SNDBUF, SOCKET_BUFFER)
                .bind(at);
    }

    private static int port(DatagramChannel channel) throws IOException {
        return ((InetSocketAddress) channel.getLocalAddress()).getPort();
    }

    /** Where clients find it. */
    public int port() throws IOException {
        return port(front);
    }

    /**
     * Datagrams that its own sockets had no room for, as Linux tells: none, or it was the machine that lost them and not the link. 0 where the system does not tell.
     *
     * @throws IllegalStateException if more was under way than it has room for
     */
    public long ownLosses() throws IOException {
        if (full) {
            throw new IllegalStateException("more than " + MAX_UNDER_WAY + " datagrams under way");
        }
        if (!Files.isReadable(KERNEL_TABLE)) {
            return 0;
        }
        final String front16 = String.format(Locale.ROOT, ":%04X", port());
        final String back16 = String.format(Locale.ROOT, ":%04X", port(back));
        return Files.readAllLines(KERNEL_TABLE, StandardCharsets.US_ASCII).stream()
                .map(line -> line.strip().split("\\s+", -1))
                .filter(words -> words[1].endsWith(front16) || words[1].endsWith(back16))
                .mapToLong(words -> Long.parseLong(words[words.length - 1]))
                .sum();
    }

    @Override
    public void close() throws IOException {
        front.close();
        back.close();
        directions.forEach(Direction::end);
    }

    private record Held(ByteBuffer datagram, long due) {}

    private final class Direction {
        private final DatagramChannel in;
        private final DatagramChannel out;
        private final LinkModel model;
        private final BlockingQueue<Held> underWay = new ArrayBlockingQueue<>(MAX_UNDER_WAY);
        private final Thread receiver;
        private final Thread sender;

        Direction(String name, DatagramChannel in, DatagramChannel out, LinkModel model) {
            this.in = in;
            this.out = out;
            this.model = model;
            this.receiver = new Thread(() -> carry(this::receive), "link-" + name + "-in");
            this.sender = new Thread(() -> carry(this::send), "link-" + name + "-out");
            receiver.setDaemon(true);
            sender.setDaemon(true);
        }

        void start() {
            receiver.start();
            sender.start();
        }

        void end() {
            sender.interrupt();
        }

        private void carry(Loop loop) {
            try {
                loop.run();
            } catch (ClosedChannelException | InterruptedException e) {
                // closed: that ends a link
            } catch (IOException e) {
                System.err.println(Thread.currentThread().getName() + ": " + e);
            }
        }

        private void receive() throws IOException {
            final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
            while (true) {
                buffer.clear();
                final SocketAddress from = in.receive(buffer);
                final long now = System.nanoTime();
                if (in == front) {
                    client = from;
                } else if (!server.equals(from)) {
                    continue;
                }
                buffer.flip();
                final long due = model.admit(buffer.remaining(), now);
                if (due != LinkModel.DROPPED) {
                    final ByteBuffer datagram =
                            ByteBuffer.allocate(buffer.remaining()).put(buffer).flip();
                    if (!underWay.offer(new Held(datagram, due))) {
                        full = true;
                    }
                }
            }
        }

        private void send() throws IOException, InterruptedException {
            while (true) {
                final Held next = underWay.take();
                for (long wait = next.due - System.nanoTime(); wait > 0; wait = next.due - System.nanoTime()) {
                    LockSupport.parkNanos(this, wait);
                    if (Thread.interrupted()) {
                        throw new InterruptedException();
                    }
                }
                final SocketAddress to = out == back ? server : client;
                if (to != null) {
                    out.send(next.datagram, to);
                }
            }
        }
    }

    @FunctionalInterface
    private interface Loop {
        void run() throws IOException, InterruptedException;
    }
}
