package dev.cutlass.proto.recovery;

import org.jspecify.annotations.Nullable;

/**
 * The packets of one path that were neither acknowledged nor lost, the account of them, and the search for lost ones: RFC 9002 appendices A and B. What a packet carried is handed back from
 * here, once.
 *
 * @param <C> what a packet carried
 */
final class PacketsInFlight<C> {
    /** Loss over this many probe timeouts is persistent congestion: section 7.6.1. */
    static final int PERSISTENT_CONGESTION_THRESHOLD = 3;

    /** Packets that carry nothing are remembered for the sake of RTT samples, up to this many in all. */
    private static final int MAX_REMEMBERED = 512;

    private final SentPackets<C> sent = new SentPackets<>();
    private final RttEstimator rtt;
    private final LossRecovery.Listener<? super C> listener;
    private long bytes;
    private int packets;
    private long lost;
    private long lossTime = Deadlines.NONE;
    private long firstSampleAt = Deadlines.NONE;
    private @Nullable LargeLosses large; // only where larger packets are sent

    PacketsInFlight(RttEstimator rtt, LossRecovery.Listener<? super C> listener) {
        this.rtt = rtt;
        this.listener = listener;
    }

    long bytes() {
        return bytes;
    }

    int packets() {
        return packets;
    }

    /** How many were found lost so far. */
    long lost() {
        return lost;
    }

    /** When the next one is lost if no ACK comes; {@link Deadlines#NONE} if none is late. */
    long lossTime() {
        return lossTime;
    }

    /** One leaves that does not count as in flight. */
    void addQuiet(long number, long now) {
        if (sent.count() > 0 && sent.count() < MAX_REMEMBERED) {
            sent.add(number, 0, null, now);
        }
    }

    /** @param data null before data flows */
    void add(long number, int size, @Nullable C content, @Nullable Congestion data, long now) {
        sent.add(number, size, content, now);
        if (data != null) {
            data.onSent(sent, size, bytes, now);
        }
        bytes += size;
        packets++;
    }

    /** When a packet left; {@link Deadlines#NONE} if it is not in flight. */
    long sentAt(long number) {
        final int index = sent.firstFrom(number);
        final boolean isHere = index < sent.count() && sent.number(index) == number && !sent.isGone(index);
        return isHere ? sent.sentAt(index) : Deadlines.NONE;
    }

    void removeAcked(long smallest, long largest, @Nullable Congestion data, long now) {
        for (int i = sent.firstFrom(smallest); i < sent.count() && sent.number(i) <= largest; i++) {
            if (sent.isGone(i)) {
                continue;
            }
            final int size = sent.bytes(i);
            final C content = sent.takeContent(i);
            if (size > 0) {
                bytes -= size;
                packets--;
                if (large != null) {
                    large.onAcked(size);
                }
                if (data != null) {
                    data.onAcked(sent, i, now);
                }
            }
            sent.remove(i);
            if (content != null) {
                listener.onAcked(content, now);
            }
        }
    }

    void dropSettledHead() {
        sent.dropSettledHead();
    }

    /** The first round trip of the path was measured: losses from before say nothing about persistent congestion. */
    void onFirstSample(long now) {
        firstSampleAt = now;
    }

    /**
     * DetectAndRemoveLostPackets and OnPacketsLost: appendix A.10 and B.8.
     *
     * @param nextNumber of the next packet that leaves
     */
    void detectLost(long largestAcked, long nextNumber, @Nullable Congestion data, long now) {
        final long lossDelay = rtt.lossDelay(data == null ? SpuriousLoss.TIME_EIGHTHS : data.timeEighths());
        final int threshold = data == null ? SpuriousLoss.PACKET_THRESHOLD : data.packetThreshold();
        lossTime = Deadlines.NONE;
        long runFrom = Deadlines.NONE;
        boolean persistent = false;
        for (int i = 0; i < sent.count() && sent.number(i) < largestAcked; i++) {
            if (sent.isGone(i)) {
                runFrom = Deadlines.NONE; // acknowledged, or lost for another reason, in between: not persistent
                continue;
            }
            final long sentAt = sent.sentAt(i);
            final int size = sent.bytes(i);
            if (Deadlines.after(sentAt, lossDelay) > now && largestAcked - sent.number(i) < threshold) {
                if (size > 0) {
                    lossTime = Math.min(lossTime, Deadlines.after(sentAt, lossDelay));
                }
                continue;
            }
            final C content = sent.takeContent(i);
            if (size > 0) {
                lost++;
                packets--;
                bytes -= size;
                if (large != null) {
                    large.onLost(size, sentAt);
                }
                if (sentAt > firstSampleAt) {
                    runFrom = Math.min(runFrom, sentAt);
                    persistent |= sentAt - runFrom > persistentCongestionDuration();
                }
                if (data != null) {
                    data.onLost(sent, i, nextNumber, bytes, rtt, now);
                }
                listener.onPacketLost(sent.number(i), now);
            }
            sent.remove(i);
            if (content != null) {
                listener.onLost(content, now);
            }
        }
        sent.dropSettledHead();
        if (persistent) {
            rtt.forgetMinimum();
            if (data != null) {
                data.onPersistentCongestion(now);
            }
        }
    }

    private long persistentCongestionDuration() {
        return rtt.probeTimeout() * PERSISTENT_CONGESTION_THRESHOLD;
    }

    /** See {@link LossRecovery#giveBackOldest}. */
    boolean giveBackOldest(long now) {
        for (int i = 0; i < sent.count(); i++) {
            if (sent.bytes(i) > 0 && sent.hasContent(i)) {
                final C content = sent.takeContent(i);
                if (content != null) {
                    listener.onLost(content, now);
                    return true;
                }
            }
        }
        return false;
    }

    /** See {@link LossRecovery#abandon}. */
    void abandon(long now) {
        for (int i = 0; i < sent.count(); i++) {
            final C content = sent.takeContent(i);
            sent.remove(i);
            if (content != null) {
                listener.onLost(content, now);
            }
        }
        sent.dropSettledHead();
        bytes = 0;
        packets = 0;
        lossTime = Deadlines.NONE;
    }

    /** The path leads elsewhere: its first round trip is still to be measured. */
    void onPathChanged() {
        firstSampleAt = Deadlines.NONE;
    }

    void setDatagramBytes(int greatest) {
        large = greatest > CongestionController.INITIAL_DATAGRAM_BYTES ? new LargeLosses() : null;
    }

    boolean isBlackHole(long now) {
        return large != null && large.isBlackHole(rtt.probeTimeout(), now);
    }

    void trim() {
        sent.trim();
    }
}
