package dev.cutlass.proto.recovery;

import java.util.concurrent.TimeUnit;

/**
 * CUBIC, RFC 9438, with HyStart++ (RFC 9406) for slow start and pacing. Names and numbers of sections are those of RFC 9438, but for the window, which is in bytes. Fair beside what most of the
 * internet uses; random loss makes it slow.
 */
public final class Cubic implements CongestionController {
    /** Section 4.6. */
    static final double BETA = 0.7;

    /** Section 5: segments per second cubed. */
    static final double C = 0.4;

    /** Section 4.3: makes the Reno-friendly window as large as Reno's on average. */
    static final double ALPHA = 3 * (1 - BETA) / (1 + BETA);

    /** RFC 9002 section 7.2. */
    private static final int MIN_WINDOW_DATAGRAMS = 2;

    /** How much faster than the window per round trip packets leave: RFC 9002 section 7.7 ... */
    private static final double PACING_GAIN = 1.25;

    /** ... and during slow start, in which the window doubles every round trip. */
    private static final double SLOW_START_PACING_GAIN = 2;

    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final double NO_THRESHOLD = Double.MAX_VALUE;

    private final HyStartPlusPlus slowStart = new HyStartPlusPlus();
    private final Pacer pacer = new Pacer();
    private int datagram = INITIAL_DATAGRAM_BYTES;
    private double cwnd = CongestionController.initialWindow(INITIAL_DATAGRAM_BYTES);
    private double ssthresh = NO_THRESHOLD;
    private double wMax;
    private double wEst;
    private double cwndPrior;
    private double k;

    /** When congestion avoidance began, moved on by times in which the window was not needed (section 5.8). */
    private long epochStart = Deadlines.NONE;

    private long lastAckAt;
    private double smoothedRtt = RttEstimator.INITIAL_RTT_NANOS;

    /** Losses of packets up to this one are part of the last congestion event. */
    private long recoveryEnd = -1;

    private long largestSent = -1;

    // What to go back to if the last congestion event was none: section 4.9.
    private double undoCwnd;
    private double undoSsthresh;
    private double undoWMax;
    private double undoWEst;
    private double undoCwndPrior;
    private double undoK;
    private long undoEpochStart = Deadlines.NONE;

    @Override
    public void onPacketSent(long number, int bytes, long bytesInFlight, boolean appLimited, long now) {
        largestSent = number;
        slowStart.onPacketSent(number);
        pacer.onSent(bytes, rate(), now);
    }

    @Override
    public void onAck(RateSample sample, RttEstimator rtt, long now) {
        final long sinceLastAck = now - lastAckAt;
        lastAckAt = now;
        smoothedRtt = Math.max(1, rtt.smoothed());
        if (sample.number() <= recoveryEnd) {
            return; // RFC 9002 section 7.3.2: no growth before the reduced window was tried
        }
        if (isUnderUsed(sample)) {
            if (epochStart != Deadlines.NONE) {
                epochStart += sinceLastAck;
            }
            return;
        }
        if (isInSlowStart()) {
            growSlowStart(sample, now);
        } else {
            growAvoidance(sample.newlyAcked(), rtt, now);
        }
        cwnd = Math.min(cwnd, MAX_WINDOW);
    }

    /** RFC 9002 section 7.8: whoever sent less than the window allowed has not tried it. Pacing is no such reason. */
    private boolean isUnderUsed(RateSample sample) {
        final double used = sample.priorInFlight() + minWindow();
        return sample.isAppLimited() && used < (isInSlowStart() ? cwnd / 2 : cwnd);
    }

    private boolean isInSlowStart() {
        return cwnd < ssthresh;
    }

    private void growSlowStart(RateSample sample, long now) {
        // RFC 9406: only the first slow start; after a loss ssthresh is known to be good.
        final boolean first = ssthresh == NO_THRESHOLD;
        final boolean over = first && slowStart.onAck(sample.number(), sample.rtt());
        final int divisor = first && slowStart.isInCss() ? HyStartPlusPlus.CSS_GROWTH_DIVISOR : 1;
        cwnd += (double) sample.newlyAcked() / divisor;
        if (over) {
            ssthresh = cwnd;
            wMax = cwnd; // section 4.10: no congestion event is known: the plateau is here
            beginEpoch(now);
        }
    }

