package dev.cutlass.file.wire;

import dev.cutlass.file.tree.Root;

/**
 * WRONG: a block that came from there does not fit its root.
 * <pre>
 * field
 * type   1       0x0e
 * root   32      of the file
 * block  varint  which
 * </pre>
 */
public record Wrong(Root root, long block) implements FileMessage {
    static final int TYPE = 0x0e;

    static Wrong read(FieldReader in) {
        final Root root = in.root();
        final long block = in.varint();
        return new Wrong(root, block);
    }

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public byte[] encode() {
        return new FieldWriter(USUAL).octet(TYPE).root(root).varint(block).toArray();
    }
}
