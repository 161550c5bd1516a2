package dev.cutlass.crypto.packet;

/** Cutting packet numbers to 1 to 4 bytes and restoring them (RFC 9000 appendix A). Any thread. */
public final class PacketNumbers {
    /** No packet was acknowledged or received yet. */
    public static final long NONE = -1;

    /** The highest packet number. */
    public static final long MAX = (1L << 62) - 1;

    /** The most bytes that a number takes in a packet. */
    public static final int MAX_LENGTH = 4;

    private PacketNumbers() {}

    /**
     * How many bytes a number needs, so that a receiver can restore it that has seen nothing after {@code largestAcknowledged}
     * (appendix A.2): room for twice the distance.
     *
     * @return 1 to 4
     * @throws IllegalArgumentException if 2^31 or more packets are unacknowledged: then nothing that fits is clear
     */
    public static int length(long number, long largestAcknowledged) {
        long unacknowledged = number - largestAcknowledged;
        if (unacknowledged <= 0 || unacknowledged >= 1L << 31) {
            throw new IllegalArgumentException("number " + number + ", acknowledged " + largestAcknowledged);
        }
        int bits = Long.SIZE - Long.numberOfLeadingZeros(2 * unacknowledged - 1); // ceil(log2(2 * unacknowledged))
        return Math.max(1, (bits + Byte.SIZE - 1) / Byte.SIZE);
    }

    /**
     * The number that a packet must have, given the highest one received (appendix A.3): the one nearest to the next.
     *
     * @param truncated the low {@code length} bytes
     * @param length 1 to 4
     */
    public static long restore(long largestReceived, long truncated, int length) {
        long expected = largestReceived + 1;
        long window = 1L << (length * Byte.SIZE);
        long half = window / 2;
        long candidate = (expected & -window) | truncated;
        if (candidate <= expected - half && candidate <= MAX - window) {
            return candidate + window;
        }
        if (candidate > expected + half && candidate >= window) {
            return candidate - window;
        }
        return candidate;
    }
}
