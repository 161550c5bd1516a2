package dev.cutlass.file;

import java.util.concurrent.TimeUnit;

/**
 * What one transfer may ask for at once.
 *
 * @param minWindow bytes that may be under way from a holder at first, and at least; a block or more
 * @param maxWindow likewise at most
 * @param maxInFlight bytes that were asked for, or came and are not written yet, from all holders
 * @param blockTimeoutNanos a holder that sends nothing for so long is passed over while there is another
 * @param inOrder blocks are handed over in the order of the file, for what cannot be written otherwise
 */
public record SchedulerLimits(int minWindow, int maxWindow, int maxInFlight, long blockTimeoutNanos, boolean inOrder) {
    /** docs/files.md sections 4 and 8. */
    public static final SchedulerLimits DEFAULT =
            new SchedulerLimits(64 << 10, 4 << 20, 8 << 20, TimeUnit.SECONDS.toNanos(15), false);

    /** The same, in order. */
    public SchedulerLimits ordered() {
        return new SchedulerLimits(minWindow, maxWindow, maxInFlight, blockTimeoutNanos, true);
    }
}
