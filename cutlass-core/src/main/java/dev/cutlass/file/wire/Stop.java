package dev.cutlass.file.wire;

/**
 * STOP: some requests are no longer wanted. Those that are over already, or never were, do not matter.
 * <pre>
 * field
 * type   1       0x0c
 * first  varint  the first request
 * last   varint  the last one
 * </pre>
 */
public record Stop(long first, long last) implements FileMessage {
    static final int TYPE = 0x0c;

    static Stop read(FieldReader in) {
        final long first = in.varint();
        final long last = in.varint();
        return new Stop(first, last);
    }

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public byte[] encode() {
        return new FieldWriter(USUAL).octet(TYPE).varint(first).varint(last).toArray();
    }
}
