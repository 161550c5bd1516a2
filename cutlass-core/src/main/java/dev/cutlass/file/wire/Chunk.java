package dev.cutlass.file.wire;

import dev.cutlass.file.tree.TreeShape;
import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.Varint;
import org.jspecify.annotations.Nullable;

/**
 * CHUNK: a part of a block. On the data channel.
 * <pre>
 * field
 * type     1       0x11
 * request  varint  of the GET
 * block    varint
 * offset   varint  in the block, less than 65,536
 * data     rest    1 to 32,768 bytes that do not pass the end of a block, else malformed
 * </pre>
 *
 * @param data not verified
 */
public record Chunk(long request, long block, int offset, Bytes data) implements FileMessage {
    static final int TYPE = 0x11;

    /** Half a block: with its header a whole one would not fit into a message. */
    public static final int MAX_DATA = TreeShape.BLOCK / 2;

    /** The first of a request: one packet, so that the fetcher sees how long the way is, and not how long half a block takes. */
    private static final int FIRST = 1_024;

    /** How long the next one is that a holder sends: the first of a request or another, of a block of which so much is left. */
    public static int length(boolean isFirst, int left) {
        return Math.min(isFirst ? FIRST : MAX_DATA, left);
    }

    /** Refuses what no fetcher would read. */
    public Chunk {
        if (!isValid(offset, data)) {
            throw new IllegalArgumentException("offset " + offset + ", " + data);
        }
    }

    private static boolean isValid(int offset, Bytes data) {
        return offset >= 0 && !data.isEmpty() && data.length() <= MAX_DATA && offset + data.length() <= TreeShape.BLOCK;
    }

    static @Nullable Chunk read(FieldReader in) {
        final long request = in.varint();
        final long block = in.varint();
        final int offset = (int) in.varint(TreeShape.BLOCK - 1);
        final Bytes data = in.rest();
        return isValid(offset, data) ? new Chunk(request, block, offset, data) : null;
    }

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public byte[] encode() {
        return new FieldWriter(
                        1 + Varint.length(request) + Varint.length(block) + Varint.length(offset) + data.length())
                .octet(TYPE)
                .varint(request)
                .varint(block)
                .varint(offset)
                .bytes(data)
                .toArray();
    }
}
