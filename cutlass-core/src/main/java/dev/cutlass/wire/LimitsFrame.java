package dev.cutlass.wire;

import java.nio.ByteBuffer;

/**
 * LIMITS: how much the receiver of this frame may send; the first one is its admission. docs/protocol.md sections 3.8, 5
 * and 5.2.
 * <pre>
 * field, repeated to the end of the body
 * class  varint    see {@link MessageClass}; unknown ones are ignored; of one class named twice the higher limit counts
 * limit  varint    bytes since the connection began
 * </pre>
 *
 * @param messages limit of {@link MessageClass#MESSAGES}, {@link #NOT_NAMED} if the frame does not name it
 * @param bulk limit of {@link MessageClass#BULK}, likewise
 */
public record LimitsFrame(long messages, long bulk) implements Frame {
    public static final int TYPE = 0x0b;
    public static final long NOT_NAMED = -1;

    /** The longest that we send: type, length, and two limits with their classes. */
    public static final int MAX_LENGTH = 2 + 2 * (1 + Long.BYTES);

    public LimitsFrame {
        checkLimit(messages);
        checkLimit(bulk);
    }

    /** One that does not name bulk. */
    public LimitsFrame(long messages) {
        this(messages, NOT_NAMED);
    }

    private static void checkLimit(long limit) {
        if (limit != NOT_NAMED && !Varint.fits(limit)) {
            throw new IllegalArgumentException("limit " + limit);
        }
    }

    static Decoded decode(ByteBuffer body) {
        long messages = NOT_NAMED;
        long bulk = NOT_NAMED;
        while (body.hasRemaining()) {
            final long messageClass = Varint.get(body);
            final long limit = Varint.get(body);
            if (limit < 0) {
                return new Malformed(TYPE, Malformed.Why.TRUNCATED);
            }
            if (messageClass == MessageClass.MESSAGES.code()) {
                messages = Math.max(messages, limit);
            } else if (messageClass == MessageClass.BULK.code()) {
                bulk = Math.max(bulk, limit);
            }
        }
        return new LimitsFrame(messages, bulk);
    }

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public int bodyLength() {
        return lengthOf(MessageClass.MESSAGES, messages) + lengthOf(MessageClass.BULK, bulk);
    }

    @Override
    public void encodeBodyTo(ByteBuffer out) {
        put(out, MessageClass.MESSAGES, messages);
        put(out, MessageClass.BULK, bulk);
    }

    private static int lengthOf(MessageClass messageClass, long limit) {
        return limit == NOT_NAMED ? 0 : Varint.length(messageClass.code()) + Varint.length(limit);
    }

    private static void put(ByteBuffer out, MessageClass messageClass, long limit) {
        if (limit != NOT_NAMED) {
            Varint.put(out, messageClass.code());
            Varint.put(out, limit);
        }
    }

    @Override
    public void dispatchTo(Handler handler, long now) {
        handler.onLimits(this, now);
    }
}
