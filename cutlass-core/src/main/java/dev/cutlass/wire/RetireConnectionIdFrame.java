package dev.cutlass.wire;

import java.nio.ByteBuffer;

/**
 * RETIRE_CONNECTION_ID: an id of the receiver that the sender no longer uses. docs/protocol.md sections 5 and 5.4.
 * <pre>
 * field
 * sequence  varint    below 2^32, else malformed
 * </pre>
 */
public record RetireConnectionIdFrame(long sequence) implements Frame {
    public static final int TYPE = 0x0a;

    public RetireConnectionIdFrame {
        if (!isValid(sequence)) {
            throw new IllegalArgumentException("sequence " + sequence);
        }
    }

    private static boolean isValid(long sequence) {
        return sequence >= 0 && sequence <= NewConnectionIdFrame.MAX_SEQUENCE;
    }

    static Decoded decode(ByteBuffer body) {
        final long sequence = Varint.get(body);
        if (sequence < 0) {
            return new Malformed(TYPE, Malformed.Why.TRUNCATED);
        }
        if (body.hasRemaining()) {
            return new Malformed(TYPE, Malformed.Why.LENGTH);
        }
        if (!isValid(sequence)) {
            return new Malformed(TYPE, Malformed.Why.VALUE);
        }
        return new RetireConnectionIdFrame(sequence);
    }

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public int bodyLength() {
        return Varint.length(sequence);
    }

    @Override
    public void encodeBodyTo(ByteBuffer out) {
        Varint.put(out, sequence);
    }

    @Override
    public void dispatchTo(Handler handler, long now) {
        handler.onRetireConnectionId(this, now);
    }
}
