package dev.cutlass.file.wire;

/**
 * REFUSED: a request or question has no answer, or no more of it.
 * <pre>
 * field
 * type    1       0x0d
 * number  varint  of the request or question
 * code    varint  a {@link dev.cutlass.event.TransferFailure}
 * </pre>
 */
public record Refused(long number, long code) implements FileMessage {
    static final int TYPE = 0x0d;

    static Refused read(FieldReader in) {
        final long number = in.varint();
        final long code = in.varint();
        return new Refused(number, code);
    }

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public byte[] encode() {
        return new FieldWriter(USUAL).octet(TYPE).varint(number).varint(code).toArray();
    }
}
