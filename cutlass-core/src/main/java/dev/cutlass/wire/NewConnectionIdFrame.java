package dev.cutlass.wire;

import java.nio.ByteBuffer;

/**
 * NEW_CONNECTION_ID: a further id under which the sender can be reached. docs/protocol.md sections 5 and 5.4.
 * <pre>
 * field
 * sequence         varint    below 2^32, else malformed
 * retire prior to  varint    at most sequence, else malformed
 * connection id    8 bytes
 * </pre>
 */
public record NewConnectionIdFrame(long sequence, long retirePriorTo, long connectionId) implements Frame {
    public static final int TYPE = 0x09;

    /** It is the path id, 32 bits of the nonce. */
    public static final long MAX_SEQUENCE = 0xffff_ffffL;

    public NewConnectionIdFrame {
        if (!isValid(sequence, retirePriorTo)) {
            throw new IllegalArgumentException("sequence " + sequence + ", retire prior to " + retirePriorTo);
        }
    }

    private static boolean isValid(long sequence, long retirePriorTo) {
        return sequence >= 0 && sequence <= MAX_SEQUENCE && retirePriorTo >= 0 && retirePriorTo <= sequence;
    }

    static Decoded decode(ByteBuffer body) {
        final long sequence = Varint.get(body);
        final long retirePriorTo = Varint.get(body);
        if (retirePriorTo < 0) {
            return new Malformed(TYPE, Malformed.Why.TRUNCATED);
        }
        if (body.remaining() != Long.BYTES) {
            return new Malformed(TYPE, Malformed.Why.LENGTH);
        }
        if (!isValid(sequence, retirePriorTo)) {
            return new Malformed(TYPE, Malformed.Why.VALUE);
        }
        return new NewConnectionIdFrame(sequence, retirePriorTo, body.getLong());
    }

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public int bodyLength() {
        return Varint.length(sequence) + Varint.length(retirePriorTo) + Long.BYTES;
    }

    @Override
    public void encodeBodyTo(ByteBuffer out) {
        Varint.put(out, sequence);
        Varint.put(out, retirePriorTo);
        out.putLong(connectionId);
    }

    @Override
    public void dispatchTo(Handler handler, long now) {
        handler.onNewConnectionId(this, now);
    }

    /** Without the id: it links a log to packets on the wire. */
    @Override
    public String toString() {
        return "NewConnectionIdFrame[sequence=" + sequence + ", retirePriorTo=" + retirePriorTo + "]";
    }
}
