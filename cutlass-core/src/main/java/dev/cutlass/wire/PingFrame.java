package dev.cutlass.wire;

import java.nio.ByteBuffer;

/**
 * PING: asks for a PONG. docs/protocol.md section 5.
 * <pre>
 * offset  size  field
 *      0     8  token    comes back in the PONG
 * </pre>
 */
public record PingFrame(long token) implements EightByteFrame {
    public static final int TYPE = 0x01;

    static Decoded decode(ByteBuffer body) {
        return EightByteFrame.decode(TYPE, body, PingFrame::new);
    }

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public long data() {
        return token;
    }

    @Override
    public void dispatchTo(Handler handler, long now) {
        handler.onPing(this, now);
    }
}
