package dev.cutlass.proto.recovery;

import static dev.cutlass.proto.recovery.LinkModel.MS;
import static dev.cutlass.proto.recovery.LinkModel.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.wire.AckRanges;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bulk data passes the default controller of its path and a LEDBAT of its own: what the two make of links together. */
class BulkLimitTest {
    private static final double MEGABITS = 50;

    private static LinkModel link(long rttMillis, double queue, double loss) {
        return new LinkModel(MEGABITS, rttMillis * MS, queue, loss, 1).tick(1 << 20);
    }

    @ParameterizedTest
    @CsvSource({
        "20, 0.5, 0, 0.8",
        "20, 1, 0, 0.8",
        "20, 4, 0, 0.8",
        "100, 0.5, 0, 0.8",
        "100, 1, 0, 0.8",
        "100, 4, 0, 0.8",
        "20, 1, 0.01, 0.7",
        "20, 1, 0.05, 0.7",
        "100, 1, 0.01, 0.7",
        "100, 1, 0.05, 0.6"
    })
    void aloneItUsesTheLinkAlsoOneThatLosesByChance(long rttMillis, double queue, double loss, double least) {
        final LinkModel link = link(rttMillis, queue, loss);
        final double share = link.share(link.flow(new Bbr(), 0).asBulk(), 3 * SECOND, 23 * SECOND);
        assertTrue(share >= least, () -> "" + share);
    }

    @ParameterizedTest
    @CsvSource({"20, 7", "100, 19"})
    void itMakesAShortQueueWhateverTheDefaultWouldMake(long rttMillis, long queueMillis) {
        final LinkModel link = link(rttMillis, 4, 0);
        link.flow(new Bbr(), 0).asBulk();
        link.run(3 * SECOND);
        int longer = 0;
        for (int i = 0; i < 10_000; i++) {
            link.run(link.now() + MS);
            longer += link.queueNanos() > queueMillis * MS ? 1 : 0;
        }
        final int percent = longer / 100;
        assertTrue(percent < 5, () -> percent + " % of the time");
        assertEquals(0, link.dropped);
    }

    @ParameterizedTest
    @CsvSource({"20, 1", "20, 4", "100, 0.5", "100, 2"})
    void itYieldsToOthersOnTheWay(long rttMillis, double queue) {
        for (Supplier<CongestionController> other : ControllersTest.rivals()) {
            final LinkModel link = link(rttMillis, queue, 0);
            final LinkModel.Flow bulk = link.flow(new Bbr(), 0).asBulk();
            link.flow(other.get(), 5 * SECOND);
            final double share = link.share(bulk, 10 * SECOND, 30 * SECOND);
            assertTrue(share < 0.25, () -> other.get().name() + ": " + share);
        }
    }

    @Test
    void itHearsOfLossOfOtherPacketsAndCountsItsOwnBytesOnly() {
        final LossRecovery<Long> recovery = new LossRecovery<>(Bbr::new, new NoListener(), new SplittableRandom(1));
        final BulkLimit bulk = recovery.bulk();
        final long window = bulk.window();
        for (int i = 0; i < 8; i++) {
            recovery.onPacketSent(LinkModel.PACKET, true, (long) i, 0);
        }
        assertEquals(0, bulk.bytesInFlight());
        bulk.onSent(1_000, 0);
        assertTrue(bulk.canSend((int) window - 1_000));
        assertFalse(bulk.canSend((int) window - 999));
        recovery.onBulkAcked(600);
        recovery.onBulkLost(400);
        assertEquals(0, bulk.bytesInFlight());
        assertEquals(window, bulk.window());
        recovery.onAck(AckRanges.of(7, 7), 0, 20 * MS);
        assertTrue(bulk.window() < window, "seven packets that were not bulk were lost");
    }

    private static final class NoListener implements LossRecovery.Listener<Long> {
        @Override
        public void onAcked(Long content, long now) {}

        @Override
        public void onLost(Long content, long now) {}
    }
}
