package dev.cutlass.proto.recovery;

/**
 * Less than best effort for the bulk data of one path. All data passes the path's {@link CongestionController}; bulk has to pass a {@link Ledbat} of its own as well, which hears of every ACK and every loss of the path
 * but counts bulk bytes alone. So bulk yields to whoever makes a queue, be it our own messages, and while it holds itself back the path's controller sees a sender that has nothing to
 * send. docs/transport.md. Threads: as the path's.
 */
public final class BulkLimit {
    private final Ledbat ledbat = new Ledbat();
    private long inFlight;
    private long newlyAcked;

    BulkLimit(int datagramBytes) {
        if (datagramBytes != CongestionController.INITIAL_DATAGRAM_BYTES) {
            ledbat.onDatagramSize(datagramBytes);
        }
    }

    /** Whether {@code bytes} more may be in flight. */
    public boolean canSend(int bytes) {
        return inFlight + bytes <= ledbat.window();
    }

    /** When {@code bytes} more may leave, if {@link #canSend}; not later than {@code now} means at once. */
    public long releaseTime(int bytes, long now) {
        return ledbat.releaseTime(bytes, now);
    }

    /** Bulk bytes leave with the next packet of the path, whether they were allowed or not. */
    public void onSent(int bytes, long now) {
        inFlight += bytes;
        ledbat.onBytesSent(bytes, now);
    }

    /** Bulk bytes of the path that were neither acknowledged nor lost. */
    public long bytesInFlight() {
        return inFlight;
    }

    /** How many of them there may be. */
    public long window() {
        return ledbat.window();
    }

    void onAcked(int bytes) {
        inFlight -= bytes;
        newlyAcked += bytes;
    }

    void onLost(int bytes) {
        inFlight -= bytes;
    }

    void onPacketSent(long number) {
        ledbat.onNumberSent(number);
    }

    void onAck(RateSample sample, RttEstimator rtt, long now) {
        ledbat.onAck(sample, newlyAcked, ledbat.isUnused(inFlight + newlyAcked), rtt, now);
        newlyAcked = 0;
    }

    void onPacketLost(RateSample packet, RttEstimator rtt, long now) {
        ledbat.onLost(packet, rtt, now);
    }

    void onSpuriousLoss(long now) {
        ledbat.onSpuriousLoss(now);
    }

    void onPersistentCongestion(long now) {
        ledbat.onPersistentCongestion(now);
    }

    void onPathChanged(long now) {
        ledbat.onPathChanged(now);
    }

    void onDatagramSize(int bytes) {
        ledbat.onDatagramSize(bytes);
    }
}
