package dev.cutlass.wire;

import java.nio.ByteBuffer;

/**
 * MESSAGE: a fragment of a message. docs/protocol.md sections 5 and 5.1.
 * <pre>
 * field
 * channel  varint
 * number   varint    of the message in its channel
 * back     varint    number - back is the lowest that is not settled; at most number, else malformed
 * total    varint    bytes of the whole message, 1 to {@link #MAX_TOTAL}, else malformed
 * offset   varint    of data in the message
 * data     the rest, at least 1 byte; must end inside the message, else malformed
 * </pre>
 */
public record MessageFrame(long channel, long number, long back, int total, int offset, Bytes data) implements Frame {
    public static final int TYPE = 0x05;

    /** Bytes of content: docs/protocol.md section 5.1. */
    public static final int MAX_CONTENT = 65_536;

    /** Bytes of the content type: docs/protocol.md section 5.1. */
    public static final int MAX_CONTENT_TYPE = 127;

    /** Content, its type, and the two bytes that the length of the longest type takes. */
    public static final int MAX_TOTAL = 2 + MAX_CONTENT_TYPE + MAX_CONTENT;

    public MessageFrame {
        if (!Varint.fits(channel) || !isValid(number, back, total, offset, data.length())) {
            throw new IllegalArgumentException("channel " + channel + ", number " + number + ", back " + back
                    + ", total " + total + ", offset " + offset + ", data " + data.length());
        }
    }

    private static boolean isValid(long number, long back, long total, long offset, int size) {
        return Varint.fits(number)
                && back >= 0
                && back <= number
                && total >= 1
                && total <= MAX_TOTAL
                && size >= 1
                && offset >= 0
                && offset <= total - size;
    }

    static Decoded decode(ByteBuffer body) {
        final long channel = Varint.get(body);
        final long number = Varint.get(body);
        final long back = Varint.get(body);
        final long total = Varint.get(body);
        final long offset = Varint.get(body);
        if (offset < 0) {
            return new Malformed(TYPE, Malformed.Why.TRUNCATED);
        }
        if (!isValid(number, back, total, offset, body.remaining())) {
            return new Malformed(TYPE, Malformed.Why.VALUE);
        }
        return new MessageFrame(channel, number, back, (int) total, (int) offset, Bytes.rest(body));
    }

    /**
     * How many bytes of data fit into a frame of at most {@code frameLength} bytes; not more than {@code total - offset},
     * 0 if none fits.
     */
    public static int roomForData(long channel, long number, long back, int total, int offset, int frameLength) {
        final int fields = Varint.length(channel)
                + Varint.length(number)
                + Varint.length(back)
                + Varint.length(total)
                + Varint.length(offset);
        final int left = total - offset;
        int data = Math.min(left, frameLength - 1 - 1 - fields);
        while (data > 0 && 1 + Varint.length(fields + data) + fields + data > frameLength) {
            data--; // at most a few rounds: the length of the body takes 1, 2 or 4 bytes
        }
        return Math.max(data, 0);
    }

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public int bodyLength() {
        return Varint.length(channel)
                + Varint.length(number)
                + Varint.length(back)
                + Varint.length(total)
                + Varint.length(offset)
                + data.length();
    }

    @Override
    public void encodeBodyTo(ByteBuffer out) {
        Varint.put(out, channel);
        Varint.put(out, number);
        Varint.put(out, back);
        Varint.put(out, total);
        Varint.put(out, offset);
        data.writeTo(out);
    }

    @Override
    public void dispatchTo(Handler handler, long now) {
        handler.onMessage(this, now);
    }
}
