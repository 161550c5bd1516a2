package dev.cutlass.file;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * How fast a holder is, and so how much may be under way from it: one block, since blocks are asked for as a whole, and what its path holds, which is its delivery rate times its least latency. So a near one has
 * little under way, which is what a crash can cost, and a far one has enough to fill the path. One thread at a time.
 */
final class HolderPace {
    private static final int SAMPLES = 10;

    /** A least latency that is older than this is measured anew: paths change. */
    private static final long LATENCY_LIFE = TimeUnit.SECONDS.toNanos(10);

    /**
     * So many times what the path seems to hold: room for a rate that grows, since what is measured is never more than what was asked for; and for packets that are lost, behind which what came waits for a round trip.
     */
    private static final int GAIN = 2;

    private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

    private final double[] rates = new double[SAMPLES];
    private int sampled;
    private long latency = Long.MAX_VALUE;
    private long latencySince;
    private long delivered;

    /** Bytes that came so far; part of a request's {@link #onFinished}. */
    long delivered() {
        return delivered;
    }

    void onBytes(int count) {
        delivered += count;
    }

    /**
     * The first bytes of a request came: few of them, so that what they took is hardly more than the way there and back.
     *
     * @param little little else was under way when it was sent, so that it did not wait behind what we asked for ourselves
     */
    void onFirstBytes(long nanos, boolean little, long now) {
        if (nanos <= latency || (little && isOld(now))) {
            latency = Math.max(1, nanos);
            latencySince = now;
        }
    }

    private boolean isOld(long now) {
        return now - latencySince > LATENCY_LIFE;
    }

    /** A request is through: so many bytes, of this and others, came since it was sent. */
    void onFinished(long bytes, long nanos) {
        rates[sampled % SAMPLES] = bytes * SECOND / Math.max(1, nanos);
        sampled++;
    }

    /** Bytes a second; 0 if unknown. */
    double rate() {
        return Arrays.stream(rates).max().orElse(0);
    }

    /** Nanoseconds until the first bytes of a request come; 0 if unknown. */
    long latency() {
        return latency == Long.MAX_VALUE ? 0 : latency;
    }

    /** Bytes that may be under way. For a moment the least, when the latency has to be measured anew: else the queue that we make ourselves would let the window grow, and the queue with it. */
    long window(SchedulerLimits limits, long now) {
        if (isOld(now)) {
            return limits.minWindow();
        }
        final double path = rate() * (latency() / SECOND);
        return Math.min(limits.maxWindow(), limits.minWindow() + (long) (GAIN * path));
    }
}
