package dev.cutlass.proto.recovery;

import static dev.cutlass.proto.recovery.LinkModel.MS;
import static dev.cutlass.proto.recovery.LinkModel.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LedbatTest {
    private final Ledbat ledbat = new Ledbat();

    @ParameterizedTest
    @CsvSource({"20, 7", "100, 19"})
    void aloneItUsesTheLinkAndMakesAShortQueue(long rttMillis, long queueMillis) {
        final LinkModel link = new LinkModel(50, rttMillis * MS, 4, 0, 1).tick(1 << 20);
        final LinkModel.Flow flow = link.flow(ledbat, 0);
        link.run(10 * SECOND);
        final long before = flow.delivered;
        int longer = 0;
        for (int i = 0; i < 20_000; i++) {
            link.run(link.now() + MS);
            longer += link.queueNanos() > queueMillis * MS ? 1 : 0;
        }
        final int percent = longer / 200;
        assertTrue(
                flow.delivered - before > 0.85 * link.capacity() * 20, () -> (flow.delivered - before) / 20 + " B/s");
        assertTrue(percent < 5, () -> percent + " % of the time");
        assertEquals(0, link.dropped);
    }

    @ParameterizedTest
    @CsvSource({"20, 0.01", "20, 0.05", "100, 0.01", "100, 0.05"})
    void lossByChanceDoesNotStarveIt(long rttMillis, double loss) {
        final double share = LinkModel.alone(Ledbat::new, 50, rttMillis * MS, 1, loss, 1, 2 * SECOND, 22 * SECOND);
        assertTrue(share > 0.6, () -> "" + share);
    }

    @ParameterizedTest
    @CsvSource({"20, 0.5", "20, 1", "20, 2", "100, 0.5", "100, 1"})
    void itYieldsToCubic(long rttMillis, double queue) {
        assertTrue(shareBeside(Cubic::new, rttMillis, queue) < 0.06);
    }

    @ParameterizedTest
    @CsvSource({"20, 1, 0.25", "20, 2, 0.1", "100, 1, 0.1", "100, 2, 0.1"})
    void itYieldsToBbr(long rttMillis, double queue, double most) {
        final double share = shareBeside(Bbr::new, rttMillis, queue);
        assertTrue(share < most, () -> "share " + share);
    }

    /** Its part of the link once somebody else sends, too. */
    private double shareBeside(Supplier<CongestionController> other, long rttMillis, double queue) {
        final LinkModel link = new LinkModel(50, rttMillis * MS, queue, 0, 1).tick(1 << 20);
        final LinkModel.Flow flow = link.flow(ledbat, 0);
        link.flow(other.get(), 5 * SECOND);
        link.run(10 * SECOND);
        final long before = flow.delivered;
        link.run(30 * SECOND);
        return (flow.delivered - before) / (link.capacity() * 20);
    }

    @Test
    void itTakesTheLinkAgainWhenTheOtherOneStops() {
        final LinkModel link = new LinkModel(50, 40 * MS, 1, 0, 1).tick(1 << 20);
        final LinkModel.Flow flow = link.flow(ledbat, 0);
        final LinkModel.Flow other = link.flow(new Cubic(), 2 * SECOND);
        link.run(20 * SECOND);
        other.pause();
        link.run(25 * SECOND);
        final long before = flow.delivered;
        link.run(35 * SECOND);
        assertTrue(flow.delivered - before > 0.7 * link.capacity() * 10, () -> (flow.delivered - before) / 10 + " B/s");
    }

    @Test
    void itSlowsDownNowAndThenAndComesBack() {
        final LinkModel link = new LinkModel(50, 20 * MS, 2, 0, 1).tick(1 << 20);
        link.flow(ledbat, 0);
        final Set<Ledbat.State> seen = EnumSet.noneOf(Ledbat.State.class);
        int slowdowns = 0;
        boolean slow = false;
        while (link.now() < 20 * SECOND) {
            link.run(link.now() + MS);
            seen.add(ledbat.state());
            final boolean now = ledbat.state() == Ledbat.State.SLOWDOWN;
            slowdowns += now && !slow ? 1 : 0;
            slow = now;
        }
        assertEquals(EnumSet.allOf(Ledbat.State.class), seen);
        final int count = slowdowns;
        assertTrue(count >= 4 && count < 40, () -> count + " slowdowns");
    }

    @Test
    void lossHalvesTheWindowAndUndoRestoresIt() {
        final LinkModel link = new LinkModel(50, 20 * MS, 2, 0, 1).tick(1 << 20);
        link.flow(ledbat, 0);
        link.run(SECOND);
        final long before = ledbat.window();
        final RateSample packet = new RateSample();
        packet.number = Long.MAX_VALUE - 1;
        ledbat.onLost(packet, new RttEstimator(), link.now());
        assertEquals(before / 2.0, ledbat.window(), 1);
        ledbat.onSpuriousLoss(link.now());
        assertEquals(before, ledbat.window());
    }
}
