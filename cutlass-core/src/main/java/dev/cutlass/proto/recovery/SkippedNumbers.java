package dev.cutlass.proto.recovery;

import dev.cutlass.wire.AckRanges;
import java.util.random.RandomGenerator;

/**
 * Leaves out a packet number now and then: a peer that acknowledges packets before it has them, to be sent more than its path carries, sooner or later
 * acknowledges one that never was. RFC 9000 section 21.4.
 */
final class SkippedNumbers {
    private static final int LEAST_DISTANCE = 256;

    /** The distance varies by so much, so that nobody can tell where the next one is. */
    private static final int SPREAD = 1_024;

    private final RandomGenerator random;
    private long nextSkipped;
    private long last = -1;
    private long lastButOne = -1;

    SkippedNumbers(RandomGenerator random) {
        this.random = random;
        nextSkipped = distance();
    }

    /** The number that follows {@code number}. */
    long after(long number) {
        final long next = number + 1;
        if (next < nextSkipped) {
            return next;
        }
        lastButOne = last;
        last = next;
        nextSkipped = next + 1 + distance();
        return next + 1;
    }

    /** Whether an ACK names a number that was left out; older ones than the last two are forgotten. */
    boolean isAnyIn(AckRanges ranges) {
        return last >= 0 && (ranges.contains(last) || (lastButOne >= 0 && ranges.contains(lastButOne)));
    }

    private long distance() {
        return (long) LEAST_DISTANCE + random.nextInt(SPREAD);
    }
}
