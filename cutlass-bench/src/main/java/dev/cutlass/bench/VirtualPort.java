package dev.cutlass.bench;

import dev.cutlass.spi.DatagramPort;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** A port without a socket: two queues. One thread. */
final class VirtualPort implements DatagramPort {
    private final InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 8365);
    private final Deque<Datagram> toEngine = new ArrayDeque<>();
    private final Deque<Datagram> fromEngine = new ArrayDeque<>();

    /** A datagram, and where it comes from, or goes to. */
    static final class Datagram {
        private final byte[] bytes;
        private final InetSocketAddress peer;

        Datagram(byte[] bytes, InetSocketAddress peer) {
            this.bytes = bytes;
            this.peer = peer;
        }

        byte[] bytes() {
            return bytes;
        }

        InetSocketAddress peer() {
            return peer;
        }
    }

    void deliver(byte[] bytes, int length, InetSocketAddress from) {
        toEngine.add(new Datagram(Arrays.copyOf(bytes, length), from));
    }

    @Nullable
    Datagram take() {
        return fromEngine.poll();
    }

    boolean isQuiet() {
        return toEngine.isEmpty() && fromEngine.isEmpty();
    }

    @Override
    public InetSocketAddress localAddress() {
        return address;
    }

    @Override
    public boolean send(byte[] datagram, int offset, int length, InetSocketAddress to, int channel) {
        fromEngine.add(new Datagram(Arrays.copyOfRange(datagram, offset, offset + length), to));
        return true;
    }

    @Override
    public int receive(Receiver receiver, int max) {
        int count = 0;
        while (count < max && !toEngine.isEmpty()) {
            final Datagram next = toEngine.remove();
            receiver.onDatagram(next.bytes(), 0, next.bytes().length, next.peer(), BOUND);
            count++;
        }
        return count;
    }

    @Override
    public void await(long maxNanos) {
        throw new IllegalStateException("nothing waits in virtual time");
    }

    @Override
    public void wakeup() {
        // whoever drives the engine gives it turns until nothing moves
    }

    @Override
    public int connect(InetSocketAddress remote) {
        return NONE;
    }

    @Override
    public void disconnect(int channel) {
        throw new IllegalStateException("there is the bound one only");
    }

    @Override
    public void close() {
        toEngine.clear();
        fromEngine.clear();
    }
}
