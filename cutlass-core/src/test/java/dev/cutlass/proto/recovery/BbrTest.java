package dev.cutlass.proto.recovery;

import static dev.cutlass.proto.recovery.LinkModel.MS;
import static dev.cutlass.proto.recovery.LinkModel.PACKET;
import static dev.cutlass.proto.recovery.LinkModel.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The example test cases of draft-ietf-ccwg-bbr's appendix, on a link of 20 Mbit/s and 40 ms unless they say otherwise. */
class BbrTest {
    private static final double MEGABIT = 1e6 / 8;
    private static final long BDP = (long) (20 * MEGABIT * 0.040);

    private final Bbr bbr = new Bbr();

    private static LinkModel link(double queue) {
        return new LinkModel(20, 40 * MS, queue, 0, 1).tick(1 << 20);
    }

    /** Runs until the state is reached; the states on the way. */
    private Set<BbrState> runUntil(LinkModel link, BbrState wanted, long limit) {
        final Set<BbrState> seen = EnumSet.of(bbr.state());
        final long end = link.now() + limit;
        while (bbr.state() != wanted) {
            assertTrue(link.now() < end, () -> wanted + " not reached, but " + seen);
            link.run(link.now() + MS);
            seen.add(bbr.state());
        }
        return seen;
    }

    @Test
    void startupEndsOnAPlateauWithTheBandwidthOfTheLink() {
        final LinkModel link = link(4);
        link.flow(bbr, 0);
        assertEquals(BbrState.STARTUP, bbr.state());
        runUntil(link, BbrState.DRAIN, 2 * SECOND);
        assertEquals(20 * MEGABIT, bbr.bandwidth(), 20 * MEGABIT * 0.02);
        assertEquals(0, link.dropped);
    }

    @Test
    void drainEndsWhenTheQueueIsGone() {
        final LinkModel link = link(4);
        final LinkModel.Flow flow = link.flow(bbr, 0);
        runUntil(link, BbrState.DRAIN, 2 * SECOND);
        assertTrue(flow.recovery.bytesInFlight() > BDP * 3 / 2);
        while (bbr.state() == BbrState.DRAIN) {
            link.run(link.now() + MS);
        }
        assertTrue(bbr.state().isProbeBw());
        assertEquals(BDP, flow.recovery.bytesInFlight(), 4 * PACKET);
    }

    @Test
    void theCycleGoesThroughItsStates() {
        final LinkModel link = link(4);
        link.flow(bbr, 0);
        runUntil(link, BbrState.PROBE_BW_CRUISE, 3 * SECOND);
        assertEquals(
                EnumSet.of(BbrState.PROBE_BW_CRUISE, BbrState.PROBE_BW_REFILL),
                runUntil(link, BbrState.PROBE_BW_REFILL, 4 * SECOND));
        runUntil(link, BbrState.PROBE_BW_UP, SECOND);
        runUntil(link, BbrState.PROBE_BW_DOWN, SECOND);
    }

    @Test
    void noStandingQueueWhileItCruises() {
        final LinkModel link = link(4);
        final LinkModel.Flow flow = link.flow(bbr, 0);
        runUntil(link, BbrState.PROBE_BW_CRUISE, 3 * SECOND);
        link.run(link.now() + 500 * MS);
        assertEquals(BbrState.PROBE_BW_CRUISE, bbr.state());
        assertTrue(
                flow.recovery.rtt().smoothed() < 44 * MS,
                () -> flow.recovery.rtt().smoothed() + " ns");
    }

    @Test
    void probeRttComesEveryFiveSecondsAndLastsLongEnough() {
        final LinkModel link = link(4);
        link.flow(bbr, 0);
        runUntil(link, BbrState.PROBE_BW_CRUISE, 3 * SECOND);
        runUntil(link, BbrState.PROBE_RTT, 6 * SECOND);
        final long from = link.now();
        link.run(from + 100 * MS);
        assertTrue(bbr.window() <= Math.max(BDP / 2, 4 * PACKET) + PACKET);
        runUntil(link, BbrState.PROBE_BW_CRUISE, SECOND);
        assertTrue(link.now() - from >= 200 * MS);
        final long until = link.now();
        runUntil(link, BbrState.PROBE_RTT, 7 * SECOND);
        assertTrue(link.now() - until >= 5 * SECOND - 300 * MS);
    }

    @Test
    void aPauseOfTheApplicationTakesThePlaceOfProbeRtt() {
        final LinkModel link = link(4);
        final LinkModel.Flow flow = link.flow(bbr, 0);
        runUntil(link, BbrState.PROBE_BW_CRUISE, 3 * SECOND);
        flow.pause();
        link.run(link.now() + 7 * SECOND);
        flow.offer(2_000);
        for (int i = 0; i < 300; i++) {
            link.run(link.now() + MS);
            assertFalse(bbr.state() == BbrState.PROBE_RTT);
        }
    }

