package dev.cutlass.proto.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** RFC 9438, by its formulas. One round trip is 100 ms; windows in packets of 1,200 bytes. */
class CubicTest {
    private static final long MS = 1_000_000;
    private static final long SECOND = 1_000 * MS;
    private static final int PACKET = 1_200;

    private final Cubic cubic = new Cubic();
    private final RttEstimator rtt = new RttEstimator();
    private final RateSample sample = new RateSample();
    private long next;
    private long now = SECOND;

    CubicTest() {
        rtt.onSample(100 * MS, 0);
    }

    private double window() {
        return cubic.window() / (double) PACKET;
    }

    /** A window full of packets, all acknowledged a round trip later. */
    private void round() {
        final int packets = (int) (cubic.window() / PACKET);
        final long first = next;
        for (int i = 1; i <= packets; i++) {
            cubic.onPacketSent(next++, PACKET, (long) i * PACKET, false, now);
        }
        for (int i = 0; i < packets; i++) {
            now += 100 * MS / packets;
            ack(first + i, (long) (packets - i) * PACKET, false);
        }
    }

    private void ack(long number, long priorInFlight, boolean appLimited) {
        sample.begin(priorInFlight);
        sample.newlyAcked = PACKET;
        sample.number = number;
        sample.noted = true;
        sample.appLimited = appLimited;
        sample.rtt = 100 * MS;
        cubic.onAck(sample, rtt, now);
    }

    private void lose(long number) {
        sample.begin(cubic.window());
        sample.number = number;
        sample.bytes = PACKET;
        cubic.onLost(sample, rtt, now);
    }

    private void growTo(double packets) {
        while (window() < packets) {
            round();
        }
    }

    @Test
    void slowStartDoublesTheWindowEachRoundTrip() {
        assertEquals(10, window());
        round();
        assertEquals(20, window());
        round();
        assertEquals(40, window());
    }

    @Test
    void lossReducesToSevenTenthsOncePerRoundTrip() {
        growTo(100);
        final double before = window();
        cubic.onPacketSent(next++, PACKET, PACKET, false, now);
        lose(next - 5);
        assertEquals(before * 0.7, window(), 0.01);
        lose(next - 4);
        lose(next - 1);
        assertEquals(before * 0.7, window(), 0.01, "the same event");
        cubic.onPacketSent(next++, PACKET, PACKET, false, now);
        lose(next - 1);
        assertEquals(before * 0.49, window(), 0.01, "a new one");
    }

    @Test
    void theWindowFollowsTheCubicFunction() {
        growTo(1_000);
        final double wMax = window();
        lose(next - 1);
        cubic.onPacketSent(next++, PACKET, PACKET, false, now);
        ack(next - 1, cubic.window(), false); // the epoch begins with the first ACK after recovery
        final long epoch = now;
        final double k = Math.cbrt(wMax * 0.3 / 0.4);
        assertEquals(wMax * 0.7 * PACKET, cubic.wCubic(0), PACKET);
        assertEquals(wMax * PACKET, cubic.wCubic(k), PACKET);
        assertEquals((0.4 * 8 + wMax) * PACKET, cubic.wCubic(k + 2), PACKET);
        while ((now - epoch) / 1e9 < k + 3) {
            round();
            final double seconds = (now - epoch) / 1e9 - k;
            final double expected = 0.4 * seconds * seconds * seconds + wMax;
            assertEquals(expected, window(), 0.03 * expected, "at " + (now - epoch) / MS + " ms");
        }
    }

    @Test
    void aSmallWindowGrowsAsRenosWould() {
        growTo(20);
        final double wMax = window();
        lose(next - 1);
        final double reduced = window();
        round(); // packets of before recovery are behind
        final double start = window();
        final int rounds = 10;
        for (int i = 0; i < rounds; i++) {
            round();
        }
        // Section 4.3: alpha = 3 (1 - 0.7) / (1 + 0.7) per round trip until the window of before is reached, then 1.
        assertTrue(start < reduced + 1.1);
        assertEquals(start + rounds * 9.0 / 17, window(), 1, "from " + wMax);
    }

    @Test
    void fastConvergenceGivesWayWhenTheWindowShrinksTwice() {
        growTo(200);
        final double first = window();
        lose(next - 1);
        round();
        final double second = window();
        assertTrue(second < first);
        lose(next - 1);
        round();
        final double k = Math.cbrt((second * 0.85 - second * 0.7) / 0.4);
        assertEquals(second * (1 + 0.7) / 2 * PACKET, cubic.wCubic(k), 2 * PACKET);
    }

    @Test
    void lossThatWasNoneIsUndone() {
        growTo(300);
        lose(next - 1);
        round();
        final double before = window();
        cubic.onPacketSent(next++, PACKET, PACKET, false, now);
        lose(next - 1);
        assertEquals(before * 0.7, window(), 0.01);
        cubic.onSpuriousLoss(now);
        assertEquals(before, window(), 0.01);
        cubic.onSpuriousLoss(now);
        assertEquals(before, window(), 0.01, "once");
    }

    @Test
    void theUndoneFirstLossResumesSlowStart() {
        growTo(100);
        final double before = window();
        lose(next - 1);
        cubic.onSpuriousLoss(now);
        round();
        assertEquals(2 * before, window(), 1);
    }

    @Test
    void aWindowThatIsNotUsedDoesNotGrow() {
        for (int i = 0; i < 100; i++) {
            cubic.onPacketSent(next++, PACKET, PACKET, true, now);
            now += 100 * MS;
            ack(next - 1, PACKET, true);
        }
        assertEquals(10, window());
    }

    @Test
    void timeWithoutUseDoesNotCountAsTimeOfGrowth() {
        growTo(1_000);
        lose(next - 1);
        for (int i = 0; i < 5; i++) {
            round();
        }
        final double before = window();
        for (int i = 0; i < 600; i++) { // a minute
            cubic.onPacketSent(next++, PACKET, PACKET, true, now);
            now += 100 * MS;
            ack(next - 1, PACKET, true);
        }
        assertEquals(before, window());
        round();
        assertTrue(window() < before * 1.05, before + " to " + window());
    }

    @Test
    void persistentCongestionLeavesTwoPackets() {
        growTo(100);
        final double before = window();
        lose(next - 1);
        cubic.onPersistentCongestion(now);
        assertEquals(2, window());
        growTo(before * 0.7 - 1); // slow start up to the threshold
        round();
        round();
        assertTrue(window() < before, "then congestion avoidance");
    }

    @Test
    void anotherPathStartsAnew() {
        growTo(100);
        lose(next - 1);
        cubic.onPathChanged(now);
        assertEquals(10, window());
        cubic.onPacketSent(next++, PACKET, PACKET, false, now);
        round();
        assertEquals(20, window(), 1);
    }

    @Test
    void largerDatagramsHaveALargerWindow() {
        cubic.onDatagramSize(9_000);
        assertEquals(18_000, cubic.window());
    }

    @Test
    void pacingIsAQuarterFasterThanTheWindowPerRoundTripAndTwiceInSlowStart() {
        round();
        assertEquals(2 * cubic.window() * 10, cubic.pacingRate(), cubic.window());
        lose(next - 1);
        assertEquals(1.25 * cubic.window() * 10, cubic.pacingRate(), cubic.window());
    }
}
