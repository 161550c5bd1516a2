package dev.cutlass.wire;

import java.nio.ByteBuffer;

/**
 * PATH_RESPONSE: proves that the PATH_CHALLENGE with this data arrived (RFC 9000 section 8.2). docs/protocol.md sections 4.5 and 5.
 * <pre>
 * offset  size  field
 *      0     8  data    that of the challenge
 * </pre>
 */
public record PathResponseFrame(long data) implements Frame {
    public static final int TYPE = 0x08;
    static final int BODY_LENGTH = Long.BYTES;

    static Decoded decode(ByteBuffer body) {
        if (body.remaining() != BODY_LENGTH) {
            return new Malformed(TYPE, Malformed.Why.LENGTH);
        }
        return new PathResponseFrame(body.getLong());
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
        out.putLong(data);
    }

    @Override
    public void dispatchTo(Handler handler, long now) {
        handler.onPathResponse(this, now);
    }

    /** Without the data: who could read a challenge in a log could answer it. */
    @Override
    public String toString() {
        return "PathResponseFrame";
    }
}
