package dev.cutlass.secondimpl;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Bytes being read, in network byte order. Everything throws {@link Refused} at the end of the bytes. */
final class In {
    private final ByteBuffer bytes;

    In(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes);
    }

    boolean isEmpty() {
        return !bytes.hasRemaining();
    }

    /** An unsigned integer of {@code size} bytes; one of 8 bytes may come out negative. */
    long integer(int size) {
        long value = 0;
        for (byte b : bytes(size)) {
            value = value << 8 | (b & 0xff);
        }
        return value;
    }

    int peek() {
        return bytes.get(bytes.position());
    }

    int octet() {
        return (int) integer(1);
    }

    /** RFC 9000 section 16, in any of its lengths. */
    long varint() {
        int first = octet();
        int more = (1 << (first >>> 6)) - 1;
        return (long) (first & 0x3f) << (8 * more) | integer(more);
    }

    byte[] bytes(long size) {
        Refused.unless(size >= 0 && size <= bytes.remaining(), "too short");
        byte[] out = new byte[(int) size];
        bytes.get(out);
        return out;
    }

    byte[] rest() {
        return bytes(bytes.remaining());
    }

    /** The rest, which must be UTF-8. */
    String restAsText() {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new Refused("not UTF-8", e);
        }
    }

    void end() {
        Refused.unless(isEmpty(), "too long");
    }
}
