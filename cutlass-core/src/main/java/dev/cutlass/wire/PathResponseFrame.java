package dev.cutlass.wire;

import java.nio.ByteBuffer;

/**
 * PATH_RESPONSE: proves that the PATH_CHALLENGE with this data arrived (RFC 9000 section 8.2). docs/protocol.md sections 4.5 and 5.
 * <pre>
 * offset  size  field
 *      0     8  data    that of the challenge
 * </pre>
 */
public record PathResponseFrame(long data) implements EightByteFrame {
    public static final int TYPE = 0x08;

    static Decoded decode(ByteBuffer body) {
        return EightByteFrame.decode(TYPE, body, PathResponseFrame::new);
    }

    @Override
    public int type() {
        return TYPE;
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
