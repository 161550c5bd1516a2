package dev.cutlass.wire;

import java.nio.ByteBuffer;

/**
 * Variable-length integers of RFC 9000 section 16: 1, 2, 4 or 8 bytes, values 0 to 2^62 - 1. Any length is read, the
 * shortest is written.
 */
public final class Varint {
    /** The largest value that fits. */
    public static final long MAX = (1L << 62) - 1;

    /** What {@link #get} answers when the buffer ends inside a number. */
    public static final long TRUNCATED = -1;

    public static final int MAX_LENGTH = 8;

    /** In the first byte: above it is the length, as a power of two; below it the highest bits of the value. */
    private static final int LENGTH_SHIFT = 6;

    private static final int FIRST_BITS = (1 << LENGTH_SHIFT) - 1;

    private static final long MAX_1 = (1L << 6) - 1;
    private static final long MAX_2 = (1L << 14) - 1;
    private static final long MAX_4 = (1L << 30) - 1;

    private Varint() {}

    /** Whether {@code value} can be written. */
    public static boolean fits(long value) {
        return value >= 0 && value <= MAX;
    }

    /**
     * How many bytes {@link #put} writes for {@code value}.
     *
     * @throws IllegalArgumentException if the value does not fit
     */
    public static int length(long value) {
        if (!fits(value)) {
            throw new IllegalArgumentException("varint out of range 0 to 2^62 - 1: " + value);
        }
        if (value <= MAX_1) {
            return 1;
        }
        if (value <= MAX_2) {
            return 2;
        }
        return value <= MAX_4 ? 4 : MAX_LENGTH;
    }

    /**
     * Writes the shortest form.
     *
     * @throws IllegalArgumentException if the value does not fit
     */
    public static void put(ByteBuffer out, long value) {
        switch (length(value)) {
            case 1 -> out.put((byte) value);
            case 2 -> out.putShort((short) (0x4000 | value));
            case 4 -> out.putInt((int) (0x8000_0000L | value));
            default -> out.putLong(0xc000_0000_0000_0000L | value);
        }
    }

    /** Reads one number, or uses up the buffer and answers {@link #TRUNCATED}: so several reads need one check. */
    public static long get(ByteBuffer in) {
        if (!in.hasRemaining()) {
            return TRUNCATED;
        }
        final int first = in.get(in.position()) & 0xff;
        final int length = 1 << (first >> 6);
        if (in.remaining() < length) {
            in.position(in.limit());
            return TRUNCATED;
        }
        return switch (length) {
            case 1 -> in.get();
            case 2 -> in.getShort() & MAX_2;
            case 4 -> in.getInt() & MAX_4;
            default -> in.getLong() & MAX;
        };
    }

    /**
     * Writes the shortest form into an array, where {@link #length} bytes have to be there.
     *
     * @throws IllegalArgumentException if the value does not fit
     */
    public static void put(byte[] out, int offset, long value) {
        final int length = length(value);
        for (int i = 0; i < length; i++) {
            out[offset + i] = (byte) (value >> (Byte.SIZE * (length - 1 - i)));
        }
        out[offset] |= (byte) (Integer.numberOfTrailingZeros(length) << LENGTH_SHIFT);
    }

    /** How many bytes a number takes that begins with this one. */
    public static int lengthOf(byte first) {
        return 1 << ((first & 0xff) >> LENGTH_SHIFT);
    }

    /** The number at {@code offset} of an array, or {@link #TRUNCATED} if the array ends before it does. */
    public static long get(byte[] in, int offset) {
        if (offset >= in.length || in.length - offset < lengthOf(in[offset])) {
            return TRUNCATED;
        }
        final int length = lengthOf(in[offset]);
        long value = in[offset] & FIRST_BITS;
        for (int i = 1; i < length; i++) {
            value = value << Byte.SIZE | (in[offset + i] & 0xff);
        }
        return value;
    }
}
