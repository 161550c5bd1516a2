package dev.cutlass.file.wire;

import dev.cutlass.file.tree.Root;
import dev.cutlass.file.tree.TreeShape;
import org.jspecify.annotations.Nullable;

/**
 * GET: wants blocks, or the hashes of a chapter. Answered by CHUNKs or HASHES, or by REFUSED.
 * <pre>
 * field
 * type     1       0x0b
 * request  varint  number of the asking engine
 * root     32      of the file
 * kind     1       0 blocks, 1 hashes; else malformed
 * first    varint  block, or chapter
 * count    varint  blocks, 1 to 16; chapters: 1
 * skip     varint  bytes of the first block that are not wanted, less than a block; chapters: 0
 * </pre>
 */
public record Get(long request, Root root, boolean hashes, long first, int count, int skip) implements FileMessage {
    static final int TYPE = 0x0b;

    /** A mebibyte at once: enough that requests cost nothing, little enough that one can be stopped in time. */
    public static final int MAX_BLOCKS = 16;

    /** Refuses what no holder would read. */
    public Get {
        if (!isValid(hashes, count, skip)) {
            throw new IllegalArgumentException("count " + count + ", skip " + skip);
        }
    }

    private static boolean isValid(boolean hashes, int count, int skip) {
        return hashes
                ? count == 1 && skip == 0
                : count >= 1 && count <= MAX_BLOCKS && skip >= 0 && skip < TreeShape.BLOCK;
    }

    static @Nullable Get read(FieldReader in) {
        final long request = in.varint();
        final Root root = in.root();
        final boolean hashes = in.flag();
        final long first = in.varint();
        final int count = (int) in.varint(MAX_BLOCKS);
        final int skip = (int) in.varint(TreeShape.BLOCK - 1);
        if (!isValid(hashes, count, skip)) {
            return null;
        }
        return new Get(request, root, hashes, first, count, skip);
    }

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public byte[] encode() {
        return new FieldWriter(USUAL)
                .octet(TYPE)
                .varint(request)
                .root(root)
                .flag(hashes)
                .varint(first)
                .varint(count)
                .varint(skip)
                .toArray();
    }
}