    private void beginEpoch(long now) {
        epochStart = now;
        wEst = cwnd;
        k = Math.cbrt(Math.max(0, wMax - cwnd) / datagram / C);
    }

    private void growAvoidance(long acked, RttEstimator rtt, long now) {
        if (epochStart == Deadlines.NONE) {
            beginEpoch(now);
        }
        // Section 4.3: once the Reno-friendly window has reached what there was before, it grows as Reno's.
        wEst += (wEst < cwndPrior ? ALPHA : 1) * acked * datagram / cwnd;
        final double elapsed = (now - epochStart) / NANOS_PER_SECOND;
        if (wCubic(elapsed) < wEst) {
            cwnd = Math.max(cwnd, wEst);
            return;
        }
        final double ahead = wCubic(elapsed + rtt.smoothed() / NANOS_PER_SECOND);
        final double target = Math.max(cwnd, Math.min(ahead, 1.5 * cwnd));
        cwnd += (target - cwnd) / cwnd * acked;
    }

    /** Figure 1: where the window ought to be so many seconds after the beginning of the epoch. */
    double wCubic(double seconds) {
        final double distance = seconds - k;
        return C * distance * distance * distance * datagram + wMax;
    }

    @Override
    public void onLost(RateSample packet, RttEstimator rtt, long now) {
        if (packet.number() <= recoveryEnd) {
            return; // one reduction per round trip: section 4.6
        }
        recoveryEnd = largestSent;
        undoCwnd = cwnd;
        undoSsthresh = ssthresh;
        undoWMax = wMax;
        undoWEst = wEst;
        undoCwndPrior = cwndPrior;
        undoK = k;
        undoEpochStart = epochStart;
        reduce();
    }

    private void reduce() {
        cwndPrior = cwnd;
        wMax = cwnd < wMax ? cwnd * (1 + BETA) / 2 : cwnd; // section 4.7: fast convergence
        ssthresh = Math.max(cwnd * BETA, minWindow());
        cwnd = ssthresh;
        epochStart = Deadlines.NONE;
    }

    @Override
    public void onSpuriousLoss(long now) {
        if (undoCwnd == 0 || cwnd >= undoCwnd) {
            return;
        }
        cwnd = undoCwnd;
        ssthresh = undoSsthresh;
        wMax = undoWMax;
        wEst = undoWEst;
        cwndPrior = undoCwndPrior;
        k = undoK;
        epochStart = undoEpochStart;
        recoveryEnd = -1;
        undoCwnd = 0;
    }

    @Override
    public void onPersistentCongestion(long now) {
        // The loss has set ssthresh already; slow start leads back to it: RFC 9002 section 7.6.2, RFC 9438 section 4.8.
        cwnd = minWindow();
        recoveryEnd = -1;
        undoCwnd = 0;
        epochStart = Deadlines.NONE;
        slowStart.restart();
    }

    @Override
    public void onPathChanged(long now) {
        cwnd = CongestionController.initialWindow(datagram);
        ssthresh = NO_THRESHOLD;
        wMax = 0;
        wEst = 0;
        cwndPrior = 0;
        epochStart = Deadlines.NONE;
        smoothedRtt = RttEstimator.INITIAL_RTT_NANOS;
        recoveryEnd = largestSent;
        undoCwnd = 0;
        slowStart.restart();
    }

    @Override
    public void onDatagramSize(int bytes) {
        final boolean untouched = cwnd == CongestionController.initialWindow(datagram);
        datagram = bytes;
        pacer.setDatagramBytes(bytes);
        cwnd = Math.max(untouched ? CongestionController.initialWindow(bytes) : cwnd, minWindow());
    }

    private double minWindow() {
        return MIN_WINDOW_DATAGRAMS * datagram;
    }

    @Override
    public long window() {
        return (long) cwnd;
    }

    @Override
    public long releaseTime(int bytes, long now) {
        return pacer.releaseTime(rate(), now);
    }

    @Override
    public String name() {
        return "CUBIC";
    }

    @Override
    public long pacingRate() {
        return (long) rate();
    }

    private double rate() {
        return (isInSlowStart() ? SLOW_START_PACING_GAIN : PACING_GAIN) * cwnd * NANOS_PER_SECOND / smoothedRtt;
    }
}
