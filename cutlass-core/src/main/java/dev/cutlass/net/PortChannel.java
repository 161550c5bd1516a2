package dev.cutlass.net;

import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One socket of a port. */
final class PortChannel {
    /** A little more than a packet on most paths. */
    private static final int BUFFER_LENGTH = 2048;

    /** No UDP datagram is longer. */
    private static final int LONG_BUFFER_LENGTH = 65_535;

    final int id;
    final DatagramChannel channel;

    /** A direct buffer that lies ready for whoever sends next; a second sender at the same time finds none and does without. */
    private final AtomicReference<@Nullable ByteBuffer> spare = new AtomicReference<>(null);

    /** Volatile: set by whoever disconnects, read by the listener. */
    volatile boolean closed;

    /** Volatile: set by a sender that met an ICMP error, or by the listener; taken by the listener when nothing is left to read. */
    volatile boolean unreachable;

    /** Listener only: since the last datagram. */
    int errors;

    /** Listener only: it has, or may have, something to read, and waits for its turn. */
    boolean ready;

    PortChannel(int id, DatagramChannel channel) {
        this.id = id;
        this.channel = channel;
    }

    /** A buffer with these bytes, ready to be sent; give it back. */
    ByteBuffer fill(byte[] bytes, int offset, int length) {
        final ByteBuffer lying = spare.getAndSet(null);
        final ByteBuffer buffer = lying != null && lying.capacity() >= length
                ? lying
                : ByteBuffer.allocateDirect(length > BUFFER_LENGTH ? LONG_BUFFER_LENGTH : BUFFER_LENGTH);
        return buffer.clear().put(bytes, offset, length).flip();
    }

    void giveBack(ByteBuffer buffer) {
        spare.set(buffer);
    }
}
