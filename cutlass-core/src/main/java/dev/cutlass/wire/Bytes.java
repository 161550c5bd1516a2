package dev.cutlass.wire;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

/**
 * A part of an array, not copied: valid as long as the array is left alone. Who keeps one beyond the call that handed it
 * over takes {@link #toArray()}: the object itself may stand for another part afterwards, if its owner is a frame that is
 * used again. Equal by content; its text shows the length only, for the content may be confidential.
 */
public final class Bytes {
    private static final byte[] NOTHING = {};

    public static final Bytes EMPTY = new Bytes(NOTHING, 0, 0);

    private byte[] array;
    private int offset;
    private int length;

    private Bytes(byte[] array, int offset, int length) {
        this.array = array;
        this.offset = offset;
        this.length = length;
    }

    /** The whole of {@code array}, which the caller no longer changes. */
    public static Bytes of(byte[] array) {
        return new Bytes(array, 0, array.length);
    }

    /** A part of {@code array}, which the caller no longer changes. */
    public static Bytes of(byte[] array, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, array.length);
        return new Bytes(array, offset, length);
    }

    /** One that stands for nothing yet, and for one part after the other: see {@link #pointTo}. */
    static Bytes reusable() {
        return new Bytes(NOTHING, 0, 0);
    }

    /** From now on this is another part. Only for who made it with {@link #reusable}. */
    void pointTo(byte[] other, int from, int count) {
        Objects.checkFromIndexSize(from, count, other.length);
        array = other;
        offset = from;
        length = count;
    }

    /** Stands for nothing, and keeps no array alive. */
    void forget() {
        pointTo(NOTHING, 0, 0);
    }

    /** What remains in a buffer with an array; uses it up. */
    static Bytes rest(ByteBuffer buffer) {
        return next(buffer, buffer.remaining());
    }

    /** The next {@code length} bytes of a buffer with an array. */
    static Bytes next(ByteBuffer buffer, int length) {
        final Bytes taken = of(buffer.array(), buffer.arrayOffset() + buffer.position(), length);
        buffer.position(buffer.position() + length);
        return taken;
    }

    public int length() {
        return length;
    }

    public boolean isEmpty() {
        return length == 0;
    }

    public byte at(int index) {
        return array[offset + Objects.checkIndex(index, length)];
    }

    /** A part of this part; no copy. */
    public Bytes slice(int from, int count) {
        Objects.checkFromIndexSize(from, count, length);
        return new Bytes(array, offset + from, count);
    }

    public void writeTo(ByteBuffer out) {
        out.put(array, offset, length);
    }

    /** Copies {@code count} bytes from index {@code from} to {@code target}. */
    public void copyTo(int from, byte[] target, int targetOffset, int count) {
        Objects.checkFromIndexSize(from, count, length);
        System.arraycopy(array, offset + from, target, targetOffset, count);
    }

    /** A copy that is the caller's. */
    public byte[] toArray() {
        return Arrays.copyOfRange(array, offset, offset + length);
    }

    /** A read-only view, for readers of many fields. */
    public ByteBuffer toBuffer() {
        return ByteBuffer.wrap(array, offset, length).slice().asReadOnlyBuffer();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that
                && Arrays.equals(array, offset, offset + length, that.array, that.offset, that.offset + that.length);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = offset; i < offset + length; i++) {
            hash = 31 * hash + array[i];
        }
        return hash;
    }

    @Override
    public String toString() {
        return "Bytes[" + length + "]";
    }
}
