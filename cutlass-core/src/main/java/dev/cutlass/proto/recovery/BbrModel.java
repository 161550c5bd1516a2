package dev.cutlass.proto.recovery;

import java.util.concurrent.TimeUnit;

/**
 * What {@link Bbr} believes of its path in the long run: the greatest bandwidth of the last two probing cycles, the shortest round trip of the last ten seconds, how much ACKs come in
 * bursts; and it counts round trips. Names are those of draft-ietf-ccwg-bbr sections 4 and 5.
 */
final class BbrModel {
    /** No limit, or nothing known; small enough to be added to and multiplied by a gain. */
    static final long INFINITE = 1L << 60;

    static final long MIN_RTT_FILTER_NANOS = TimeUnit.SECONDS.toNanos(10);
    static final long PROBE_RTT_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int EXTRA_ACKED_FILTER_ROUNDS = 10;
    private static final int FULL_BW_ROUNDS = 3;
    private static final double FULL_BW_GROWTH = 1.25;
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    // Packet-timed round trips.
    private long nextRoundDelivered;
    private long roundCount;
    private boolean roundStart;

    // Bandwidth in bytes per second: the present probing cycle and the one before.
    private long maxBwNow;
    private long maxBwBefore;
    private boolean advanced;

    // Has the rate stopped growing?
    private long fullBw;
    private int fullBwCount;
    private boolean fullBwNow;
    private boolean fullBwReached;

    private long minRtt = INFINITE;
    private long minRttAt;
    private long probeRttMinDelay = INFINITE;
    private long probeRttMinAt;
    private boolean probeRttExpired;

    private final WindowedMax extraAcked = new WindowedMax();
    private long extraAckedFrom;
    private long extraAckedDelivered;

    void updateRound(RateSample sample) {
        roundStart = sample.isNoted() && sample.priorDelivered() >= nextRoundDelivered;
        if (roundStart) {
            startRound(sample.totalDelivered());
            roundCount++;
        }
    }

    void startRound(long totalDelivered) {
        nextRoundDelivered = totalDelivered;
    }

    boolean isRoundStart() {
        return roundStart;
    }

    long roundCount() {
        return roundCount;
    }

    void updateMaxBw(RateSample sample, boolean appLimited) {
        if (sample.rate() > 0 && (sample.rate() >= maxBw() || !appLimited)) {
            maxBwNow = Math.max(maxBwNow, sample.rate());
        }
    }

    void advanceMaxBwFilter() {
        advanced = true;
        maxBwBefore = maxBwNow;
        maxBwNow = 0;
    }

    /**
     * ProbeRTT is over. If no cycle of probing was completed since the last one, then this is the end of one, too: else a path with a long queue, whose cycles take longer than the time between two
     * ProbeRTTs, would never forget a bandwidth of before. Ours; the draft counts cycles only.
     */
    void onProbeRttOver() {
        if (!advanced && maxBwNow > 0) {
            advanceMaxBwFilter();
        }
        advanced = false;
    }

    long maxBw() {
        return Math.max(maxBwNow, maxBwBefore);
    }

    void checkFullBw(RateSample sample, boolean appLimited) {
        if (fullBwNow || !roundStart || appLimited) {
            return;
        }
        if (sample.rate() >= fullBw * FULL_BW_GROWTH) {
            resetFullBw(sample.rate());
            return;
        }
        fullBwCount++;
        fullBwNow = fullBwCount >= FULL_BW_ROUNDS;
        fullBwReached |= fullBwNow;
    }

    void resetFullBw(long baseline) {
        fullBw = baseline;
        fullBwCount = 0;
        fullBwNow = false;
    }

    boolean isFullBwNow() {
        return fullBwNow;
    }

    boolean isFullBwReached() {
        return fullBwReached;
    }

    void setFullBwReached(boolean reached) {
        fullBwReached = reached;
    }

    void updateMinRtt(long rtt, long now) {
        probeRttExpired = now > probeRttMinAt + PROBE_RTT_INTERVAL_NANOS;
        if (rtt != RateSample.NO_RTT && (rtt < probeRttMinDelay || probeRttExpired)) {
            probeRttMinDelay = Math.max(1, rtt);
            probeRttMinAt = now;
        }
        if (probeRttMinDelay < minRtt || now > minRttAt + MIN_RTT_FILTER_NANOS) {
            minRtt = probeRttMinDelay;
            minRttAt = probeRttMinAt;
        }
    }

    /** The next ProbeRTT is due an interval from now. */
    void scheduleProbeRtt(long now) {
        probeRttMinAt = now;
    }

    boolean isProbeRttExpired() {
        return probeRttExpired;
    }

    /** {@link #INFINITE} before the first sample. */
    long minRtt() {
        return minRtt;
    }

    void restartExtraAcked(long now) {
        extraAckedFrom = now;
        extraAckedDelivered = 0;
    }

    void updateExtraAcked(long newlyAcked, long bw, long cwnd, long now) {
        double expected = bw * ((now - extraAckedFrom) / NANOS_PER_SECOND);
        if (extraAckedDelivered <= expected) {
            restartExtraAcked(now);
            expected = 0;
        }
        extraAckedDelivered += newlyAcked;
        final long extra = Math.min(cwnd, (long) (extraAckedDelivered - expected));
        extraAcked.update(Math.max(0, extra), roundCount, fullBwReached ? EXTRA_ACKED_FILTER_ROUNDS : 1);
    }

    long extraAcked() {
        return extraAcked.max();
    }

    /** What {@code bw} bytes per second have in flight without a queue; {@link #INFINITE} before the first round trip. */
    long bdp(long bw) {
        return minRtt == INFINITE ? INFINITE : (long) (bw * (minRtt / NANOS_PER_SECOND));
    }
}
