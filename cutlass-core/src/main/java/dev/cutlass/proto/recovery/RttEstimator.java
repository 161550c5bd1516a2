package dev.cutlass.proto.recovery;

import java.util.concurrent.TimeUnit;

/** How long the round trip of a path takes: RFC 9002 section 5. All values in nanoseconds. */
public final class RttEstimator {
    /** Before the first sample: RFC 9002 section 6.2.2. */
    public static final long INITIAL_RTT_NANOS = TimeUnit.MILLISECONDS.toNanos(333);

    /** The shortest time that timers are made for: RFC 9002 section 6.1.2. */
    public static final long GRANULARITY_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** The longest that an ACK waits, on both sides: docs/protocol.md section 4.4. */
    public static final long MAX_ACK_DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(25);

    private long latest;
    private long adjusted;
    private long minimum;
    private long smoothed;
    private long variance;
    private boolean sampled;
    private boolean minimumVoid;

    public RttEstimator() {
        reset();
    }

    /** As new: the path leads elsewhere (RFC 9000 section 9.4). */
    public void reset() {
        latest = 0;
        adjusted = 0;
        minimum = 0;
        smoothed = INITIAL_RTT_NANOS;
        variance = INITIAL_RTT_NANOS / 2;
        sampled = false;
        minimumVoid = false;
    }

    /** The least sample may be that of another route: the next sample takes its place. RFC 9002 section 5.2, after persistent congestion. */
    void forgetMinimum() {
        minimumVoid = true;
    }

    /**
     * Takes a sample: RFC 9002 section 5.3.
     *
     * @param rtt from the sending of the largest acknowledged packet to its ACK, at least 0
     * @param ackDelay how long the peer says that it waited; what is more than {@link #MAX_ACK_DELAY_NANOS} is not believed
     */
    public void onSample(long rtt, long ackDelay) {
        latest = rtt;
        if (!sampled) {
            sampled = true;
            minimum = rtt;
            smoothed = rtt;
            variance = rtt / 2;
            adjusted = rtt;
            return;
        }
        minimum = minimumVoid ? rtt : Math.min(minimum, rtt);
        minimumVoid = false;
        final long believed = Math.min(ackDelay, MAX_ACK_DELAY_NANOS);
        adjusted = rtt >= minimum + believed ? rtt - believed : rtt;
        variance = (3 * variance + Math.abs(smoothed - adjusted)) / 4;
        smoothed = (7 * smoothed + adjusted) / 8;
    }

    /** Whether there was a sample; before, the values are those of {@link #INITIAL_RTT_NANOS}. */
    public boolean isSampled() {
        return sampled;
    }

    /** The last sample; 0 before the first. */
    public long latest() {
        return latest;
    }

    /** The last sample without what the peer says that it waited, as far as that is believed; 0 before the first. */
    public long adjusted() {
        return adjusted;
    }

    /** The least sample; 0 before the first. */
    public long minimum() {
        return minimum;
    }

    public long smoothed() {
        return smoothed;
    }

    public long variance() {
        return variance;
    }

    /** The probe timeout without back-off: RFC 9002 section 6.2.1. */
    public long probeTimeout() {
        return smoothed + Math.max(4 * variance, GRANULARITY_NANOS) + MAX_ACK_DELAY_NANOS;
    }

    /**
     * How much later than a packet that was acknowledged a packet is lost: RFC 9002 section 6.1.2.
     *
     * @param eighths of a round trip beyond the round trip; 1 unless the path is known to reorder
     */
    public long lossDelay(int eighths) {
        final long rtt = Math.max(latest, smoothed);
        return Math.max(rtt + rtt / 8 * eighths, GRANULARITY_NANOS);
    }
}
