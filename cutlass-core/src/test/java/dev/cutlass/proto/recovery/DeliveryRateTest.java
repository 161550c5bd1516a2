package dev.cutlass.proto.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class DeliveryRateTest {
    private static final long MS = 1_000_000;
    private static final int PACKET = 1_000;

    private final SentPackets<Object> sent = new SentPackets<>();
    private final DeliveryRate rate = new DeliveryRate();
    private final RttEstimator rtt = new RttEstimator();
    private final RateSample sample = new RateSample();
    private long next;
    private long inFlight;

    private void send(long now) {
        sent.add(next++, PACKET, null, now);
        rate.onSent(sent, PACKET, inFlight, now);
        inFlight += PACKET;
    }

    /** Acknowledges the oldest {@code packets} at once. */
    private RateSample ack(int packets, long now) {
        sample.begin(inFlight);
        rtt.onSample(now - sent.sentAt(packets - 1), 0);
        for (int i = 0; i < packets; i++) {
            sample.number = sent.number(i);
            rate.onAcked(sent, i, true, sample, now);
            sent.remove(i);
            inFlight -= PACKET;
        }
        sent.dropSettledHead();
        rate.complete(sample, rtt);
        return sample;
    }

    @Test
    void aSteadyStreamHasItsRate() {
        for (int i = 0; i < 20; i++) {
            send(i * 5 * MS); // a round trip of 100 ms is 20 packets
        }
        for (int i = 20; i < 200; i++) {
            final RateSample one = ack(1, i * 5 * MS);
            send(i * 5 * MS);
            if (i >= 60) {
                assertEquals(200_000, one.rate(), 10_100, "packet " + i);
                assertEquals(20 * PACKET, one.delivered(), PACKET);
                assertEquals(20 * PACKET, one.inFlightThen());
                assertFalse(one.isAppLimited());
            }
        }
    }

    @Test
    void acksThatComeTogetherDoNotLookLikeAFastPath() {
        for (int i = 0; i < 20; i++) {
            send(i * 5 * MS);
        }
        long now = 100 * MS;
        for (int i = 0; i < 50; i++) {
            now += 50 * MS;
            final RateSample one = ack(10, now); // ten every 50 ms: 200 packets per second
            for (int k = 0; k < 10; k++) {
                send(now);
            }
            if (i >= 4) {
                assertTrue(one.rate() <= 201_000, "sample " + one.rate());
            }
        }
    }

    @Test
    void aPauseMarksSamplesUntilWhatFollowsItIsDelivered() {
        send(0);
        rate.markAppLimited(inFlight);
        send(10 * MS);
        assertTrue(rate.isAppLimited());
        ack(1, 100 * MS);
        assertFalse(sample.isAppLimited(), "sent before");
        send(110 * MS);
        ack(1, 115 * MS);
        assertTrue(sample.isAppLimited());
        assertFalse(rate.isAppLimited(), "more was delivered than was in flight then");
        send(120 * MS);
        ack(2, 220 * MS);
        assertFalse(sample.isAppLimited());
    }

    @Test
    void timeShorterThanTheShortestRoundTripGivesNoSample() {
        send(0);
        ack(1, 100 * MS);
        send(200 * MS);
        send(201 * MS);
        ack(1, 320 * MS);
        assertTrue(sample.rate() > 0);
        rtt.reset();
        rtt.onSample(500 * MS, 0);
        sample.begin(inFlight);
        sample.number = sent.number(0);
        rate.onAcked(sent, 0, true, sample, 321 * MS);
        rate.complete(sample, rtt);
        assertEquals(0, sample.rate());
    }

    @Test
    void lossSinceAPacketWasSentIsCounted() {
        for (int i = 0; i < 5; i++) {
            send(i * MS);
        }
        final RateSample lost = new RateSample();
        lost.begin(inFlight);
        rate.onLost(sent, 1, lost);
        assertEquals(1, lost.number());
        assertEquals(PACKET, lost.bytes());
        assertEquals(PACKET, lost.lost());
        assertEquals(2 * PACKET, lost.inFlightThen());
        rate.onLost(sent, 2, lost);
        assertEquals(2 * PACKET, lost.lost());
        rate.onLateAck(PACKET);
        send(6 * MS);
        rate.onLost(sent, 5, lost);
        assertEquals(PACKET, lost.lost(), "only itself");
    }
}
