package dev.cutlass.proto.recovery;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Packets of one path that nobody has acknowledged yet, in ascending order of their numbers: a ring that grows by doubling. Indexes count
 * from the oldest packet. A packet that is done with leaves a gap, which disappears when it is the oldest. All numbers about one packet stand
 * side by side, for one look at the memory; nothing is allocated for a packet.
 *
 * @param <C> what a packet carried
 */
final class SentPackets<C> {
    /** Enough for a connection that only pings. */
    private static final int SMALLEST = 4;

    /** Marks a packet that is done with. */
    private static final long GONE = -1;

    // What is kept of a packet: one long each.
    private static final int NUMBER = 0;
    private static final int SENT_AT = 1;
    private static final int BYTES = 2;
    private static final int DELIVERED = 3;
    private static final int DELIVERED_AT = 4;
    private static final int FIRST_SENT_AT = 5;
    private static final int LOST = 6;
    private static final int IN_FLIGHT = 7;
    private static final int FIELDS = 8;

    /** In {@link #IN_FLIGHT}: the sender had nothing more to send. */
    private static final long APP_LIMITED = 1L << 62;

    /** In {@link #IN_FLIGHT}: {@link DeliveryRate} was not there yet. */
    private static final long UNKNOWN = -1;

    /** Shared by all connections at rest. */
    private static final long[] NO_LONGS = {};

    private static final @Nullable Object[] NO_CONTENTS = {};

    private long[] fields = NO_LONGS;
    private @Nullable Object[] contents = NO_CONTENTS;
    private int head;
    private int count;

    int count() {
        return count;
    }

    /** @param bytes 0: the packet does not count as in flight */
    void add(long number, int bytes, @Nullable C content, long now) {
        if (count == contents.length) {
            resize(Math.max(SMALLEST, 2 * count));
        }
        final int slot = slot(count++);
        final int at = slot * FIELDS;
        fields[at + NUMBER] = number;
        fields[at + SENT_AT] = now;
        fields[at + BYTES] = bytes;
        fields[at + IN_FLIGHT] = UNKNOWN;
        contents[slot] = content;
    }

    /** What {@link DeliveryRate} wants to know of the newest packet when it is acknowledged or lost. */
    void note(long delivered, long deliveredAt, long firstSentAt, long lost, long bytesInFlight, boolean appLimited) {
        final int at = slot(count - 1) * FIELDS;
        fields[at + DELIVERED] = delivered;
        fields[at + DELIVERED_AT] = deliveredAt;
        fields[at + FIRST_SENT_AT] = firstSentAt;
        fields[at + LOST] = lost;
        fields[at + IN_FLIGHT] = appLimited ? bytesInFlight | APP_LIMITED : bytesInFlight;
    }

    long number(int index) {
        return field(index, NUMBER);
    }

    long sentAt(int index) {
        return field(index, SENT_AT);
    }

    /** 0 if the packet does not count as in flight. */
    int bytes(int index) {
        return (int) field(index, BYTES);
    }

    boolean isGone(int index) {
        return field(index, BYTES) == GONE;
    }

    /** Whether {@link #note} was called for it. */
    boolean isNoted(int index) {
        return field(index, IN_FLIGHT) != UNKNOWN;
    }

    long delivered(int index) {
        return field(index, DELIVERED);
    }

    long deliveredAt(int index) {
        return field(index, DELIVERED_AT);
    }

    long firstSentAt(int index) {
        return field(index, FIRST_SENT_AT);
    }

    long lost(int index) {
        return field(index, LOST);
    }

    long bytesInFlight(int index) {
        return field(index, IN_FLIGHT) & ~APP_LIMITED;
    }

    boolean isAppLimited(int index) {
        return (field(index, IN_FLIGHT) & APP_LIMITED) != 0;
    }

    private long field(int index, int field) {
        return fields[slot(index) * FIELDS + field];
    }

    /** Takes the content out; the packet stays. */
    @SuppressWarnings("unchecked") // only add() writes there
    @Nullable
    C takeContent(int index) {
        final int slot = slot(index);
        final C content = (C) contents[slot];
        contents[slot] = null;
        return content;
    }

    boolean hasContent(int index) {
        return contents[slot(index)] != null;
    }

    void remove(int index) {
        final int slot = slot(index);
        fields[slot * FIELDS + BYTES] = GONE;
        contents[slot] = null;
    }

    /** The index of the first packet whose number is at least {@code number}. */
    int firstFrom(long number) {
        if (count == 0 || number <= number(0)) {
            return 0;
        }
        // Numbers ascend, so a packet stands at most as far from the oldest as its number; nearly always just as far.
        final long farthest = number - number(0);
        int high = (int) Math.min(count, farthest);
        if (farthest < count && number(high) == number) {
            return high;
        }
        int low = 0;
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

    /** Forgets the oldest packets that are gone or do not count as in flight. Indexes shift. */
    void dropSettledHead() {
        while (count > 0 && bytes(0) <= 0) {
            contents[head] = null;
            head = slot(1);
            count--;
        }
    }

    /** Gives back memory; for connections at rest. */
    void trim() {
        if (count == 0) {
            fields = NO_LONGS;
            contents = NO_CONTENTS;
            head = 0;
        }
    }

    private int slot(int index) {
        return (head + index) & (contents.length - 1); // lengths are powers of two
    }

    private void resize(int capacity) {
        final long[] newFields = new long[capacity * FIELDS];
        final @Nullable Object[] newContents = new @Nullable Object[capacity];
        final int untilEnd = Math.min(count, contents.length - head);
        System.arraycopy(fields, head * FIELDS, newFields, 0, untilEnd * FIELDS);
        System.arraycopy(contents, head, newContents, 0, untilEnd);
        System.arraycopy(fields, 0, newFields, untilEnd * FIELDS, (count - untilEnd) * FIELDS);
        System.arraycopy(contents, 0, newContents, untilEnd, count - untilEnd);
        Arrays.fill(contents, null);
        fields = newFields;
        contents = newContents;
        head = 0;
    }
}
