package dev.cutlass.file.wire;

import dev.cutlass.file.tree.Root;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * FIND: which of these may we fetch from you? Answered by HELD.
 * <pre>
 * field
 * type      1       0x09
 * question  varint  number of the asking engine
 * roots     32 each 1 to 64, to the end
 * </pre>
 */
public record Find(long question, List<Root> roots) implements FileMessage {
    static final int TYPE = 0x09;

    /** Two kilobytes of them. */
    public static final int MAX_ROOTS = 64;

    /** Refuses what nobody would read. */
    public Find {
        roots = List.copyOf(roots);
        if (roots.isEmpty() || roots.size() > MAX_ROOTS) {
            throw new IllegalArgumentException(roots.size() + " roots");
        }
    }

    static @Nullable Find read(FieldReader in) {
        final long question = in.varint();
        final List<Root> roots = in.roots(MAX_ROOTS);
        return roots.isEmpty() ? null : new Find(question, roots);
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
