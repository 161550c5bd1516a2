package dev.cutlass.net;

import dev.cutlass.spi.DatagramPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.ArrayDeque;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A UDP port by way of NIO, IPv4 and IPv6 on one socket where the machine has both. Channels do not block, so an interrupt of a sending thread does not close them.
 */
public final class NioDatagramPort implements DatagramPort {
    /** Room for what arrives while the listener is busy: some 3,000 packets. The system may give less. */
    private static final int BUFFER_SIZE = 4 << 20;

    /** No UDP datagram is longer. */
    private static final int MAX_DATAGRAM = 65_535;

    /** Changes that wait for the listener: twice what an engine has channels, and then some. */
    private static final int MAX_CHANGES = 1_024;

    /** Sockets that have something take turns of so many datagrams: whoever floods the bound one does not keep those of conversations from being read. */
    private static final int SLICE = 8;

    /** Of {@code jdk.net.ExtendedSocketOptions}, from JDK 19 on; looked up by its name so that older ones, and images without that module, do without. */
    private static final String DONT_FRAGMENT = "IP_DONTFRAGMENT";

    /** Errors in a row, of those that say nothing about whether the other side is there; more come from a socket that is of no use. */
    private static final int MAX_ERRORS = 16;

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Selector selector;
    private final PortChannel bound;
    private final InetSocketAddress localAddress;
    private final @Nullable InetAddress bindAddress;
    private final boolean unfragmented;
    private final ConcurrentHashMap<Integer, PortChannel> channels = new ConcurrentHashMap<>();
    private final AtomicInteger lastId = new AtomicInteger(BOUND);
    private final ChannelQueue changes = new ChannelQueue(MAX_CHANGES);

    // Listener only:
    private final ArrayDeque<PortChannel> ready = new ArrayDeque<>();
    private final Consumer<SelectionKey> onReady = this::selected; // one object for all turns
    private final ByteBuffer received = ByteBuffer.allocateDirect(MAX_DATAGRAM);
    private final byte[] datagram = new byte[MAX_DATAGRAM];

    private NioDatagramPort(
            Selector selector,
            DatagramChannel channel,
            InetSocketAddress localAddress,
            @Nullable InetAddress bindAddress) {
        this.selector = selector;
        this.bound = new PortChannel(BOUND, channel);
        this.localAddress = localAddress;
        this.bindAddress = bindAddress;
        this.unfragmented = dontFragment(channel);
        channels.put(BOUND, bound);
    }

    /**
     * Binds a port.
     *
     * @param address null: all
     * @param port 0: any
     * @throws IOException says what to do
     */
    public static NioDatagramPort open(@Nullable InetAddress address, int port) throws IOException {
        final DatagramChannel channel = openChannel(address);
        Selector selector = null;
        try {
            channel.bind(address == null ? new InetSocketAddress(port) : new InetSocketAddress(address, port));
            selector = Selector.open();
            channel.register(selector, SelectionKey.OP_READ);
            final NioDatagramPort result =
                    new NioDatagramPort(selector, channel, (InetSocketAddress) channel.getLocalAddress(), address);
            channel.keyFor(selector).attach(result.bound);
            return result;
        } catch (IOException | RuntimeException e) {
            channel.close();
            if (selector != null) {
                selector.close();
            }
            if (e instanceof SocketException) {
                throw explain(e, address, port);
            }
            throw e;
        }
    }

