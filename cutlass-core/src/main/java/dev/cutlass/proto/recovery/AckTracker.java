package dev.cutlass.proto.recovery;

import dev.cutlass.wire.AckFrame;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * What arrived on one path and when to say so: RFC 9000 section 13.2 with the times of docs/protocol.md section 4.4. Numbers come here
 * after the replay window: never twice.
 */
public final class AckTracker {
    /** The first range and 64 further ones, the most that an ACK frame has: docs/protocol.md section 5. */
    public static final int MAX_RANGES = 65;

    /** An ACK is due after this many ack-eliciting packets: RFC 9000 section 13.2.2. */
    static final int ELICITING_PACKETS = 2;

    /** Most paths lose little, and an idle connection stays small. */
    private static final int INITIAL_RANGES = 1;

    /** Largest and smallest of each range in turn, highest range first: the form of an ACK frame. */
    private long[] bounds = new long[2 * INITIAL_RANGES];

    private int count;
    private long largest = -1;
    private long largestAt;
    private int unacknowledged;

    /** The smallest number that wants an ACK and is in none that left. */
    private long lowestUntold = Long.MAX_VALUE;

    private boolean atOnce;
    private long deadline = Deadlines.NONE;

    /** A packet arrived and was authentic. */
    public void onReceived(long number, boolean ackEliciting, long now) {
        final boolean outOfOrder = number != largest + 1;
        if (number > largest) {
            largest = number;
            largestAt = now;
        }
        insert(number);
        if (ackEliciting) {
            unacknowledged++;
            lowestUntold = Math.min(lowestUntold, number);
            atOnce |= outOfOrder || unacknowledged >= ELICITING_PACKETS;
            deadline = Math.min(deadline, Deadlines.after(now, RttEstimator.MAX_ACK_DELAY_NANOS));
        }
    }

    /** Whether an ACK may not wait any longer. */
    public boolean isDue(long now) {
        return atOnce || now >= deadline;
    }

    /** Whether an ACK belongs into the next packet, whoever asked for that packet. */
    public boolean isWanted() {
        return unacknowledged > 0;
    }

    /** When an ACK is due; {@link Deadlines#NONE} if none is wanted, 0 if at once. */
    public long deadline() {
        return atOnce ? 0 : deadline;
    }

    /** Largest and smallest number of each range in turn, highest range first; a copy, empty if nothing arrived. */
    public long[] ranges() {
        return Arrays.copyOf(bounds, 2 * count);
    }

    /** The ACK that leaves now: {@link #onAckSent} has to follow if it does. There has to be something that arrived. */
    public AckFrame fill(AckFrame frame, long pathId, long now) {
        frame.start(pathId, delayMicros(now), count);
        for (int i = 0; i < count; i++) {
            frame.add(largestOf(i), smallestOf(i));
        }
        return frame;
    }

    public int rangeCount() {
        return count;
    }

    /** The largest number that arrived; -1 before the first. */
    public long largest() {
        return largest;
    }

    /** What the delay field of an ACK says that leaves now: microseconds since the largest number arrived. */
    public long delayMicros(long now) {
        return TimeUnit.NANOSECONDS.toMicros(now - largestAt);
    }

    /** An ACK with all ranges left. */
    public void onAckSent() {
        unacknowledged = 0;
        lowestUntold = Long.MAX_VALUE;
        atOnce = false;
        deadline = Deadlines.NONE;
    }

    /**
     * The peer has an ACK whose largest number is {@code acknowledged}: what that told need not be told again. RFC 9000 section 13.2.4.
     * A late packet that came after that ACK had left is not in it, and stays.
     */
    public void onAckOfAck(long acknowledged) {
        final long told = Math.min(acknowledged, lowestUntold - 1);
        while (count > 0 && largestOf(count - 1) <= told) {
            count--;
        }
        if (count > 0 && smallestOf(count - 1) <= told) {
            bounds[2 * count - 1] = told + 1;
        }
    }

    /** Gives back memory that gaps took; for connections at rest. */
    public void trim() {
        if (bounds.length > 2 * Math.max(INITIAL_RANGES, count)) {
            bounds = Arrays.copyOf(bounds, 2 * Math.max(INITIAL_RANGES, count));
        }
    }

    private void insert(long number) {
        int at = 0;
        while (at < count && smallestOf(at) > number + 1) {
            at++;
        }
        if (at == count) {
            insertRange(at, number);
        } else if (number > largestOf(at) + 1) {
            insertRange(at, number);
        } else if (number == largestOf(at) + 1) {
            bounds[2 * at] = number; // the range above is at least two away, else the loop had stopped there
        } else if (number == smallestOf(at) - 1) {
            bounds[2 * at + 1] = number;
            if (at + 1 < count && largestOf(at + 1) == number - 1) {
                bounds[2 * at + 1] = smallestOf(at + 1);
                removeRange(at + 1);
            }
        }
    }

    private void insertRange(int at, long number) {
        if (at >= MAX_RANGES) {
            return; // older than all that is kept
        }
        if (count == MAX_RANGES) {
            count--; // the oldest was told most often
        }
        if (bounds.length < 2 * (count + 1)) {
            bounds = Arrays.copyOf(bounds, Math.min(2 * bounds.length, 2 * MAX_RANGES));
        }
        System.arraycopy(bounds, 2 * at, bounds, 2 * (at + 1), 2 * (count - at));
        bounds[2 * at] = number;
        bounds[2 * at + 1] = number;
        count++;
    }

    private void removeRange(int at) {
        System.arraycopy(bounds, 2 * (at + 1), bounds, 2 * at, 2 * (count - at - 1));
        count--;
    }

    private long largestOf(int range) {
        return bounds[2 * range];
    }

    private long smallestOf(int range) {
        return bounds[2 * range + 1];
    }
}
