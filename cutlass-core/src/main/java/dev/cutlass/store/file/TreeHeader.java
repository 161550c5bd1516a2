package dev.cutlass.store.file;

import dev.cutlass.file.tree.Root;
import dev.cutlass.file.tree.TreeShape;
import dev.cutlass.file.wire.FieldReader;
import dev.cutlass.file.wire.FieldWriter;
import dev.cutlass.wire.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What stands before the hashes in the file of a tree.
 * <pre>
 * offset  size    field
 *      0      4   "CUTT"
 *      4      1   version   1
 *      5      1   touched   written again with each use, for its time
 *      6      2   length    of the fields
 *      8      4   CRC-32C   of the fields
 *     12      n   fields    root (32), length (varint), key (text), stamp (text)
 *    ...          zeros up to 16,384
 * </pre>
 */
record TreeHeader(Root root, TreeShape shape, String key, String stamp) {
    /** Room for a path of 4,096 bytes, three letters each at the worst. Most of it is a hole. */
    static final int LENGTH = 16_384;

    private static final byte[] START = {'C', 'U', 'T', 'T', 1};
    private static final int TOUCHED = START.length;
    private static final int LENGTH_AT = TOUCHED + 1;
    private static final int SUM_AT = LENGTH_AT + Short.BYTES;
    private static final int FIELDS_AT = SUM_AT + Integer.BYTES;
    private static final int MAX_KEY = 12_500;
    private static final int MAX_STAMP = 1_024;

    /** All of it. */
    byte[] encode() throws IOException {
        final byte[] fields;
        try {
            fields = new FieldWriter(Byte.MAX_VALUE)
                    .root(root)
                    .varint(shape.length())
                    .text(key, MAX_KEY)
                    .text(stamp, MAX_STAMP)
                    .toArray();
        } catch (IllegalArgumentException e) {
            throw new IOException("a path that is too long to be kept", e);
        }
        final ByteBuffer out = ByteBuffer.allocate(LENGTH).put(START).put((byte) 0);
        return out.putShort((short) fields.length)
                .putInt(sum(fields))
                .put(fields)
                .array();
    }

    private static int sum(byte[] fields) {
        final CRC32C crc = new CRC32C();
        crc.update(fields, 0, fields.length);
        return (int) crc.getValue();
    }

    /** What stands in a file; null if it is no tree. */
    static @Nullable TreeHeader decode(byte[] bytes) {
        final ByteBuffer in = ByteBuffer.wrap(bytes);
        final int length = Short.toUnsignedInt(in.getShort(LENGTH_AT));
        if (!Arrays.equals(bytes, 0, START.length, START, 0, START.length) || length > LENGTH - FIELDS_AT) {
            return null;
        }
        final byte[] fields = Arrays.copyOfRange(bytes, FIELDS_AT, FIELDS_AT + length);
        if (sum(fields) != in.getInt(SUM_AT)) {
            return null;
        }
        final FieldReader reader = new FieldReader(Bytes.of(fields));
        final Root root = reader.root();
        final long fileLength = reader.varint(TreeShape.MAX_FILE_LENGTH);
        final String key = reader.text(MAX_KEY);
        final String stamp = reader.text(MAX_STAMP);
        return reader.isWhole() ? new TreeHeader(root, new TreeShape(fileLength), key, stamp) : null;
    }

    /** Makes its file the one that was changed last. */
    static void touch(FileChannel channel) throws IOException {
        channel.write(ByteBuffer.allocate(1), TOUCHED);
    }
}
