package dev.cutlass.proto;

import java.util.ArrayDeque;

/** Arrays of packets that have left, for the next ones. They hold what was on the wire anyway. Only where packets flow: a connection at rest has none. */
final class SpareArrays {
    /** As many as leave in one go. */
    private static final int MAX_ARRAYS = 64;

    /** ... but not more bytes than this, however large the packets of a path are. */
    private static final int MAX_BYTES = 1 << 18;

    private final ArrayDeque<byte[]> arrays = new ArrayDeque<>(MAX_ARRAYS);
    private int bytes;

    /** An array of at least {@code length} bytes, with anything in it. */
    byte[] take(int length) {
        final byte[] spare = arrays.poll();
        if (spare == null) {
            return new byte[length];
        }
        bytes -= spare.length;
        return spare.length >= length ? spare : new byte[length]; // the path carries more by now
    }

    /** Nobody looks at it any more. */
    void giveBack(byte[] array) {
        if (arrays.size() < MAX_ARRAYS && bytes + array.length <= MAX_BYTES) {
            arrays.push(array); // the last one is still in the processor's cache
            bytes += array.length;
        }
    }
}