    private static DatagramChannel openChannel(@Nullable InetAddress address) throws IOException {
        final DatagramChannel channel = address instanceof Inet4Address
                ? DatagramChannel.open(StandardProtocolFamily.INET)
                : DatagramChannel.open();
        try {
            channel.configureBlocking(false);
            setBuffer(channel, StandardSocketOptions.SO_RCVBUF);
            setBuffer(channel, StandardSocketOptions.SO_SNDBUF);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
        return channel;
    }

    private static void setBuffer(DatagramChannel channel, SocketOption<Integer> option) throws IOException {
        try {
            channel.setOption(option, BUFFER_SIZE);
        } catch (SocketException e) {
            // Some systems refuse what is above their limit instead of giving the limit; then their default has to do.
            if (channel.getOption(option) <= 0) {
                throw e;
            }
        }
    }

    /** Whether the system agreed; then it reports what is too long for the first link, and routers drop what is too long for theirs. */
    private static boolean dontFragment(DatagramChannel channel) {
        for (SocketOption<?> option : channel.supportedOptions()) {
            if (option.name().equals(DONT_FRAGMENT) && option.type() == Boolean.class) {
                try {
                    @SuppressWarnings("unchecked") // its type was asked
                    final SocketOption<Boolean> dontFragment = (SocketOption<Boolean>) option;
                    channel.setOption(dontFragment, true);
                    return channel.getOption(dontFragment);
                } catch (IOException | UnsupportedOperationException e) {
                    return false; // this system cannot
                }
            }
        }
        return false;
    }

    private static IOException explain(Exception e, @Nullable InetAddress address, int port) {
        final String at = "UDP port " + port + (address == null ? "" : " of " + address.getHostAddress());
        final String text = String.valueOf(e.getMessage());
        if (text.contains("Permission denied")) {
            return new IOException(
                    at
                            + " cannot be bound without special rights: choose a port of 1024 or above, as 8365, or 0 for outbound only",
                    e);
        }
        if (e instanceof BindException && text.contains("assign requested address")) {
            return new IOException(
                    at + " cannot be bound: this machine has no such address; leave it out to bind all", e);
        }
        if (e instanceof BindException) {
            return new IOException(
                    at
                            + " is in use by another program (perhaps another Cutlass): end that one, or choose another port, or 0 for outbound only",
                    e);
        }
        return new IOException(at + " cannot be bound: " + text, e);
    }

    @Override
    public InetSocketAddress localAddress() {
        return localAddress;
    }

    @Override
    public boolean isUnfragmented() {
        return unfragmented;
    }

    @Override
    public boolean send(byte[] bytes, int offset, int length, InetSocketAddress to, int channel) {
        final PortChannel out = channel == BOUND ? bound : channels.get(channel);
        if (out == null) {
            return false;
        }
        final ByteBuffer buffer = out.fill(bytes, offset, length);
        try {
            return (out == bound ? out.channel.send(buffer, to) : out.channel.write(buffer)) == length;
        } catch (PortUnreachableException e) {
            out.unreachable = true;
            if (changes.offer(out)) {
                selector.wakeup();
            }
            return false;
        } catch (IOException | UnsupportedAddressTypeException | UnresolvedAddressException e) {
            return false; // no route, buffer full, closed: the packet is lost, as it might be anywhere else on its way
        } finally {
            out.giveBack(buffer);
        }
    }

    @Override
    public int receive(Receiver receiver, int max) {
        if (!selector.isOpen()) {
            return 0;
        }
        if (ready.isEmpty() || channels.size() > 1) { // one that is never empty says nothing about the others
            select(0);
        }
        for (PortChannel changed;
                (changed = changes.poll()) != null; ) { // after the select, which takes back a wake-up
            onChange(changed);
        }
        int count = 0;
        while (count < max) {
            final PortChannel channel = ready.poll();
            if (channel == null) {
                return count;
            }
            final int turn = Math.min(ready.isEmpty() ? max : SLICE, max - count);
            final int taken = receiveFrom(channel, receiver, turn);
            channel.ready = false;
            count += taken;
            if (taken == turn) {
                addReady(channel); // there may be more: after the others, and the next await does not block
            }
        }
        return count;
    }

    private void selected(SelectionKey key) {
        addReady((PortChannel) key.attachment());
    }

    private void addReady(PortChannel channel) {
        if (!channel.ready) {
            channel.ready = true;
            ready.add(channel);
        }
    }

    private int receiveFrom(PortChannel channel, Receiver receiver, int max) {
        int count = 0;
        while (count < max && !channel.closed) {
            try {
                received.clear();
                final InetSocketAddress from = (InetSocketAddress) channel.channel.receive(received);
                if (from == null) {
                    tellIfUnreachable(channel, receiver);
                    return count;
                }
                final int length = received.flip().remaining();
                received.get(datagram, 0, length);
                receiver.onDatagram(datagram, 0, length, from, channel.id);
                channel.errors = 0;
            } catch (PortUnreachableException | NoRouteToHostException e) {
                channel.unreachable = true;
            } catch (ClosedChannelException e) {
                return count;
            } catch (IOException e) {
                if (channel == bound) {
                    throw new UncheckedIOException("reading UDP", e);
                }
                // Whatever ICMP said, and anybody can forge it: mostly that a datagram was too long, which who tried
                // finds out by himself.
                if (++channel.errors == MAX_ERRORS) {
                    channel.unreachable = true;
                }
            }
            count++;
        }
        return count;
    }

    /**
     * Only once the socket is empty: systems report an ICMP error before the datagrams that came before it, the peer's CLOSE perhaps, and whoever hears of it may give the socket
     * up.
     */
    private static void tellIfUnreachable(PortChannel channel, Receiver receiver) {
        if (channel.unreachable) {
            channel.unreachable = false;
            receiver.onUnreachable(channel.id);
        }
    }

    @Override
    public void await(long maxNanos) {
        if (selector.isOpen() && ready.isEmpty()) {
            select(Math.max(1, maxNanos / NANOS_PER_MILLI));
        }
    }

    /** Zero: does not block. */
    private void select(long millis) {
        try {
            if (millis == 0) {
                selector.selectNow(onReady);
            } else {
                selector.select(onReady, millis);
            }
        } catch (ClosedSelectorException e) {
            // Closed by another thread; the next call finds that out.
        } catch (IOException e) {
            throw new UncheckedIOException("waiting for UDP", e);
        }
    }

    @Override
    public void wakeup() {
        selector.wakeup();
    }

    @Override
    public int connect(InetSocketAddress remote) {
        DatagramChannel channel = null;
        try {
            channel = openChannel(remote.getAddress() instanceof Inet4Address ? remote.getAddress() : bindAddress);
            channel.bind(bindAddress == null ? null : new InetSocketAddress(bindAddress, 0));
            if (unfragmented && !dontFragment(channel)) {
                throw new SocketException("a socket that fragments, beside one that does not");
            }
            channel.connect(remote);
            final PortChannel connected = new PortChannel(lastId.incrementAndGet(), channel);
            if (changes.offer(connected)) {
                channels.put(connected.id, connected);
                selector.wakeup();
                return connected.id;
            }
            channel.close();
        } catch (IOException | RuntimeException e) {
            closeQuietly(channel);
        }
        return NONE;
    }

    @Override
    public void disconnect(int id) {
        if (id == BOUND) {
            throw new IllegalArgumentException("the bound socket is closed by close()");
        }
        final PortChannel channel = channels.remove(id);
        if (channel != null) {
            channel.closed = true;
            closeQuietly(channel.channel); // the selector forgets the key in its next turn
            selector.wakeup();
        }
    }

    private void onChange(PortChannel channel) {
        if (channel.closed) {
            return;
        }
        if (channel.unreachable) {
            addReady(channel);
        }
        try {
            if (channel.channel.keyFor(selector) == null) {
                channel.channel.register(selector, SelectionKey.OP_READ, channel);
            }
        } catch (ClosedChannelException e) {
            // Disconnected in this moment: nothing to register.
        }
    }

    @Override
    public void close() {
        for (PortChannel channel : channels.values()) {
            channel.closed = true;
            closeQuietly(channel.channel);
        }
        channels.clear();
        try {
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException("closing UDP", e);
        }
    }

    private static void closeQuietly(@Nullable DatagramChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                // A socket that cannot be closed is of no more use to anybody, nor is the error.
            }
        }
    }
}
