package dev.cutlass.crypto.primitive;

import org.jspecify.annotations.Nullable;

/**
 * Which packet numbers came already: the ring of bit blocks of RFC 6479. Numbers are unsigned 64-bit integers. Ask
 * {@link #isFresh} before a packet is opened and {@link #commit} only after its tag held, so that a forged packet leaves no trace.
 * One thread at a time; 40 bytes while numbers come without gaps, else about 580.
 */
public final class ReplayWindow {
    /** How far behind the highest number a late packet may be: {@code highest - SIZE + 1} is the lowest number that can be fresh. */
    public static final int SIZE = 4096;

    /** The highest number of 64 bits: there is no floor above it. */
    private static final long LAST = -1;

    // One block more than the window has, so that the block that is being entered can be cleared whole. A power of two
    // would spare the division but take twice the memory.
    private static final int BLOCKS = SIZE / Long.SIZE + 1;

    /** Everything below counts as seen. */
    private long floor;

    /** What was seen from {@code floor} on; null as long as that is nothing, so that a window without gaps is small. */
    private long @Nullable [] blocks;

    private long highest; // 0 at first: then no bit is set, so that 0 is fresh too

    /** Whether this number has not been committed and is not too old to know. Changes nothing. */
    public boolean isFresh(long number) {
        if (Long.compareUnsigned(number, floor) < 0) {
            return false;
        }
        if (blocks == null || Long.compareUnsigned(number, highest) > 0) {
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
        long[] seen = blocks;
        if (seen == null) {
            if (number == floor && number != LAST) {
                highest = number;
                floor++;
                return;
            }
            seen = new long[BLOCKS];
            blocks = seen;
        }
        if (Long.compareUnsigned(number, highest) > 0) {
            long entered = Math.min((number >>> 6) - (highest >>> 6), BLOCKS);
            for (long i = 0; i < entered; i++) {
                seen[index(number - i * Long.SIZE)] = 0;
            }
            highest = number;
        }
        seen[index(number)] |= bit(number);
    }

    /** Whether numbers below the highest one have not come, which takes memory. */
    public boolean hasGaps() {
        return blocks != null;
    }

    /** Counts what has not come so far as seen, and gives the memory back: after so long a silence nothing older is on its way. */
    public void closeGaps() {
        if (blocks != null && highest != LAST) {
            floor = highest + 1;
            blocks = null;
        }
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
