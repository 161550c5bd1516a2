package dev.cutlass.proto;

import dev.cutlass.crypto.primitive.ReplayWindow;
import dev.cutlass.proto.recovery.AckTracker;
import org.jspecify.annotations.Nullable;

/** An id under which the peer reaches us, and the packet numbers that came with it. Its sequence number is the path id. */
final class LocalId {
    private final long sequence;
    private final long id;

    /** Made with the first authentic packet: most ids are never used. */
    private @Nullable ReplayWindow window;

    private @Nullable AckTracker acks;
    private long largest = -1;

    LocalId(long sequence, long id) {
        this.sequence = sequence;
        this.id = id;
    }

    long sequence() {
        return sequence;
    }

    long id() {
        return id;
    }

    /** The largest number that came; -1 if none. */
    long largest() {
        return largest;
    }

    boolean isFresh(long number) {
        return window == null || window.isFresh(number);
    }

    boolean hasGaps() {
        return window != null && window.hasGaps();
    }

    void closeGaps() {
        if (window != null) {
            window.closeGaps();
        }
    }

    /**
     * An authentic packet came.
     *
     * @return whether its number is higher than all before it
     */
    boolean commit(long number) {
        ReplayWindow seen = window;
        if (seen == null) {
            seen = new ReplayWindow();
            window = seen;
        }
        seen.commit(number);
        if (number <= largest) {
            return false;
        }
        largest = number;
        return true;
    }

    /** Null until the first call of {@link #startAcks}. */
    @Nullable
    AckTracker acks() {
        return acks;
    }

    AckTracker startAcks() {
        AckTracker tracker = acks;
        if (tracker == null) {
            tracker = new AckTracker();
            acks = tracker;
        }
        return tracker;
    }
}
