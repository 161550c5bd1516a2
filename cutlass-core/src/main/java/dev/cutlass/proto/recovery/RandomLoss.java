package dev.cutlass.proto.recovery;

import java.util.concurrent.TimeUnit;

/**
 * Tells loss that a queue causes from loss that just happens. A drop-tail queue loses when it is full, so packets that arrive at about the same time took longer than usual; what is lost
 * while round trips are as short as ever was lost by chance, and its share is what is to be expected later, too. This is ours: draft-ietf-ccwg-bbr tolerates
 * {@link Bbr#LOSS_THRESHOLD} and counts everything. More than {@link #MOST} is never chance: a policer drops without a queue.
 */
final class RandomLoss {
    /** So much may be lost by chance; a link that loses more is broken, or somebody's way to say slow down. */
    static final double MOST = 0.10;

    /** A round trip longer by this part of the shortest shows a queue ... */
    private static final int QUEUE_DIVISOR = 8;

    /** ... but not what the machines take to do their work. */
    private static final long LEAST_QUEUE_NANOS = TimeUnit.MICROSECONDS.toNanos(250);

    /** The share is that of about so many datagrams. */
    private static final int MEMORY_DATAGRAMS = 2_000;

    /** Chance varies: three standard deviations of a Poisson distribution are not yet a sign. */
    private static final double DEVIATIONS = 3;

    private int datagram = CongestionController.INITIAL_DATAGRAM_BYTES;
    private double lost;
    private double delivered;
    private long roundLost;
    private long roundDelivered;
    private boolean roundQueued;

    void setDatagramBytes(int bytes) {
        datagram = bytes;
    }

    /** Whether a round trip shows a queue. */
    static boolean isQueued(long rtt, long minRtt) {
        return rtt > minRtt + Math.max(minRtt / QUEUE_DIVISOR, LEAST_QUEUE_NANOS);
    }

    void onAck(long bytes, boolean queued) {
        roundDelivered += bytes;
        roundQueued |= queued;
    }

    void onLost(long bytes) {
        roundLost += bytes;
    }

    /** A packet-timed round trip is over. */
    void endRound() {
        final long all = roundLost + roundDelivered;
        if (!roundQueued && roundLost <= MOST * all + 2L * datagram) {
            lost += roundLost;
            delivered += roundDelivered;
            final double memory = (double) MEMORY_DATAGRAMS * datagram;
            if (lost + delivered > memory) {
                final double keep = memory / (lost + delivered);
                lost *= keep;
                delivered *= keep;
            }
        }
        roundLost = 0;
        roundDelivered = 0;
        roundQueued = false;
    }

    /** The share of packets that is lost by chance: 0 to {@link #MOST}. */
    double rate() {
        return lost == 0 ? 0 : Math.min(MOST, lost / (lost + delivered));
    }

    /** How much of {@code bytes} may be lost by chance, before the loss means something. */
    double allowance(long bytes) {
        final double expected = rate() * bytes;
        return expected + DEVIATIONS * Math.sqrt(expected * datagram);
    }
}
