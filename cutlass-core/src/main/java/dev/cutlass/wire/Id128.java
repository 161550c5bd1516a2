package dev.cutlass.wire;

import java.nio.ByteBuffer;

/** A 16-byte identifier of the protocol as a value: handshake id, flight id, boot id. None of them is a secret. */
public record Id128(long high, long low) {
    public static final int LENGTH = 2 * Long.BYTES;

    /** Sixteen zero bytes: the flight id of a cookie demand. */
    public static final Id128 ZERO = new Id128(0, 0);

    /**
     * The first 16 bytes of {@code bytes} from {@code offset} on.
     *
     * @throws IndexOutOfBoundsException if there are fewer
     */
    public static Id128 of(byte[] bytes, int offset) {
        return read(ByteBuffer.wrap(bytes, offset, LENGTH));
    }

    static Id128 read(ByteBuffer in) {
        final long high = in.getLong();
        return new Id128(high, in.getLong());
    }

    public void writeTo(ByteBuffer out) {
        out.putLong(high).putLong(low);
    }

    public byte[] toArray() {
        return ByteBuffer.allocate(LENGTH).putLong(high).putLong(low).array();
    }

    @Override
    public String toString() {
        return String.format("%016x%016x", high, low);
    }
}
