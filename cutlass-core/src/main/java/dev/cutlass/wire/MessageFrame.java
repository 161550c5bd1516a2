package dev.cutlass.wire;

import java.nio.ByteBuffer;
import java.util.Objects;

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
 *
 * <p>No record, since most packets carry nothing else: who reads or cuts many fills one object again and again. One that {@link FrameReader} or a conversation hands out counts until they
 * are asked for the next; who keeps it takes a {@link #copy}. One that a constructor made never changes. Equal by content.
 */
public final class MessageFrame implements Frame {
    public static final int TYPE = 0x05;

    /** Bytes of content: docs/protocol.md section 5.1. */
    public static final int MAX_CONTENT = 65_536;

    /** Bytes of the content type: docs/protocol.md section 5.1. */
    public static final int MAX_CONTENT_TYPE = 127;

    /** Content, its type, and the two bytes that the length of the longest type takes. */
    public static final int MAX_TOTAL = 2 + MAX_CONTENT_TYPE + MAX_CONTENT;

    private long channel;
    private long number;
    private long back;
    private int total;
    private int offset;
    private final Bytes data;

    private MessageFrame(Bytes data) {
        this.data = data;
    }

    /** @throws IllegalArgumentException if it cannot be sent */
    public MessageFrame(long channel, long number, long back, int total, int offset, Bytes data) {
        this(data);
        set(channel, number, back, total, offset);
    }

    /** One to be filled: it is none until then. */
    public static MessageFrame reusable() {
        return new MessageFrame(Bytes.reusable());
    }

    /**
     * Makes a {@link #reusable} frame another one: {@code count} bytes of {@code message} from {@code offset} on. The array stays the caller's, who leaves it alone while the frame counts.
     *
     * @throws IllegalArgumentException if it cannot be sent
     */
    public MessageFrame fill(long channel, long number, long back, byte[] message, int offset, int count) {
        data.pointTo(message, offset, count);
        set(channel, number, back, message.length, offset);
        return this;
    }

    /** A {@link #reusable} frame is none again, and keeps no array alive. */
    public void forget() {
        data.forget();
        number = -1;
    }

    private void set(long newChannel, long newNumber, long newBack, int newTotal, int newOffset) {
        channel = newChannel;
        number = newNumber;
        back = newBack;
        total = newTotal;
        offset = newOffset;
        if (!Varint.fits(channel) || !isValid(number, back, total, offset, data.length())) {
            throw new IllegalArgumentException("channel " + channel + ", number " + number + ", back " + back
                    + ", total " + total + ", offset " + offset + ", data " + data.length());
        }
    }

    /** One that is the caller's to keep; also its data. */
    public MessageFrame copy() {
        return new MessageFrame(channel, number, back, total, offset, Bytes.of(data.toArray()));
    }

    public long channel() {
        return channel;
    }

    public long number() {
        return number;
    }

    /** {@code number - back} is the lowest number that is not settled. */
    public long back() {
        return back;
    }

    /** Bytes of the whole message. */
    public int total() {
        return total;
    }

    public int offset() {
        return offset;
    }

    /** Counts as long as the frame. */
    public Bytes data() {
        return data;
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
        return reusable().read(body);
    }

    /** Becomes what the body says; of a malformed one nothing. */
    Decoded read(ByteBuffer body) {
        final long readChannel = Varint.get(body);
        final long readNumber = Varint.get(body);
        final long readBack = Varint.get(body);
        final long readTotal = Varint.get(body);
        final long readOffset = Varint.get(body);
        if (readOffset < 0) {
            return new Malformed(TYPE, Malformed.Why.TRUNCATED);
        }
        final int size = body.remaining();
        if (!isValid(readNumber, readBack, readTotal, readOffset, size)) {
            return new Malformed(TYPE, Malformed.Why.VALUE);
        }
        data.pointTo(body.array(), body.arrayOffset() + body.position(), size);
        set(readChannel, readNumber, readBack, (int) readTotal, (int) readOffset);
        return this;
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

    @Override
    public boolean equals(Object other) {
        return other instanceof MessageFrame that
                && channel == that.channel
                && number == that.number
                && back == that.back
                && total == that.total
                && offset == that.offset
                && data.equals(that.data);
    }

    @Override
    public int hashCode() {
        return Objects.hash(channel, number, back, total, offset, data);
    }

    /** Without the content. */
    @Override
    public String toString() {
        return "MessageFrame[channel=" + channel + ", number=" + number + ", back=" + back + ", total=" + total
                + ", offset=" + offset + ", data=" + data + "]";
    }
}
