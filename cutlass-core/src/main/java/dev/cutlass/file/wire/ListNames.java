package dev.cutlass.file.wire;

/**
 * LIST: which names are shared with us. Answered by LISTING or REFUSED.
 * <pre>
 * field
 * type      1       0x07
 * question  varint  number of the asking engine
 * under     text    only what is below this folder; empty: everything at the top
 * after     text    only names whose bytes come after these; empty: from the first
 * </pre>
 */
public record ListNames(long question, String under, String after) implements FileMessage {
    static final int TYPE = 0x07;

    static ListNames read(FieldReader in) {
        final long question = in.varint();
        final String under = in.text(MAX_NAME);
        final String after = in.text(MAX_NAME);
        return new ListNames(question, under, after);
    }

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public byte[] encode() {
        return new FieldWriter(USUAL)
                .octet(TYPE)
                .varint(question)
                .text(under, MAX_NAME)
                .text(after, MAX_NAME)
                .toArray();
    }
}
