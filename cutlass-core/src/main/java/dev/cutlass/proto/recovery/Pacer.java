package dev.cutlass.proto.recovery;

import java.util.concurrent.TimeUnit;

/**
 * Spreads packets over time: RFC 9002 section 7.7. Keeps the time at which the next packet would leave if all left evenly, and lets a bounded burst
 * leave earlier: after a pause as much as an initial window, so that a small message on an idle link never waits, and what a timer that comes late has missed.
 */
final class Pacer {
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    /** Timers are this coarse: what may leave within it may leave at once. */
    static final long GRANULARITY_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    /** Who has to wait waits for as much as this, not for a timer per packet; an ACK in between sends what is due by then. */
    private static final long QUANTUM_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

    /** So many of the least size within {@link #GRANULARITY_NANOS}, however fast the path: what a receive buffer of a few hundred KiB holds. */
    private static final int MAX_BURST_DATAGRAMS = 128;

    /** ... but of large ones at least so many, or nothing would overlap. */
    private static final long MIN_BURST_DATAGRAMS = 8;

    private static final int MAX_BURST_BYTES = MAX_BURST_DATAGRAMS * CongestionController.INITIAL_DATAGRAM_BYTES;

    private int datagramBytes = CongestionController.INITIAL_DATAGRAM_BYTES;
    private long nextAt;

    void setDatagramBytes(int bytes) {
        datagramBytes = bytes;
    }

    /** @param rate bytes per second */
    void onSent(int bytes, double rate, long now) {
        nextAt = Math.max(nextAt, now - burstNanos(rate)) + nanosFor(bytes, rate);
    }

    /** When a packet may leave; not later than {@code now} means at once. */
    long releaseTime(double rate, long now) {
        if (nextAt <= now) {
            return now;
        }
        return nextAt + Math.min(QUANTUM_NANOS, burstNanos(rate) / 2);
    }

    /** How long {@code rate} takes for what may leave at once after a pause. */
    private long burstNanos(double rate) {
        // RFC 9002 section 7.7: after a pause no more at once than an initial window
        final long initial = nanosFor(CongestionController.initialWindow(datagramBytes), rate);
        final long usual = Math.max(GRANULARITY_NANOS, initial);
        final long most = nanosFor(maxBurst(datagramBytes), rate);
        return Math.min(usual, most);
    }

    /** How many bytes may leave at once, however fast the path. */
    static long maxBurst(int datagramBytes) {
        return Math.max(MAX_BURST_BYTES, MIN_BURST_DATAGRAMS * datagramBytes);
    }

    private static long nanosFor(long bytes, double rate) {
        return (long) Math.min(NANOS_PER_SECOND, bytes * NANOS_PER_SECOND / rate); // never more than a second a packet
    }
}
