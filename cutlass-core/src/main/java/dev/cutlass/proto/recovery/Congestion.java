package dev.cutlass.proto.recovery;

import org.jspecify.annotations.Nullable;

/** What {@link LossRecovery} needs beside the packets themselves as soon as data flows: the controller and all that is measured for it. */
final class Congestion {
    /** A lost packet that arrives later than so many probe timeouts after it was sent interests nobody. */
    private static final int SPURIOUS_TIMEOUTS = 4;

    private final CongestionController controller;
    private final DeliveryRate rate = new DeliveryRate();
    private final SpuriousLoss spurious = new SpuriousLoss();
    private final RateSample acked = new RateSample();
    private final RateSample lost = new RateSample();
    private boolean undo;

    /** Null before there is bulk. */
    private @Nullable BulkLimit bulk;

    Congestion(CongestionController controller, int datagramBytes) {
        this.controller = controller;
        if (datagramBytes != CongestionController.INITIAL_DATAGRAM_BYTES) {
            controller.onDatagramSize(datagramBytes);
        }
    }

    CongestionController controller() {
        return controller;
    }

    BulkLimit bulk(int datagramBytes) {
        BulkLimit limit = bulk;
        if (limit == null) {
            limit = new BulkLimit(datagramBytes);
            bulk = limit;
        }
        return limit;
    }

    @Nullable
    BulkLimit bulk() {
        return bulk;
    }

    int packetThreshold() {
        return spurious.packetThreshold();
    }

    int timeEighths() {
        return spurious.timeEighths();
    }

    /**
     * The newest packet of {@code sent} leaves.
     *
     * @param bytesInFlight without it
     */
    void onSent(SentPackets<?> sent, int bytes, long bytesInFlight, long now) {
        rate.onSent(sent, bytes, bytesInFlight, now);
        final long number = sent.number(sent.count() - 1);
        controller.onPacketSent(number, bytes, bytesInFlight + bytes, rate.isAppLimited(), now);
        if (bulk != null) {
            bulk.onPacketSent(number);
        }
    }

    void onAppLimited(long bytesInFlight) {
        rate.markAppLimited(bytesInFlight);
    }

    void beginAck(long bytesInFlight) {
        acked.begin(bytesInFlight);
        undo = false;
    }

    /** A packet in flight was acknowledged; it is in {@code sent} still. */
    void onAcked(SentPackets<?> sent, int index, long now) {
        final boolean newest = sent.number(index) > acked.number;
        if (newest) {
            acked.number = sent.number(index);
            acked.sentAt = sent.sentAt(index);
        }
        acked.newlyAcked += sent.bytes(index);
        rate.onAcked(sent, index, newest, acked, now);
    }

    /** @param largestBefore the largest number that was acknowledged before this ACK */
    void onRangeAcked(long smallest, long largest, long largestBefore, RttEstimator rtt, long now) {
        undo |= spurious.onAcked(smallest, largest, largestBefore, rtt, now);
    }

    void onRangesAcked(long now) {
        rate.onLateAck(spurious.takeLateBytes());
        if (undo) {
            controller.onSpuriousLoss(now);
            if (bulk != null) {
                bulk.onSpuriousLoss(now);
            }
        }
    }

    void onRtt(long nanos) {
        acked.rtt = nanos;
    }

    void endAck(long bytesInFlight, RttEstimator rtt, long now) {
        acked.bytesInFlight = bytesInFlight;
        rate.complete(acked, rtt);
        controller.onAck(acked, rtt, now);
        if (bulk != null) {
            bulk.onAck(acked, rtt, now);
        }
    }

    /**
     * A packet is lost; it is in {@code sent} still.
     *
     * @param nextNumber of the next packet that leaves
     */
    void onLost(SentPackets<?> sent, int index, long nextNumber, long bytesInFlight, RttEstimator rtt, long now) {
        spurious.forgetBefore(now - SPURIOUS_TIMEOUTS * rtt.probeTimeout());
        spurious.onLost(sent.number(index), sent.sentAt(index), sent.bytes(index), nextNumber);
        lost.begin(bytesInFlight);
        rate.onLost(sent, index, lost);
        controller.onLost(lost, rtt, now);
        if (bulk != null) {
            bulk.onPacketLost(lost, rtt, now);
        }
    }

    void onPersistentCongestion(long now) {
        controller.onPersistentCongestion(now);
        if (bulk != null) {
            bulk.onPersistentCongestion(now);
        }
    }

    void onDatagramSize(int bytes) {
        controller.onDatagramSize(bytes);
        if (bulk != null) {
            bulk.onDatagramSize(bytes);
        }
    }

    void onPathChanged(long now) {
        spurious.reset();
        controller.onPathChanged(now);
        if (bulk != null) {
            bulk.onPathChanged(now);
        }
    }
}
