package dev.cutlass.proto.recovery;

import static dev.cutlass.proto.recovery.LinkModel.MS;
import static dev.cutlass.proto.recovery.LinkModel.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.proto.recovery.LossRecovery.AckResult;
import dev.cutlass.wire.AckFrame;
import dev.cutlass.wire.AckRanges;
import dev.cutlass.wire.Varint;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Peers that lie about what arrived, and when. They may hurt their own connection, not our memory, our time, or the network. */
class HostileAcksTest {
    private static final int PACKET = 1_200;

    private static final LossRecovery.Listener<Object> DEAF = new LossRecovery.Listener<>() {
        @Override
        public void onAcked(Object content, long now) {}

        @Override
        public void onLost(Object content, long now) {}
    };

    static Stream<Supplier<CongestionController>> controllers() {
        return Stream.of(Bbr::new, Cubic::new, Ledbat::new);
    }

    private static LossRecovery<Object> recovery(Supplier<CongestionController> controller) {
        return new LossRecovery<>(controller, DEAF, new SplittableRandom(1));
    }

    private static int sendAll(LossRecovery<Object> recovery, long now) {
        int sent = 0;
        while (recovery.canSend(PACKET) && recovery.releaseTime(PACKET, now) <= now) {
            recovery.onPacketSent(PACKET, true, DEAF, now);
            sent++;
        }
        return sent;
    }

    @ParameterizedTest
    @MethodSource("controllers")
    void whoAcknowledgesEverythingAtOnceIsCaughtAtALeftOutNumber(Supplier<CongestionController> controller) {
        final LossRecovery<Object> recovery = recovery(controller);
        long now = 0;
        AckResult result = AckResult.PROGRESS;
        while (result != AckResult.NEVER_SENT) {
            now += MS;
            sendAll(recovery, now);
            final long last = recovery.nextNumber() - 1; // claims all that was sent, and what lies between
            result = recovery.onAck(AckRanges.of(last, 0), 0, now);
            assertTrue(recovery.nextNumber() < 2_000, "not caught");
        }
    }

    @Test
    void honestPeersAreNeverCaught() {
        final LinkModel link = new LinkModel(100, 20 * MS, 1, 0.02, 5).reorder(0.05, 5 * MS);
        final LinkModel.Flow flow = link.flow(new Bbr(), 0);
        link.run(5 * SECOND); // throws if
        assertTrue(flow.recovery.nextNumber() > 20_000);
    }

    @Test
    void numbersOfTheFarFutureChangeNothing() {
        final LossRecovery<Object> recovery = recovery(Bbr::new);
        sendAll(recovery, 0);
        final long before = recovery.bytesInFlight();
        for (long number : new long[] {recovery.nextNumber(), 1L << 40, Varint.MAX}) {
            assertSame(AckResult.NEVER_SENT, recovery.onAck(AckRanges.of(number, 0), 0, MS));
        }
        assertEquals(before, recovery.bytesInFlight());
        assertEquals(-1, recovery.largestAcked());
    }

