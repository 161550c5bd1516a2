package dev.cutlass.wire;

import java.nio.ByteBuffer;

/**
 * PATH_CHALLENGE: asks the address that it is sent to for a PATH_RESPONSE with the same data (RFC 9000 section 8.2). docs/protocol.md sections 4.5 and 5.
 * <pre>
 * offset  size  field
 *      0     8  data    unpredictable
 * </pre>
 */
public record PathChallengeFrame(long data) implements EightByteFrame {
    public static final int TYPE = 0x07;

    static Decoded decode(ByteBuffer body) {
        return EightByteFrame.decode(TYPE, body, PathChallengeFrame::new);
    }

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public void dispatchTo(Handler handler, long now) {
        handler.onPathChallenge(this, now);
    }

    /** Without the data: who could read a challenge in a log could answer it. */
    @Override
    public String toString() {
        return "PathChallengeFrame";
    }
}
