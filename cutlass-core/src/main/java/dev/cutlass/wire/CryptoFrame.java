package dev.cutlass.wire;

import java.nio.ByteBuffer;

/**
 * CRYPTO: a part of the stream that carries REKEY messages. docs/protocol.md sections 4.6 and 5.
 * <pre>
 * field
 * offset  varint    of the first byte in the stream; offset + size of data is at most 2^62 - 1
 * data    the rest
 * </pre>
 */
public record CryptoFrame(long offset, Bytes data) implements Frame {
    public static final int TYPE = 0x04;

    public CryptoFrame {
        if (!isValid(offset, data)) {
            throw new IllegalArgumentException("offset " + offset);
        }
    }

    private static boolean isValid(long offset, Bytes data) {
        return Varint.fits(offset) && Varint.fits(offset + data.length());
    }

    static Decoded decode(ByteBuffer body) {
        final long offset = Varint.get(body);
        if (offset < 0) {
            return new Malformed(TYPE, Malformed.Why.TRUNCATED);
        }
        final Bytes data = Bytes.rest(body);
        if (!isValid(offset, data)) {
            return new Malformed(TYPE, Malformed.Why.VALUE);
        }
        return new CryptoFrame(offset, data);
    }

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public int bodyLength() {
        return Varint.length(offset) + data.length();
    }

    @Override
    public void encodeBodyTo(ByteBuffer out) {
        Varint.put(out, offset);
        data.writeTo(out);
    }

    @Override
    public void dispatchTo(Handler handler, long now) {
        handler.onCrypto(this, now);
    }
}