    @ParameterizedTest
    @MethodSource("controllers")
    void aFloodOfAcksAllocatesNothingAndIsQuick(Supplier<CongestionController> controller) {
        final com.sun.management.ThreadMXBean thread =
                (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        final LossRecovery<Object> recovery = recovery(controller);
        for (int i = 0; i < 200; i++) {
            sendAll(recovery, i * MS);
        }
        final AckRanges ranges = AckRanges.of(9, 9, 7, 7, 5, 5, 3, 3, 1, 1); // each second number of the first window
        recovery.onAck(ranges, 0, 300 * MS);
        long window = recovery.window();
        final long before =
                thread.getThreadAllocatedBytes(Thread.currentThread().getId());
        for (int i = 0; i < 100_000; i++) {
            recovery.onAck(ranges, 0, 300 * MS + i);
        }
        final long allocated =
                thread.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
        assertTrue(allocated < 64_000, () -> allocated + " bytes");
        assertEquals(window, recovery.window(), "what is acknowledged twice counts once");
    }

    @ParameterizedTest
    @MethodSource("controllers")
    void theSteadyStateAllocatesNothing(Supplier<CongestionController> controller) {
        final com.sun.management.ThreadMXBean thread =
                (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        final LossRecovery<Object> recovery = recovery(controller);
        final AckFrame ack = AckFrame.reusable();
        long now = 0;
        long packets = 0;
        long before = 0;
        long acked = -1;
        long least = 0;
        for (int step = 0; step < 40_000; step++) {
            now += MS / 10;
            if (step == 20_000) {
                before = thread.getThreadAllocatedBytes(Thread.currentThread().getId());
                packets = 0;
            }
            packets += sendAll(recovery, now);
            // Two packets each 200 us, 20 ms later; one in a hundred is lost.
            if (step > 200 && step % 2 == 0 && acked + 1 < recovery.nextNumber()) {
                acked = Math.min(acked + (step % 100 == 0 ? 3 : 2), recovery.nextNumber() - 1);
                ack.start(0, 10, 1).add(acked, Math.max(least, acked - 1));
                if (recovery.onAck(ack.ranges(), 10, now) == AckResult.NEVER_SENT) {
                    least = acked + 1; // a number was left out
                }
            }
            if (recovery.deadline() <= now) {
                recovery.onTimeout(now);
            }
        }
        final long allocated =
                thread.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
        final long sent = packets;
        assertTrue(sent > 1_000, () -> sent + " packets");
        assertTrue(
                allocated < 20_000,
                () -> allocated + " bytes for " + sent + " packets"); // a ring that doubled once more
    }

    @ParameterizedTest
    @MethodSource("controllers")
    void liesAboutTheAckDelayDoNotMakeTheRoundTripShorterThanItsLeast(Supplier<CongestionController> controller) {
        for (long lie : List.of(0L, 1L, 24_999L, 25_000L, 1L << 40, Long.MAX_VALUE)) {
            final LossRecovery<Object> recovery = recovery(controller);
            long now = 0;
            for (int i = 0; i < 100; i++) {
                sendAll(recovery, now);
                final long last = recovery.nextNumber() - 1;
                now += (40 + i % 5) * MS;
                if (recovery.onAck(AckRanges.of(last, last - 3), lie, now) == AckResult.NEVER_SENT) {
                    continue;
                }
                assertTrue(recovery.rtt().smoothed() >= 40 * MS, "delay " + lie);
                assertTrue(recovery.rtt().adjusted() >= 40 * MS, "delay " + lie);
                assertTrue(recovery.rtt().probeTimeout() >= 65 * MS, "delay " + lie);
                assertTrue(recovery.rtt().probeTimeout() < 2 * SECOND, "delay " + lie);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("controllers")
    void theWindowIsBoundedHoweverMuchIsAcknowledged(Supplier<CongestionController> controller) {
        final LossRecovery<Object> recovery = recovery(controller);
        long now = 0;
        long last = -1;
        for (int round = 0; round < 3_000 && recovery.nextNumber() < 2_000_000; round++) {
            for (int tick = 0; tick < 10; tick++) {
                now += MS;
                sendAll(recovery, now);
            }
            final long newest = recovery.nextNumber() - 1;
            for (long number = last + 1; number <= newest; number += 50) {
                recovery.onAck(AckRanges.of(Math.min(newest, number + 49), number), 0, now);
            }
            last = newest;
            assertTrue(recovery.window() <= CongestionController.MAX_WINDOW);
            assertTrue(recovery.packetsInFlight() <= LossRecovery.MAX_IN_FLIGHT);
        }
    }

    @ParameterizedTest
    @MethodSource("controllers")
    void whoAcknowledgesOnlyTheLastPacketEachTimeLosesTheRestAndNothingPilesUp(
            Supplier<CongestionController> controller) {
        final LossRecovery<Object> recovery = recovery(controller);
        long now = 0;
        for (int i = 0; i < 5_000; i++) {
            sendAll(recovery, now);
            now += 20 * MS;
            final long last = recovery.nextNumber() - 1;
            recovery.onAck(AckRanges.of(last, last), 0, now);
            while (recovery.deadline() <= now) {
                recovery.onTimeout(now);
            }
            assertTrue(recovery.packetsInFlight() <= LossRecovery.MAX_IN_FLIGHT);
            assertTrue(recovery.bytesInFlight() >= 0);
        }
        assertTrue(recovery.window() < 1 << 20, () -> recovery.window() + " bytes");
    }

    @ParameterizedTest
    @MethodSource("controllers")
    void randomAcksNeverBreakABound(Supplier<CongestionController> controller) {
        for (long seed = 1; seed <= 5; seed++) {
            final SplittableRandom random = new SplittableRandom(seed);
            final LossRecovery<Object> recovery = recovery(controller);
            long now = 0;
            for (int step = 0; step < 5_000; step++) {
                now += random.nextLong(30 * MS);
                sendAll(recovery, now);
                final long largest = random.nextLong(recovery.nextNumber() + 3);
                final long smallest = Math.max(0, largest - random.nextInt(20));
                recovery.onAck(AckRanges.of(largest, smallest), random.nextLong() >>> random.nextInt(64), now);
                if (recovery.deadline() <= now) {
                    recovery.onTimeout(now);
                }
                if (random.nextInt(1_000) == 0) {
                    recovery.onPathChanged(now);
                }
                assertTrue(recovery.window() >= 2 * PACKET, "seed " + seed + ": window " + recovery.window());
                assertTrue(recovery.window() <= CongestionController.MAX_WINDOW, "seed " + seed);
                assertTrue(
                        recovery.pacingRate() > 0,
                        "seed " + seed + ": rate " + recovery.pacingRate() + " rtt "
                                + recovery.rtt().smoothed());
                assertTrue(recovery.bytesInFlight() >= 0, "seed " + seed);
                final long release = recovery.releaseTime(PACKET, now);
                assertTrue(release >= now && release < now + 120 * SECOND, "seed " + seed + ": " + (release - now));
            }
        }
    }
}
