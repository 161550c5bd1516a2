package dev.cutlass.gso;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One socket of a port: IPv6 that takes IPv4, too, unless its address is IPv4 or the machine has no IPv6. Any thread. */
final class GsoChannel {
    /** As the NIO port has it: room for what arrives while the listener is busy. The system may give less. */
    private static final int BUFFER_SIZE = 4 << 20;

    final int id;
    final int family;
    final Descriptor descriptor;

    /** Set by a sender that met an ICMP error, or by the listener; taken by the listener when nothing is left to read. */
    final AtomicBoolean unreachable = new AtomicBoolean();

    private GsoChannel(int id, int family, int descriptor) {
        this.id = id;
        this.family = family;
        this.descriptor = new Descriptor(descriptor);
    }

    /**
     * Opens and binds a socket.
     *
     * @param address null: all
     * @throws IOException with the call and the errno
     */
    static GsoChannel open(int id, @Nullable InetAddress address, int port) throws IOException {
        final boolean four = address instanceof Inet4Address || Boolean.getBoolean("java.net.preferIPv4Stack");
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment errno = arena.allocate(Libc.ERRNO_SIZE);
            int family = four ? Libc.AF_INET : Libc.AF_INET6;
            int number = Libc.socket(errno, family);
            if (number < 0 && !four && !(address instanceof Inet6Address)) {
                family = Libc.AF_INET;
                number = Libc.socket(errno, family);
            }
            check("socket", number);
            final GsoChannel channel = new GsoChannel(id, family, number);
            try {
                channel.prepare(arena, address, port);
            } catch (IOException | RuntimeException e) {
                channel.descriptor.close();
                throw e;
            }
            return channel;
        }
    }

    private void prepare(Arena arena, @Nullable InetAddress address, int port) throws IOException {
        final MemorySegment errno = arena.allocate(Libc.ERRNO_SIZE);
        final MemorySegment value = arena.allocate(JAVA_INT);
        final int number = descriptor.number;
        if (family == Libc.AF_INET6) {
            check("IPV6_V6ONLY", Libc.setsockopt(errno, number, Libc.IPPROTO_IPV6, Libc.IPV6_V6ONLY, value));
        }
        value.set(JAVA_INT, 0, BUFFER_SIZE); // Linux gives its limit where that is less
        check("SO_RCVBUF", Libc.setsockopt(errno, number, Libc.SOL_SOCKET, Libc.SO_RCVBUF, value));
        check("SO_SNDBUF", Libc.setsockopt(errno, number, Libc.SOL_SOCKET, Libc.SO_SNDBUF, value));
        value.set(JAVA_INT, 0, Libc.PMTUDISC_PROBE);
        if (family == Libc.AF_INET6) {
            check(
                    "IPV6_MTU_DISCOVER",
                    Libc.setsockopt(errno, number, Libc.IPPROTO_IPV6, Libc.IPV6_MTU_DISCOVER, value));
        }
        check(
                "IP_MTU_DISCOVER",
                Libc.setsockopt(
                        errno, number, Libc.IPPROTO_IP, Libc.IP_MTU_DISCOVER, value)); // IPv6 sockets speak IPv4, too
        value.set(JAVA_INT, 0, 1);
        check("UDP_GRO", Libc.setsockopt(errno, number, Libc.SOL_UDP, Libc.UDP_GRO, value));
        final MemorySegment name = arena.allocate(SocketAddress.SIZE);
        final InetSocketAddress at =
                address == null ? new InetSocketAddress(port) : new InetSocketAddress(address, port);
        check("bind", Libc.bind(errno, number, name, SocketAddress.encode(at, family, name)));
    }

    /** Talks with this address only, from now on. */
    void connect(InetSocketAddress remote) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment name = arena.allocate(SocketAddress.SIZE);
            final int length = SocketAddress.encode(remote, family, name);
            check("connect", Libc.connect(arena.allocate(Libc.ERRNO_SIZE), descriptor.number, name, length));
        }
    }

    InetSocketAddress localAddress() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment name = arena.allocate(SocketAddress.SIZE);
            final MemorySegment length = arena.allocateFrom(JAVA_INT, SocketAddress.SIZE);
            check("getsockname", Libc.getsockname(arena.allocate(Libc.ERRNO_SIZE), descriptor.number, name, length));
            return SocketAddress.decode(name);
        }
    }

    /** Throws if a call answered with minus an errno. */
    static void check(String call, int result) throws IOException {
        if (result < 0) {
            throw new IOException(call + " failed with errno " + -result);
        }
    }
}
