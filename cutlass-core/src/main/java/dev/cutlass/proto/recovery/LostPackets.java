package dev.cutlass.proto.recovery;

import java.util.Arrays;

/**
 * Packets that were found lost not long ago, in ascending order of their numbers, so that an ACK that comes all the same is noticed: a ring with
 * bounded room, of which the oldest is forgotten first.
 */
final class LostPackets {
    /** A twentieth of what 100 Mbit/s and 500 ms have in flight; more than that at one time is real loss. */
    static final int CAPACITY = 256;

    private static final int SMALLEST = 8;
    private static final int NUMBER = 0;
    private static final int SENT_AT = 1;
    private static final int BYTES = 2;
    private static final int FIELDS = 3;

    /** {@link #BYTES} of a packet that was acknowledged all the same. */
    private static final long ARRIVED = -1;

    private long[] fields = new long[SMALLEST * FIELDS];
    private int head;
    private int count;

    int count() {
        return count;
    }

    long number(int index) {
        return fields[at(index) + NUMBER];
    }

    long sentAt(int index) {
        return fields[at(index) + SENT_AT];
    }

    long bytes(int index) {
        return fields[at(index) + BYTES];
    }

    boolean hasArrived(int index) {
        return bytes(index) == ARRIVED;
    }

    void arrive(int index) {
        fields[at(index) + BYTES] = ARRIVED;
    }

    /** Adds one with a higher number than all before; returns the number that was forgotten for it, -1 if none. */
    long add(long number, long sentAt, int bytes) {
        final long forgotten = count == CAPACITY ? number(0) : -1;
        if (forgotten >= 0) {
            removeOldest();
        } else if (count == capacity()) {
            grow();
        }
        final int at = at(count++);
        fields[at + NUMBER] = number;
        fields[at + SENT_AT] = sentAt;
        fields[at + BYTES] = bytes;
        return forgotten;
    }

    void removeOldest() {
        head = (head + 1) & (capacity() - 1);
        count--;
    }

    /** The index of the first one whose number is at least {@code number}. */
    int firstFrom(long number) {
        int low = 0;
        int high = count;
        while (low < high) {
            final int middle = (low + high) >>> 1;
            if (number(middle) < number) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private int capacity() {
        return fields.length / FIELDS; // a power of two
    }

    private int at(int index) {
        return ((head + index) & (capacity() - 1)) * FIELDS;
    }

    private void grow() {
        final long[] grown = Arrays.copyOf(fields, 2 * fields.length);
        final int untilEnd = (capacity() - head) * FIELDS;
        System.arraycopy(fields, head * FIELDS, grown, 0, untilEnd);
        System.arraycopy(fields, 0, grown, untilEnd, head * FIELDS);
        fields = grown;
        head = 0;
    }
}
