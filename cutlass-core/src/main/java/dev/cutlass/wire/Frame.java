package dev.cutlass.wire;

import java.nio.ByteBuffer;

/**
 * A frame: type (varint), length of the body (varint), body. docs/protocol.md section 5. Constructors refuse values that
 * cannot be sent with {@link IllegalArgumentException}; decoders answer {@link Malformed} for the same values, so whoever
 * holds a frame need not check its fields again.
 */
public sealed interface Frame extends Decoded
        permits AckFrame,
                CloseFrame,
                CryptoFrame,
                EightByteFrame,
                LimitsFrame,
                MessageFrame,
                NewConnectionIdFrame,
                NickFrame,
                OpenFrame,
                OpenedFrame,
                PongFrame,
                ReceiptFrame,
                RetireConnectionIdFrame {

    /** The type of padding: one zero byte, no length. {@link FrameReader} skips it. */
    byte PADDING = 0;

    int type();

    int bodyLength();

    void encodeBodyTo(ByteBuffer out);

    /** One call per type; a handler that forgets one does not compile. */
    void dispatchTo(Handler handler, long now);

    /** Whether a packet with this frame must be acknowledged (RFC 9002 section 2). */
    default boolean isAckEliciting() {
        return true;
    }

    /** Type, length and body, in bytes. */
    default int encodedLength() {
        final int body = bodyLength();
        return Varint.length(type()) + Varint.length(body) + body;
    }

    /**
     * Writes type, length and body.
     *
     * @throws java.nio.BufferOverflowException if fewer than {@link #encodedLength} bytes remain
     */
    default void encodeTo(ByteBuffer out) {
        Varint.put(out, type());
        Varint.put(out, bodyLength());
        encodeBodyTo(out);
    }

    /** Reacts to frames; {@code now} in ticker nanos. */
    interface Handler {
        void onAck(AckFrame frame, long now);

        void onClose(CloseFrame frame, long now);

        void onCrypto(CryptoFrame frame, long now);

        void onLimits(LimitsFrame frame, long now);

        void onMessage(MessageFrame frame, long now);

        void onNewConnectionId(NewConnectionIdFrame frame, long now);

        void onNick(NickFrame frame, long now);

        void onOpen(OpenFrame frame, long now);

        void onOpened(OpenedFrame frame, long now);

        void onPathChallenge(PathChallengeFrame frame, long now);

        void onPathResponse(PathResponseFrame frame, long now);

        void onPing(PingFrame frame, long now);

        void onPong(PongFrame frame, long now);

        void onReceipt(ReceiptFrame frame, long now);

        void onRetireConnectionId(RetireConnectionIdFrame frame, long now);
    }
}
