package dev.cutlass.wire;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Frame type to decoder. A new frame is one record and one line here. */
final class FrameRegistry {
    /** Reads a body, all of it: position to limit of a buffer that has an array. */
    interface Decoder {
        Decoded decode(ByteBuffer body);
    }

    /** One byte of varint: all types that we know are below. */
    private static final int TYPES = 64;

    private static final @Nullable Decoder[] DECODERS = new @Nullable Decoder[TYPES];

    static {
        add(PingFrame.TYPE, PingFrame::decode);
        add(PongFrame.TYPE, PongFrame::decode);
        add(AckFrame.TYPE, AckFrame::decode);
        add(CryptoFrame.TYPE, CryptoFrame::decode);
        add(MessageFrame.TYPE, MessageFrame::decode);
        add(ReceiptFrame.TYPE, ReceiptFrame::decode);
        add(PathChallengeFrame.TYPE, PathChallengeFrame::decode);
        add(PathResponseFrame.TYPE, PathResponseFrame::decode);
        add(NewConnectionIdFrame.TYPE, NewConnectionIdFrame::decode);
        add(RetireConnectionIdFrame.TYPE, RetireConnectionIdFrame::decode);
        add(LimitsFrame.TYPE, LimitsFrame::decode);
        add(OpenFrame.TYPE, OpenFrame::decode);
        add(OpenedFrame.TYPE, OpenedFrame::decode);
        add(CloseFrame.TYPE, CloseFrame::decode);
        add(NickFrame.TYPE, NickFrame::decode);
    }

    private FrameRegistry() {}

    private static void add(int type, Decoder decoder) {
        if (DECODERS[type] != null) {
            throw new AssertionError("two frames of type " + type);
        }
        DECODERS[type] = decoder;
    }

    static @Nullable Decoder find(long type) {
        return type < TYPES ? DECODERS[(int) type] : null;
    }
}