    @Test
    void anApplicationThatSendsLittleStaysInStartupAndKeepsItsWindow() {
        final LinkModel link = link(4);
        final LinkModel.Flow flow = link.flow(bbr, 0);
        flow.pause();
        for (int i = 0; i < 200; i++) {
            flow.offer(2);
            link.run(link.now() + 20 * MS);
        }
        assertTrue(EnumSet.of(BbrState.STARTUP, BbrState.PROBE_RTT).contains(bbr.state()), () -> "" + bbr.state());
        assertEquals(400 * PACKET, flow.delivered, 20 * PACKET);
    }

    @Test
    void tenTimesTheBandwidthIsFoundWithinSeconds() {
        final LinkModel link = link(4);
        final LinkModel.Flow flow = link.flow(bbr, 0);
        link.run(5 * SECOND);
        link.setRate(200);
        link.run(15 * SECOND);
        final long before = flow.delivered;
        link.run(17 * SECOND);
        assertTrue((flow.delivered - before) / 2 > 0.85 * 200 * MEGABIT, () -> flow.delivered - before + " bytes");
    }

    @Test
    void aTenthOfTheBandwidthIsAcceptedEvenWithALongQueue() {
        final LinkModel link = link(4);
        final LinkModel.Flow flow = link.flow(bbr, 0);
        link.run(5 * SECOND);
        link.setRate(2);
        link.run(25 * SECOND);
        assertEquals(2 * MEGABIT, bbr.bandwidth(), 2 * MEGABIT * 0.15);
        final long before = flow.recovery.lostPackets();
        link.run(45 * SECOND);
        assertTrue(flow.recovery.lostPackets() - before < 100, () -> flow.recovery.lostPackets() - before + " lost");
    }

    @Test
    void aBandwidthDelayProductBelowOnePacketStillFlows() {
        final LinkModel link = new LinkModel(0.5, 10 * MS, 30, 0, 1).tick(1 << 20);
        final LinkModel.Flow flow = link.flow(bbr, 0);
        link.run(5 * SECOND);
        assertTrue(bbr.window() >= 4 * PACKET);
        final long before = flow.delivered;
        link.run(15 * SECOND);
        assertEquals(0.5 * MEGABIT * 10, flow.delivered - before, 0.5 * MEGABIT * 10 * 0.1);
    }

    @Test
    void aLittleReorderingCostsLittle() {
        final LinkModel link = link(2).reorder(0.02, 10 * MS);
        final LinkModel.Flow flow = link.flow(bbr, 0);
        link.run(3 * SECOND);
        final long before = flow.delivered;
        link.run(13 * SECOND);
        assertTrue(flow.delivered - before > 0.9 * link.capacity() * 10, () -> flow.delivered - before + " bytes");
        assertTrue(flow.duplicates < flow.sent / 200, () -> flow.duplicates + " of " + flow.sent);
    }

    @Test
    void anotherPathStartsAnew() {
        final LinkModel link = link(4);
        final LinkModel.Flow flow = link.flow(bbr, 0);
        link.run(5 * SECOND);
        flow.recovery.onPathChanged(link.now());
        assertEquals(BbrState.STARTUP, bbr.state());
        assertEquals(12_000, bbr.window());
        link.run(8 * SECOND);
        assertEquals(20 * MEGABIT, bbr.bandwidth(), 20 * MEGABIT * 0.05);
    }

    @Test
    void chanceIsToldFromAFullQueueByTheRoundTrip() {
        final RandomLoss random = new RandomLoss();
        assertFalse(RandomLoss.isQueued(22 * MS, 20 * MS));
        assertTrue(RandomLoss.isQueued(23 * MS, 20 * MS));
        assertFalse(RandomLoss.isQueued(MS / 4, MS / 10), "machines take their time");
        for (int round = 0; round < 50; round++) {
            random.onAck(95 * PACKET, false);
            random.onLost(5 * PACKET);
            random.endRound();
        }
        assertEquals(0.05, random.rate(), 0.001);
        assertTrue(random.allowance(100 * PACKET) > 10 * PACKET && random.allowance(100 * PACKET) < 14 * PACKET);
        random.onAck(50 * PACKET, true);
        random.onLost(50 * PACKET);
        random.endRound();
        random.onAck(50 * PACKET, false);
        random.onLost(50 * PACKET);
        random.endRound();
        assertEquals(0.05, random.rate(), 0.001, "neither loss with a queue nor half of everything is chance");
    }

    @Test
    void theGreatestOfSomeRoundsIsForgottenInTime() {
        final WindowedMax max = new WindowedMax();
        final java.util.SplittableRandom random = new java.util.SplittableRandom(3);
        final java.util.TreeMap<Long, Long> all = new java.util.TreeMap<>();
        for (long round = 0; round < 2_000; round++) {
            final long value = random.nextLong(1_000);
            all.put(round, value);
            final long best = max.update(value, round, 10);
            final long exact = all.tailMap(round - 9).values().stream()
                    .mapToLong(Long::longValue)
                    .max()
                    .orElse(0);
            final long upper = all.tailMap(round - 10).values().stream()
                    .mapToLong(Long::longValue)
                    .max()
                    .orElse(0);
            assertTrue(best <= upper && best >= Math.min(exact, value), round + ": " + best + " of " + exact);
        }
    }
}
