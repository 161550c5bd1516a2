package dev.cutlass.wire;

import java.nio.ByteBuffer;

/**
 * OPENED: answers an OPEN. docs/protocol.md section 5.
 * <pre>
 * field
 * channel  varint
 * code     varint    see the constants; an unknown one counts as a refusal
 * </pre>
 */
public record OpenedFrame(long channel, long code) implements Frame {
    public static final int TYPE = 0x0d;

    public static final long ACCEPTED = 0;
    public static final long UNKNOWN_SERVICE = 1;
    public static final long NOT_PERMITTED = 2;
    public static final long KIND_NOT_SUPPORTED = 3;

    public OpenedFrame {
        if (!Varint.fits(channel) || !Varint.fits(code)) {
            throw new IllegalArgumentException("channel " + channel + ", code " + code);
        }
    }

    static Decoded decode(ByteBuffer body) {
        final long channel = Varint.get(body);
        final long code = Varint.get(body);
        if (code < 0) {
            return new Malformed(TYPE, Malformed.Why.TRUNCATED);
        }
        if (body.hasRemaining()) {
            return new Malformed(TYPE, Malformed.Why.LENGTH);
        }
        return new OpenedFrame(channel, code);
    }

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public int bodyLength() {
        return Varint.length(channel) + Varint.length(code);
    }

    @Override
    public void encodeBodyTo(ByteBuffer out) {
        Varint.put(out, channel);
        Varint.put(out, code);
    }

    @Override
    public void dispatchTo(Handler handler, long now) {
        handler.onOpened(this, now);
    }
}
