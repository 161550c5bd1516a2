package dev.cutlass.proto.recovery;

/**
 * Tells a path that swallows large packets only from one that loses now and then: RFC 8899 section 4.3. Hears of packets that are larger
 * than what every path carries. Packets on a path that carries nothing at all are not found lost, so such a path is none of its business.
 */
final class LargeLosses {
    /** So many in a row: at 30 % of random loss one run in a thousand is that long. */
    static final int PACKETS = 6;

    /** Over at least so many probe timeouts: a full queue, or a receiver that sleeps, takes longer runs at once. */
    static final int TIMEOUTS = 3;

    private int lost;
    private int smallest;
    private long firstSentAt;

    void onLost(int bytes, long sentAt) {
        if (bytes <= CongestionController.INITIAL_DATAGRAM_BYTES) {
            return;
        }
        firstSentAt = lost == 0 ? sentAt : Math.min(firstSentAt, sentAt);
        smallest = lost == 0 ? bytes : Math.min(smallest, bytes);
        lost++;
    }

    /** One that is as large as one of the lost ones ends the run. */
    void onAcked(int bytes) {
        if (bytes >= smallest) {
            lost = 0;
        }
    }

    boolean isBlackHole(long probeTimeout, long now) {
        return lost >= PACKETS && now - firstSentAt >= TIMEOUTS * probeTimeout;
    }
}
