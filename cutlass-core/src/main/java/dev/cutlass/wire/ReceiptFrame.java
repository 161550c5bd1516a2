package dev.cutlass.wire;

import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * RECEIPT: what became of a range of messages. docs/protocol.md sections 5 and 5.1.
 * <pre>
 * field
 * channel  varint
 * first    varint    number of the first message
 * count    varint    of messages, at least 1; the last number must be a varint, else malformed
 * code     varint    see the constants; an unknown one counts as a refusal
 * </pre>
 *
 * <p>No record, for the same reason and with the same rules as {@link MessageFrame}: one that {@link FrameReader} or a conversation hands out counts until they are asked for the next.
 */
public final class ReceiptFrame implements Frame {
    public static final int TYPE = 0x06;

    public static final long ACCEPTED = 0;
    public static final long NOT_PERMITTED = 1;
    public static final long INVALID = 2;
    public static final long NO_SUCH_CHANNEL = 3;

    private long channel;
    private long first;
    private long count;
    private long code;

    private ReceiptFrame() {}

    /** @throws IllegalArgumentException if it cannot be sent */
    public ReceiptFrame(long channel, long first, long count, long code) {
        set(channel, first, count, code);
    }

    /** One to be filled: it is none until then. */
    public static ReceiptFrame reusable() {
        return new ReceiptFrame();
    }

    /**
     * Makes a {@link #reusable} frame another one.
     *
     * @throws IllegalArgumentException if it cannot be sent
     */
    public ReceiptFrame fill(long newChannel, long newFirst, long newCount, long newCode) {
        set(newChannel, newFirst, newCount, newCode);
        return this;
    }

    private void set(long newChannel, long newFirst, long newCount, long newCode) {
        channel = newChannel;
        first = newFirst;
        count = newCount;
        code = newCode;
        if (!Varint.fits(channel) || !Varint.fits(code) || !isValid(first, count)) {
            throw new IllegalArgumentException(
                    "channel " + channel + ", first " + first + ", count " + count + ", code " + code);
        }
    }

    /** One that is the caller's to keep. */
    public ReceiptFrame copy() {
        return new ReceiptFrame(channel, first, count, code);
    }

    public long channel() {
        return channel;
    }

    /** Number of the first message. */
    public long first() {
        return first;
    }

    /** How many messages. */
    public long count() {
        return count;
    }

    public long code() {
        return code;
    }

    private static boolean isValid(long first, long count) {
        return Varint.fits(first) && count >= 1 && count <= Varint.MAX - first + 1;
    }

    static Decoded decode(ByteBuffer body) {
        return reusable().read(body);
    }

    /** Becomes what the body says; of a malformed one nothing. */
    Decoded read(ByteBuffer body) {
        final long readChannel = Varint.get(body);
        final long readFirst = Varint.get(body);
        final long readCount = Varint.get(body);
        final long readCode = Varint.get(body);
        if (readCode < 0) {
            return new Malformed(TYPE, Malformed.Why.TRUNCATED);
        }
        if (body.hasRemaining()) {
            return new Malformed(TYPE, Malformed.Why.LENGTH);
        }
        if (!isValid(readFirst, readCount)) {
            return new Malformed(TYPE, Malformed.Why.VALUE);
        }
        return fill(readChannel, readFirst, readCount, readCode);
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

    @Override
    public boolean equals(Object other) {
        return other instanceof ReceiptFrame that
                && channel == that.channel
                && first == that.first
                && count == that.count
                && code == that.code;
    }

    @Override
    public int hashCode() {
        return Objects.hash(channel, first, count, code);
    }

    @Override
    public String toString() {
        return "ReceiptFrame[channel=" + channel + ", first=" + first + ", count=" + count + ", code=" + code + "]";
    }
}
