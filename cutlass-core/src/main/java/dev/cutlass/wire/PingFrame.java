package dev.cutlass.wire;

import java.nio.ByteBuffer;

/**
 * PING: asks for a PONG. docs/protocol.md section 5.
 * <pre>
 * offset  size  field
 *      0     8  token    comes back in the PONG
 * </pre>
 */
public record PingFrame(long token) implements Frame {
    public static final int TYPE = 0x01;
    static final int BODY_LENGTH = Long.BYTES;

    static Decoded decode(ByteBuffer body) {
        if (body.remaining() != BODY_LENGTH) {
            return new Malformed(TYPE, Malformed.Why.LENGTH);
        }
        return new PingFrame(body.getLong());
    }

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public int bodyLength() {
        return BODY_LENGTH;
    }

    @Override
    public void encodeBodyTo(ByteBuffer out) {
        out.putLong(token);
    }

    @Override
    public void dispatchTo(Handler handler, long now) {
        handler.onPing(this, now);
    }
}
