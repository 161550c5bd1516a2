package dev.cutlass.file.tree;

import dev.cutlass.crypto.primitive.Hash;
import dev.cutlass.crypto.primitive.Labels;
import java.nio.ByteBuffer;

/**
 * What a file is: a hash over its length and all of its content. Equal roots, equal files. docs/files.md section 3. No secret, but whoever knows the content of a file knows its root.
 *
 * @param a the first 8 of its 32 bytes; {@code b}, {@code c} and {@code d} follow
 */
public record Root(long a, long b, long c, long d) {
    /** Bytes. */
    public static final int LENGTH = Hash.LENGTH;

    private static final String LABEL = "file";

    /**
     * The first 32 bytes from {@code offset} on.
     *
     * @throws IndexOutOfBoundsException if there are fewer
     */
    public static Root of(byte[] bytes, int offset) {
        return read(ByteBuffer.wrap(bytes, offset, LENGTH));
    }

    /**
     * The next 32 bytes.
     *
     * @throws java.nio.BufferUnderflowException if there are fewer
     */
    public static Root read(ByteBuffer in) {
        final long first = in.getLong();
        final long second = in.getLong();
        final long third = in.getLong();
        return new Root(first, second, third, in.getLong());
    }

    /**
     * The root of a file.
     *
     * @param length of the file in bytes
     * @param tree the hash at the top of its tree
     */
    static Root ofTree(long length, byte[] tree) {
        return of(
                Labels.hash(
                        LABEL, ByteBuffer.allocate(Long.BYTES).putLong(length).array(), tree),
                0);
    }

    public void writeTo(ByteBuffer out) {
        out.putLong(a).putLong(b).putLong(c).putLong(d);
    }

    public byte[] toArray() {
        final ByteBuffer bytes = ByteBuffer.allocate(LENGTH);
        writeTo(bytes);
        return bytes.array();
    }

    /** 64 hexadecimal digits, good for the name of a file. */
    @Override
    public String toString() {
        return String.format("%016x%016x%016x%016x", a, b, c, d);
    }
}
