package dev.cutlass.file;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * How fast a holder is, and so how much may be under way from it: twice its delivery rate times its least latency, and never less than a small share of what it has brought. So a near one has little under way,
 * which is what a crash can cost, and does not wait for each block once that is little beside what came; a far one has enough to fill the path. One thread at a time.
 */
final class HolderPace {
    private static final int SAMPLES = 10;

    /** A least latency that is older than this is measured anew: paths change. */
    private static final long LATENCY_LIFE = TimeUnit.SECONDS.toNanos(10);

    /** So much of what a holder brought may be under way in any case: what a crash makes to be sent twice is less than 1 % of what came before it, and the least window. */
    static final int SHARE = 128;

    /** Above that the share brings nothing more: a path that needs a larger window shows it in its latency. */
    static final int MAX_SHARE = 512 << 10;

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
     * The first byte of a request came.
     *
     * @param little little else was under way when it was sent, so that it did not wait behind what we asked for ourselves
     */
    void onFirstByte(long nanos, boolean little, long now) {
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

    /** Nanoseconds until the first byte of a request comes; 0 if unknown. */
    long latency() {
        return latency == Long.MAX_VALUE ? 0 : latency;
    }

    /** Bytes that may be under way. For a moment the least, when the latency has to be measured anew: else the queue that we make ourselves would let the window grow, and the queue with it. */
    long window(SchedulerLimits limits, long now) {
        if (isOld(now)) {
            return limits.minWindow();
        }
        final long share = limits.minWindow() + Math.min(delivered / SHARE, MAX_SHARE);
        final long wanted = (long) (2 * rate() * (latency() / SECOND));
        return Math.min(limits.maxWindow(), Math.max(share, wanted));
    }
}
