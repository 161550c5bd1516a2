package dev.cutlass.crypto.primitive;

/**
 * Which packet numbers came already: the ring of bit blocks of RFC 6479. Numbers are unsigned 64-bit integers. Ask
 * {@link #isFresh} before a packet is opened and {@link #commit} only after its tag held, so that a forged packet leaves no trace.
 * One thread at a time; about 550 bytes.
 */
public final class ReplayWindow {
    /** How far behind the highest number a late packet may be: {@code highest - SIZE + 1} is the lowest number that can be fresh. */
    public static final int SIZE = 4096;

    // One block more than the window has, so that the block that is being entered can be cleared whole. A power of two
    // would spare the
    // division but double the memory of every idle connection.
    private static final int BLOCKS = SIZE / Long.SIZE + 1;

    private final long[] blocks = new long[BLOCKS];
    private long highest; // 0 at first: then no bit is set, so that 0 is fresh too

    /** Whether this number has not been committed and is not too old to know. Changes nothing. */
    public boolean isFresh(long number) {
        if (Long.compareUnsigned(number, highest) > 0) {
            return true;
        }
        if (Long.compareUnsigned(highest - number, SIZE) >= 0) {
            return false;
        }
        return (blocks[index(number)] & bit(number)) == 0;
    }

    /**
     * Marks a number as seen.
     *
     * @throws IllegalStateException if it is not fresh: then nobody asked, and a replay may have been accepted
     */
    public void commit(long number) {
        if (!isFresh(number)) {
            throw new IllegalStateException("number " + Long.toUnsignedString(number) + " is not fresh");
        }
        if (Long.compareUnsigned(number, highest) > 0) {
            long entered = Math.min((number >>> 6) - (highest >>> 6), BLOCKS);
            for (long i = 0; i < entered; i++) {
                blocks[index(number - i * Long.SIZE)] = 0;
            }
            highest = number;
        }
        blocks[index(number)] |= bit(number);
    }

    /** The highest number that was committed; 0 before any was. Unsigned. */
    public long highest() {
        return highest;
    }

    private static int index(long number) {
        return (int) ((number >>> 6) % BLOCKS);
    }

    private static long bit(long number) {
        return 1L << number;
    }
}
