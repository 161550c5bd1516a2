package dev.cutlass.proto.recovery;

import java.util.concurrent.TimeUnit;

/**
 * How fast a path delivers: draft-ietf-ccwg-bbr section 4.1. A sample is what was delivered between the sending of a packet and its ACK,
 * through the longer of the times that it took to send that and to have it acknowledged.
 */
final class DeliveryRate {
    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private long delivered;
    private long deliveredAt;
    private long firstSentAt;
    private long lost;

    /** The sender is application-limited until so much is delivered; 0 if it is not. */
    private long appLimitedUntil;

    private long sendElapsed;
    private long ackElapsed;

    /**
     * The newest packet of {@code sent} leaves.
     *
     * @param bytesInFlight without it
     */
    void onSent(SentPackets<?> sent, int bytes, long bytesInFlight, long now) {
        if (bytesInFlight == 0) {
            firstSentAt = now;
            deliveredAt = now;
        }
        sent.note(delivered, deliveredAt, firstSentAt, lost, bytesInFlight + bytes, appLimitedUntil != 0);
    }

    /** The sender has nothing more to send although it might. */
    void markAppLimited(long bytesInFlight) {
        appLimitedUntil = Math.max(1, delivered + bytesInFlight);
    }

    /** Whether what is sent now counts as application-limited. */
    boolean isAppLimited() {
        return appLimitedUntil != 0;
    }

    /**
     * A packet was acknowledged: UpdateRateSample.
     *
     * @param newest no packet of this ACK so far was sent later: the sample is taken from this one
     */
    void onAcked(SentPackets<?> sent, int index, boolean newest, RateSample sample, long now) {
        delivered += sent.bytes(index);
        final long lastDeliveredAt = sent.deliveredAt(index);
        deliveredAt = now;
        if (!newest) {
            return;
        }
        sample.noted = sent.isNoted(index);
        if (!sample.noted) {
            return;
        }
        sample.priorDelivered = sent.delivered(index);
        sample.lost = sent.lost(index); // the difference follows in complete()
        sample.inFlightThen = sent.bytesInFlight(index);
        sample.appLimited = sent.isAppLimited(index);
        sendElapsed = sent.sentAt(index) - sent.firstSentAt(index);
        ackElapsed = now - lastDeliveredAt;
        firstSentAt = Math.max(firstSentAt, sent.sentAt(index));
    }

    /** A packet was thought lost, and is acknowledged now. */
    void onLateAck(long bytes) {
        delivered += bytes;
        lost -= bytes;
    }

    /** A packet is lost: what is known of it goes into {@code sample}. */
    void onLost(SentPackets<?> sent, int index, RateSample sample) {
        lost += sent.bytes(index);
        sample.number = sent.number(index);
        sample.bytes = sent.bytes(index);
        sample.sentAt = sent.sentAt(index);
        sample.noted = sent.isNoted(index);
        sample.lost = sample.noted ? lost - sent.lost(index) : 0;
        sample.inFlightThen = sample.noted ? sent.bytesInFlight(index) : 0;
        sample.appLimited = sample.noted && sent.isAppLimited(index);
        sample.totalDelivered = delivered;
    }

    /** All packets of an ACK are counted: GenerateRateSample. */
    void complete(RateSample sample, RttEstimator rtt) {
        if (appLimitedUntil != 0 && delivered > appLimitedUntil) {
            appLimitedUntil = 0;
        }
        sample.totalDelivered = delivered;
        if (!sample.noted) {
            return;
        }
        sample.lost = Math.max(0, lost - sample.lost);
        sample.delivered = delivered - sample.priorDelivered;
        final long interval = Math.max(sendElapsed, ackElapsed);
        if (interval > 0 && interval >= rtt.minimum()) {
            // Deliveries of one round trip: far below 2^33 bytes, so that the product fits.
            sample.rate = sample.delivered * NANOS_PER_SECOND / interval;
        }
    }
}
