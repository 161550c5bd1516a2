package dev.cutlass.spi;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Datagrams in the order in which they are to be sent; made once and filled again and again. One thread at a time. */
public final class DatagramBatch {
    private final byte[] @Nullable [] datagrams;
    private final int[] lengths;
    private final @Nullable InetSocketAddress[] to;
    private final int[] channels;
    private int size;

    /** An empty batch with room for so many datagrams, 1 or more. */
    public DatagramBatch(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("a batch holds 1 datagram or more, not " + capacity);
        }
        this.datagrams = new byte[capacity][];
        this.lengths = new int[capacity];
        this.to = new InetSocketAddress[capacity];
        this.channels = new int[capacity];
    }

    /**
     * Adds a datagram, which stays as it is until the batch is cleared: its first {@code length} bytes count.
     *
     * @throws IllegalStateException if the batch is full
     */
    public void add(byte[] datagram, int length, InetSocketAddress address, int channel) {
        if (isFull()) {
            throw new IllegalStateException("the batch is full: " + size);
        }
        datagrams[size] = datagram;
        lengths[size] = length;
        to[size] = address;
        channels[size] = channel;
        size++;
    }

    /** How many datagrams it holds. */
    public int size() {
        return size;
    }

    /** True if {@link #add} would throw. */
    public boolean isFull() {
        return size == datagrams.length;
    }

    /** The bytes of a datagram, of which the first {@link #length} count. */
    public byte[] datagram(int index) {
        return present(datagrams[index], index);
    }

    /** The length of a datagram in bytes. */
    public int length(int index) {
        return lengths[index];
    }

    /** Where a datagram goes. */
    public InetSocketAddress to(int index) {
        return present(to[index], index);
    }

    /** The channel of a datagram. */
    public int channel(int index) {
        return channels[index];
    }

    /** Empties it; keeps nothing alive that was in it. */
    public void clear() {
        for (int i = 0; i < size; i++) {
            datagrams[i] = null;
            to[i] = null;
        }
        size = 0;
    }

    private <T> T present(@Nullable T value, int index) {
        if (value == null) {
            throw new IndexOutOfBoundsException(index + " of " + size);
        }
        return value;
    }
}
