package dev.cutlass.wire;

import java.nio.ByteBuffer;

/**
 * RECEIPT: what became of a range of messages. docs/protocol.md sections 5 and 5.1.
 * <pre>
 * field
 * channel  varint
 * first    varint    number of the first message
 * count    varint    of messages, at least 1; the last number must be a varint, else malformed
 * code     varint    see the constants; an unknown one counts as a refusal
 * </pre>
 */
public record ReceiptFrame(long channel, long first, long count, long code) implements Frame {
    public static final int TYPE = 0x06;

    public static final long ACCEPTED = 0;
    public static final long NOT_PERMITTED = 1;
    public static final long INVALID = 2;
    public static final long NO_SUCH_CHANNEL = 3;

    public ReceiptFrame {
        if (!Varint.fits(channel) || !Varint.fits(code) || !isValid(first, count)) {
            throw new IllegalArgumentException(
                    "channel " + channel + ", first " + first + ", count " + count + ", code " + code);
        }
    }

    private static boolean isValid(long first, long count) {
        return Varint.fits(first) && count >= 1 && count <= Varint.MAX - first + 1;
    }

    static Decoded decode(ByteBuffer body) {
        final long channel = Varint.get(body);
        final long first = Varint.get(body);
        final long count = Varint.get(body);
        final long code = Varint.get(body);
        if (code < 0) {
            return new Malformed(TYPE, Malformed.Why.TRUNCATED);
        }
        if (body.hasRemaining()) {
            return new Malformed(TYPE, Malformed.Why.LENGTH);
        }
        if (!isValid(first, count)) {
            return new Malformed(TYPE, Malformed.Why.VALUE);
        }
        return new ReceiptFrame(channel, first, count, code);
    }

    /** Number of the last message. */
    public long last() {
        return first + count - 1;
    }

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public int bodyLength() {
        return Varint.length(channel) + Varint.length(first) + Varint.length(count) + Varint.length(code);
    }

    @Override
    public void encodeBodyTo(ByteBuffer out) {
        Varint.put(out, channel);
        Varint.put(out, first);
        Varint.put(out, count);
        Varint.put(out, code);
    }

    @Override
    public void dispatchTo(Handler handler, long now) {
        handler.onReceipt(this, now);
    }
}
