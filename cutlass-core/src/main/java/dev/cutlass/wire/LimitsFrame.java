package dev.cutlass.wire;

import java.nio.ByteBuffer;

/**
 * LIMITS: how much the receiver of this frame may send; the first one is its admission. docs/protocol.md sections 3.8, 5
 * and 5.2.
 * <pre>
 * field, repeated to the end of the body
 * class  varint    0: messages; unknown ones are ignored; of one class named twice the higher limit counts
 * limit  varint    bytes since the connection began
 * </pre>
 *
 * @param messages limit of class 0, {@link #NOT_NAMED} if the frame does not name it
 */
public record LimitsFrame(long messages) implements Frame {
    public static final int TYPE = 0x0b;
    public static final long NOT_NAMED = -1;
    static final long MESSAGES = 0;

    public LimitsFrame {
        if (messages != NOT_NAMED && !Varint.fits(messages)) {
            throw new IllegalArgumentException("limit " + messages);
        }
    }

    static Decoded decode(ByteBuffer body) {
        long messages = NOT_NAMED;
        while (body.hasRemaining()) {
            final long messageClass = Varint.get(body);
            final long limit = Varint.get(body);
            if (limit < 0) {
                return new Malformed(TYPE, Malformed.Why.TRUNCATED);
            }
            if (messageClass == MESSAGES) {
                messages = Math.max(messages, limit);
            }
        }
        return new LimitsFrame(messages);
    }

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public int bodyLength() {
        return messages == NOT_NAMED ? 0 : Varint.length(MESSAGES) + Varint.length(messages);
    }

    @Override
    public void encodeBodyTo(ByteBuffer out) {
        if (messages != NOT_NAMED) {
            Varint.put(out, MESSAGES);
            Varint.put(out, messages);
        }
    }

    @Override
    public void dispatchTo(Handler handler, long now) {
        handler.onLimits(this, now);
    }
}
