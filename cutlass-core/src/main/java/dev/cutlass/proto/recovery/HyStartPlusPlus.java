package dev.cutlass.proto.recovery;

import java.util.concurrent.TimeUnit;

/**
 * Leaves slow start before it overshoots: RFC 9406. When the round trip rises within a round, growth slows down for some rounds (CSS); if it falls again meanwhile, slow start goes
 * on, else it is over. Names are those of section 4.2. The sender is paced, so there is no limit L on the growth per ACK (section 4.3).
 */
final class HyStartPlusPlus {
    static final long MIN_RTT_THRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(4);
    static final long MAX_RTT_THRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(16);
    static final int MIN_RTT_DIVISOR = 8;
    static final int N_RTT_SAMPLE = 8;
    static final int CSS_GROWTH_DIVISOR = 4;
    static final int CSS_ROUNDS = 5;

    private static final long INFINITE = Long.MAX_VALUE;

    private long largestSent = -1;
    private long windowEnd;
    private long lastRoundMinRtt = INFINITE;
    private long currentRoundMinRtt = INFINITE;
    private int rttSampleCount;
    private long cssBaselineMinRtt = INFINITE;
    private int cssRounds;
    private boolean css;

    void onPacketSent(long number) {
        largestSent = number;
    }

    /** Whether growth is slowed down: conservative slow start. */
    boolean isInCss() {
        return css;
    }

    /**
     * An ACK during slow start.
     *
     * @param largest the packet that was sent last of those acknowledged
     * @param rtt {@link RateSample#NO_RTT} if there is no sample
     * @return whether slow start is over
     */
    boolean onAck(long largest, long rtt) {
        if (largest >= windowEnd && endRound()) {
            return true;
        }
        if (rtt != RateSample.NO_RTT) {
            currentRoundMinRtt = Math.min(currentRoundMinRtt, rtt);
            rttSampleCount++;
        }
        if (rttSampleCount >= N_RTT_SAMPLE && currentRoundMinRtt != INFINITE) {
            if (css) {
                if (currentRoundMinRtt < cssBaselineMinRtt) {
                    css = false; // it was no queue
                    cssBaselineMinRtt = INFINITE;
                }
            } else if (lastRoundMinRtt != INFINITE
                    && currentRoundMinRtt >= lastRoundMinRtt + threshold(lastRoundMinRtt)) {
                css = true;
                cssBaselineMinRtt = currentRoundMinRtt;
                cssRounds = 0;
            }
        }
        return false;
    }

    /** What was sent when the round began is acknowledged; whether CSS lasted long enough. A part of a round counts as one. */
    private boolean endRound() {
        windowEnd = largestSent + 1;
        lastRoundMinRtt = currentRoundMinRtt;
        currentRoundMinRtt = INFINITE;
        rttSampleCount = 0;
        return css && ++cssRounds >= CSS_ROUNDS;
    }

    /** By how much a round trip has to rise. */
    static long threshold(long lastRoundMinRtt) {
        return Math.max(MIN_RTT_THRESH_NANOS, Math.min(lastRoundMinRtt / MIN_RTT_DIVISOR, MAX_RTT_THRESH_NANOS));
    }

    /** Slow start begins, again or on another path. */
    void restart() {
        windowEnd = largestSent + 1;
        lastRoundMinRtt = INFINITE;
        currentRoundMinRtt = INFINITE;
        rttSampleCount = 0;
        cssBaselineMinRtt = INFINITE;
        cssRounds = 0;
        css = false;
    }
}
