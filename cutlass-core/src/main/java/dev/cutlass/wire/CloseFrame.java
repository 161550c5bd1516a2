package dev.cutlass.wire;

import java.nio.ByteBuffer;

/**
 * CLOSE: the sender ends the connection. docs/protocol.md sections 5 and 5.3.
 * <pre>
 * field
 * code    varint    see {@link CloseCode}
 * reason  the rest  UTF-8, at most 128 bytes, else malformed
 * </pre>
 */
public record CloseFrame(long code, String reason) implements Frame {
    public static final int TYPE = 0x0e;
    public static final int MAX_REASON = 128;

    public CloseFrame {
        if (!Varint.fits(code)) {
            throw new IllegalArgumentException("code " + code);
        }
        Utf8.encodeChecked("reason", reason, 0, MAX_REASON);
    }

    /** A frame with as much of {@code reason} as fits; unpaired surrogates become question marks. */
    public static CloseFrame of(CloseCode code, String reason) {
        final StringBuilder fitting = new StringBuilder();
        int length = 0;
        for (int point : reason.codePoints().toArray()) {
            final int sent = Utf8.isSurrogate(point) ? '?' : point;
            length += Utf8.length(sent);
            if (length > MAX_REASON) {
                break;
            }
            fitting.appendCodePoint(sent);
        }
        return new CloseFrame(code.code(), fitting.toString());
    }

    static Decoded decode(ByteBuffer body) {
        final long code = Varint.get(body);
        if (code < 0) {
            return new Malformed(TYPE, Malformed.Why.TRUNCATED);
        }
        if (body.remaining() > MAX_REASON) {
            return new Malformed(TYPE, Malformed.Why.LENGTH);
        }
        final String reason = Utf8.decode(body);
        if (reason == null) {
            return new Malformed(TYPE, Malformed.Why.VALUE);
        }
        return new CloseFrame(code, reason);
    }

    public CloseCode closeCode() {
        return CloseCode.of(code);
    }

    private byte[] reasonBytes() {
        return Utf8.encodeChecked("reason", reason, 0, MAX_REASON);
    }

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public int bodyLength() {
        return Varint.length(code) + reasonBytes().length;
    }

    @Override
    public void encodeBodyTo(ByteBuffer out) {
        Varint.put(out, code);
        out.put(reasonBytes());
    }

    @Override
    public boolean isAckEliciting() {
        return false;
    }

    @Override
    public void dispatchTo(Handler handler, long now) {
        handler.onClose(this, now);
    }
}
