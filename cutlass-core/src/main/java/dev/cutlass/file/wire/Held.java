package dev.cutlass.file.wire;

import dev.cutlass.file.tree.Root;
import java.util.List;

/**
 * HELD: these of the roots in question.
 * <pre>
 * field
 * type      1       0x0a
 * question  varint  number of the asking engine
 * roots     32 each 0 to 64, to the end
 * </pre>
 */
public record Held(long question, List<Root> roots) implements FileMessage {
    static final int TYPE = 0x0a;

    /** Two kilobytes of them. */
    public static final int MAX_ROOTS = 64;

    /** Refuses what nobody would read. */
    public Held {
        roots = List.copyOf(roots);
        if (roots.size() > MAX_ROOTS) {
            throw new IllegalArgumentException(roots.size() + " roots");
        }
    }

    static Held read(FieldReader in) {
        final long question = in.varint();
        final List<Root> roots = in.roots(MAX_ROOTS);
        return new Held(question, roots);
    }

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public byte[] encode() {
        return new FieldWriter(USUAL).octet(TYPE).varint(question).roots(roots).toArray();
    }
}
