package dev.cutlass.secondimpl;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Bytes in the making, in network byte order. */
final class Out {
    static final long MAX_VARINT = (1L << 62) - 1;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** The {@code size} low bytes of {@code value}. */
    Out integer(int size, long value) {
        for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) {
            bytes.write((int) (value >>> shift));
        }
        return this;
    }

    /** RFC 9000 section 16, in the shortest form. */
    Out varint(long value) {
        Refused.unless(value >= 0 && value <= MAX_VARINT, "no varint: " + value);
        int power = value < 1 << 6 ? 0 : value < 1 << 14 ? 1 : value < 1 << 30 ? 2 : 3;
        int size = 1 << power;
        return integer(size, value | (long) power << (8 * size - 2));
    }

    Out bytes(byte[] value) {
        bytes.writeBytes(value);
        return this;
    }

    Out text(String value) {
        return bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    int size() {
        return bytes.size();
    }

    byte[] toBytes() {
        return bytes.toByteArray();
    }

    static byte[] join(byte[]... parts) {
        Out all = new Out();
        for (byte[] part : parts) {
            all.bytes(part);
        }
        return all.toBytes();
    }

    static byte[] xor(byte[] left, byte[] right) {
        byte[] out = left.clone();
        for (int i = 0; i < out.length; i++) {
            out[i] ^= right[i];
        }
        return out;
    }
}
