package dev.cutlass.wire;

import java.nio.ByteBuffer;
import java.util.function.LongFunction;

/** Frames whose whole body are eight bytes that the answer repeats. */
sealed interface EightByteFrame extends Frame permits PathChallengeFrame, PathResponseFrame, PingFrame {
    long data();

    static Decoded decode(int type, ByteBuffer body, LongFunction<EightByteFrame> frame) {
        if (body.remaining() != Long.BYTES) {
            return new Malformed(type, Malformed.Why.LENGTH);
        }
        return frame.apply(body.getLong());
    }

    @Override
    default int bodyLength() {
        return Long.BYTES;
    }

    @Override
    default void encodeBodyTo(ByteBuffer out) {
        out.putLong(data());
    }
}
