package dev.cutlass.proto.recovery;

import org.jspecify.annotations.Nullable;

/**
 * Notices packets that were found lost and arrived all the same, and learns from them how much reordering the path does. Losses are taken together as the congestion
 * controller does: a loss event lasts until a packet is lost that was sent after its beginning. If all packets of the last event arrived, it was none.
 */
final class SpuriousLoss {
    /** A packet is lost if one was acknowledged that was sent this many later: RFC 9002 section 6.1.1. */
    static final int PACKET_THRESHOLD = 3;

    /** A path that reorders may raise it so far; the time threshold limits it beyond. */
    static final int MAX_PACKET_THRESHOLD = 64;

    /** Eighths of a round trip that a packet may be later than one that was acknowledged: RFC 9002 section 6.1.2. */
    static final int TIME_EIGHTHS = 1;

    /** One whole round trip, as RFC 8985 section 6.2 limits its window. */
    private static final int MAX_TIME_EIGHTHS = 8;

    private @Nullable LostPackets lost;
    private int packetThreshold = PACKET_THRESHOLD;
    private int timeEighths = TIME_EIGHTHS;

    /** The first packet of the present event, and the first that would begin a new one. */
    private long eventFrom;

    private long eventUntil;
    private int missing;
    private boolean undoable;
    private long lateBytes;

    int packetThreshold() {
        return packetThreshold;
    }

    int timeEighths() {
        return timeEighths;
    }

    void onLost(long number, long sentAt, int bytes, long nextNumber) {
        if (number >= eventUntil) {
            eventFrom = number;
            eventUntil = nextNumber;
            missing = 0;
            undoable = true;
        }
        missing++;
        LostPackets packets = lost;
        if (packets == null) {
            packets = new LostPackets();
            lost = packets;
        }
        if (packets.add(number, sentAt, bytes) >= eventFrom) {
            undoable = false; // nobody will know what became of it
        }
    }

    /**
     * A range of an ACK; of each lost packet in it nobody hears again.
     *
     * @param largestAcked before this ACK
     * @return whether the last event turned out to be none
     */
    boolean onAcked(long smallest, long largest, long largestAcked, RttEstimator rtt, long now) {
        final LostPackets packets = lost;
        if (packets == null || packets.count() == 0 || largest < packets.number(0)) {
            return false;
        }
        boolean undone = false;
        for (int i = packets.firstFrom(smallest); i < packets.count() && packets.number(i) <= largest; i++) {
            if (packets.hasArrived(i)) {
                continue;
            }
            learn(largestAcked - packets.number(i), now - packets.sentAt(i), rtt);
            lateBytes += packets.bytes(i);
            packets.arrive(i);
            if (packets.number(i) >= eventFrom && --missing == 0 && undoable) {
                undoable = false;
                undone = true;
            }
        }
        return undone;
    }

    /** Bytes that arrived late since the last call. */
    long takeLateBytes() {
        final long bytes = lateBytes;
        lateBytes = 0;
        return bytes;
    }

    private void learn(long distance, long nanos, RttEstimator rtt) {
        packetThreshold = (int) Math.min(MAX_PACKET_THRESHOLD, Math.max(packetThreshold, distance + 1));
        if (nanos > rtt.lossDelay(timeEighths)) {
            timeEighths = Math.min(MAX_TIME_EIGHTHS, 2 * timeEighths);
        }
    }

    /** Forgets packets sent before {@code time}. */
    void forgetBefore(long time) {
        final LostPackets packets = lost;
        while (packets != null && packets.count() > 0 && packets.sentAt(0) < time) {
            if (packets.number(0) >= eventFrom && !packets.hasArrived(0)) {
                undoable = false;
            }
            packets.removeOldest();
        }
    }

    /** The path leads elsewhere. */
    void reset() {
        packetThreshold = PACKET_THRESHOLD;
        timeEighths = TIME_EIGHTHS;
        undoable = false;
    }

    /** Gives back memory; for connections at rest. */
    void trim() {
        lost = null;
        undoable = false;
    }
}
