package dev.cutlass.proto.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.proto.recovery.LossRecovery.AckResult;
import dev.cutlass.proto.recovery.LossRecovery.Expiry;
import dev.cutlass.wire.AckRanges;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LossRecoveryTest {
    private static final long MS = 1_000_000;

    private final List<Long> acked = new ArrayList<>();
    private final List<Long> lost = new ArrayList<>();
    private final RecordingController congestion = new RecordingController();
    private final LossRecovery<Long> recovery = recovery(congestion, new LossRecovery.Listener<>() {
        @Override
        public void onAcked(Long content, long now) {
            acked.add(content);
        }

        @Override
        public void onLost(Long content, long now) {
            lost.add(content);
        }
    });

    private static LossRecovery<Long> recovery(CongestionController controller, LossRecovery.Listener<Long> listener) {
        final LossRecovery<Long> recovery = new LossRecovery<>(() -> controller, listener, new SplittableRandom(1));
        recovery.engage();
        return recovery;
    }

    private void send(int packets, long now) {
        for (int i = 0; i < packets; i++) {
            recovery.onPacketSent(1_000, true, recovery.nextNumber(), now);
        }
    }

    @Test
    void anAckHandsBackWhatArrivedAndTakesASample() {
        send(3, 0);
        assertEquals(3_000, recovery.bytesInFlight());
        assertEquals(AckResult.PROGRESS, recovery.onAck(AckRanges.of(2, 0), 5_000, 50 * MS));
        assertEquals(List.of(0L, 1L, 2L), acked);
        assertEquals(List.of(), lost);
        assertEquals(0, recovery.bytesInFlight());
        assertEquals(0, recovery.packetsInFlight());
        assertEquals(50 * MS, recovery.rtt().smoothed());
        assertEquals(Deadlines.NONE, recovery.deadline());
        assertEquals(2, recovery.largestAcked());
    }

    @Test
    void aNumberThatWasNeverSentIsNoticedAndChangesNothing() {
        send(2, 0);
        assertEquals(AckResult.NEVER_SENT, recovery.onAck(AckRanges.of(2, 0), 0, 50 * MS));
        assertEquals(List.of(), acked);
        assertEquals(-1, recovery.largestAcked());
        assertEquals(2_000, recovery.bytesInFlight());
    }

    @Test
    void theSameAckTwiceTellsNothing() {
        send(2, 0);
        recovery.onAck(AckRanges.of(1, 0), 0, 50 * MS);
        assertEquals(AckResult.NOTHING_NEW, recovery.onAck(AckRanges.of(1, 0), 0, 90 * MS));
        assertEquals(50 * MS, recovery.rtt().latest());
        assertEquals(List.of(0L, 1L), acked);
    }

    @Test
    void aSampleNeedsTheLargestNumberToBeNew() {
        send(2, 0);
        recovery.onAck(AckRanges.of(1, 1), 0, 50 * MS);
        recovery.onAck(AckRanges.of(1, 0), 0, 90 * MS); // 0 is new, 1 is not
        assertEquals(50 * MS, recovery.rtt().latest());
        assertEquals(List.of(1L, 0L), acked);
    }

    @Test
    void threePacketsLaterIsLostAndTwoIsNot() {
        send(4, 0);
        recovery.onAck(AckRanges.of(2, 2), 0, 50 * MS);
        assertEquals(List.of(), lost);
        recovery.onAck(AckRanges.of(3, 2), 0, 50 * MS);
        assertEquals(List.of(0L), lost);
        assertEquals(1, recovery.lostPackets());
        assertEquals(1_000, congestion.lostBytes);
    }

    @Test
    void nineEighthsOfARoundTripLaterIsLost() {
        send(1, 0);
        send(1, 8 * MS);
        recovery.onAck(AckRanges.of(1, 1), 0, 88 * MS); // the sample is 80 ms, the loss delay 90 ms
        assertEquals(90 * MS, recovery.deadline());
        assertEquals(Expiry.NOTHING, recovery.onTimeout(90 * MS - 1));
        assertEquals(List.of(), lost);
        assertEquals(Expiry.LOSS, recovery.onTimeout(90 * MS));
        assertEquals(List.of(0L), lost);
        assertEquals(Deadlines.NONE, recovery.deadline());
    }

    @Test
    void probesBackOffByDoublingUntilSomethingIsAcknowledged() {
        send(1, 0);
        assertEquals(1_024 * MS, recovery.deadline());
        assertEquals(Expiry.NOTHING, recovery.onTimeout(1_024 * MS - 1));
        assertEquals(Expiry.PROBE, recovery.onTimeout(1_024 * MS));
        assertEquals(1, recovery.unansweredProbes());
        send(1, 1_024 * MS);
        assertEquals((1_024 + 2_048) * MS, recovery.deadline());
        assertEquals(Expiry.PROBE, recovery.onTimeout(3_072 * MS));
        send(1, 3_072 * MS);
        assertEquals((3_072 + 4_096) * MS, recovery.deadline());
        recovery.onAck(AckRanges.of(2, 2), 0, 3_172 * MS);
        assertEquals(0, recovery.unansweredProbes());
        send(1, 4_000 * MS);
        assertEquals(4_000 * MS + (100 + 200 + 25) * MS, recovery.deadline());
    }

    @Test
    void theDeadlineMovesOnEvenIfNoProbeCouldLeave() {
        send(1, 0);
        recovery.onTimeout(1_024 * MS);
        assertEquals((1_024 + 2_048) * MS, recovery.deadline());
        for (int i = 0; i < 100; i++) {
            assertEquals(Expiry.PROBE, recovery.onTimeout(recovery.deadline()));
        }
        assertTrue(recovery.deadline() > 0);
    }

    @Test
    void aProbeCarriesWhatTheOldestPacketsCarriedOnce() {
        send(2, 0);
        recovery.onTimeout(1_024 * MS);
        assertTrue(recovery.giveBackOldest(1_024 * MS));
        assertTrue(recovery.giveBackOldest(1_024 * MS));
        assertFalse(recovery.giveBackOldest(1_024 * MS));
        assertEquals(List.of(0L, 1L), lost);
        assertEquals(2_000, recovery.bytesInFlight(), "they are in flight still");
        recovery.onAck(AckRanges.of(1, 0), 0, 1_100 * MS);
        assertEquals(List.of(), acked, "each content is handed back once");
        assertEquals(0, recovery.bytesInFlight());
    }

    @Test
    void packetsThatElicitNothingAreNotInFlightButGiveSamples() {
        send(1, 0);
        recovery.onPacketSent(60, false, null, 10 * MS);
        assertEquals(1_000, recovery.bytesInFlight());
        assertEquals(AckResult.PROGRESS, recovery.onAck(AckRanges.of(1, 0), 0, 50 * MS));
        assertEquals(40 * MS, recovery.rtt().latest(), "from the largest, which elicited nothing itself");
        recovery.onPacketSent(60, false, null, 60 * MS);
        assertEquals(Deadlines.NONE, recovery.deadline());
        assertEquals(AckResult.NOTHING_NEW, recovery.onAck(AckRanges.of(2, 0), 0, 90 * MS));
    }

    @Test
    void theWindowCountsWhatIsInFlight() {
        congestion.window = 2_500;
        assertTrue(recovery.canSend(2_500));
        assertFalse(recovery.canSend(2_501));
        send(2, 0);
        assertTrue(recovery.canSend(500));
        assertFalse(recovery.canSend(501));
    }

    @Test
    void persistentCongestionNeedsLossOverThreeProbeTimeouts() {
        send(1, 0);
        recovery.onAck(AckRanges.of(0, 0), 0, 100 * MS); // probe timeout 325 ms, times 3 = 975 ms
        send(1, 200 * MS); // 1
        send(1, 200 * MS + 975 * MS); // 2: exactly the duration
        send(3, 1_500 * MS); // 3, 4, 5
        recovery.onAck(AckRanges.of(5, 5), 0, 1_600 * MS); // the sample changes the timeout a little: variance 75, 100
        final long duration = 3 * recovery.rtt().probeTimeout();
        assertEquals(duration < 975 * MS ? 1 : 0, congestion.persistent);
        assertEquals(List.of(1L, 2L), lost);
    }

    @Test
    void anAcknowledgedPacketInBetweenMeansNoPersistentCongestion() {
        for (int acknowledged : new int[] {-1, 2}) {
            final RecordingController controller = new RecordingController();
            final LossRecovery<Long> one = recovery(controller, new Ignore());
            one.onPacketSent(1_000, true, 0L, 0);
            one.onAck(AckRanges.of(0, 0), 0, 10 * MS);
            for (int i = 1; i <= 3; i++) {
                one.onPacketSent(1_000, true, (long) i, 1_000L * i * MS);
            }
            if (acknowledged >= 0) {
                one.onAck(AckRanges.of(acknowledged, acknowledged), 0, 3_010 * MS);
            }
            one.onPacketSent(1_000, true, 4L, 5_000 * MS);
            one.onAck(AckRanges.of(4, 4), 0, 5_010 * MS);
            assertEquals(acknowledged < 0 ? 1 : 0, controller.persistent);
        }
    }

    @Test
    void nothingBeforeTheFirstSampleIsPersistentCongestion() {
        send(1, 0);
        send(1, 5_000 * MS);
        send(1, 10_000 * MS);
        recovery.onAck(AckRanges.of(2, 2), 0, 10_010 * MS);
        assertEquals(List.of(0L, 1L), lost);
        assertEquals(0, congestion.persistent);
    }

    @Test
    void givingUpAPathHandsEverythingBackOnceAndTellsNoCongestion() {
        send(5, 0);
        recovery.onAck(AckRanges.of(1, 1), 0, 10 * MS);
        recovery.abandon(20 * MS);
        assertEquals(List.of(0L, 2L, 3L, 4L), lost);
        assertEquals(0, recovery.bytesInFlight());
        assertEquals(Deadlines.NONE, recovery.deadline());
        assertEquals(0, congestion.lostBytes);
        assertEquals(AckResult.NOTHING_NEW, recovery.onAck(AckRanges.of(4, 0), 0, 30 * MS));
        assertEquals(5, recovery.nextNumber(), "numbers never restart");
    }

    @Test
    void anotherPathForgetsTheRoundTripAndTellsTheController() {
        send(1, 0);
        recovery.onAck(AckRanges.of(0, 0), 0, 10 * MS);
        recovery.onPathChanged(20 * MS);
        assertFalse(recovery.rtt().isSampled());
        assertEquals(1, congestion.pathChanges);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyContentComesBackExactlyOnceAndTheBooksBalance(long seed) {
        final Random random = new Random(seed);
        long now = 0;
        for (int step = 0; step < 4_000; step++) {
            now += random.nextInt(20_000_000);
            final int action = random.nextInt(10);
            if (action < 5 && recovery.canSend(1_000)) {
                if (random.nextInt(4) == 0) {
                    recovery.onPacketSent(60, false, null, now);
                } else {
                    send(1, now);
                }
            } else if (action < 9 && recovery.nextNumber() > 0) {
                final long largest = Math.max(0, recovery.nextNumber() - 1 - random.nextInt(12));
                final long smallest = Math.max(0, largest - random.nextInt(6));
                recovery.onAck(AckRanges.of(largest, smallest), random.nextInt(30_000), now);
            } else if (recovery.deadline() <= now && recovery.onTimeout(now) == Expiry.PROBE) {
                recovery.giveBackOldest(now);
                send(1, now);
            }
            assertEquals(recovery.packetsInFlight() * 1_000L, recovery.bytesInFlight(), "seed " + seed);
            assertEquals(recovery.packetsInFlight() == 0, recovery.deadline() == Deadlines.NONE, "seed " + seed);
        }
        recovery.abandon(now);
        final List<Long> all = new ArrayList<>(acked);
        all.addAll(lost);
        assertEquals(all.size(), all.stream().distinct().count(), "seed " + seed);
        assertEquals(congestion.sent, all.size());
        recovery.trim();
    }

    @Test
    void aWindowMustBePositive() {
        assertThrows(IllegalArgumentException.class, () -> new FixedWindow(0, 1_200));
        assertThrows(IllegalArgumentException.class, () -> new FixedWindow(64, 0));
        assertEquals(76_800, new FixedWindow(FixedWindow.PACKETS, 1_200).window());
    }

    private static final class Ignore implements LossRecovery.Listener<Long> {
        @Override
        public void onAcked(Long content, long now) {}

        @Override
        public void onLost(Long content, long now) {}
    }

    private static final class RecordingController implements CongestionController {
        long window = 64_000;
        long lostBytes;
        long ackedBytes;
        int undone;
        int datagramBytes;
        int persistent;
        int pathChanges;
        int sent;

        @Override
        public void onPacketSent(long number, int bytes, long bytesInFlight, boolean appLimited, long now) {
            sent++;
        }

        @Override
        public void onLost(RateSample packet, RttEstimator rtt, long now) {
            lostBytes += packet.bytes();
        }

        @Override
        public void onAck(RateSample sample, RttEstimator rtt, long now) {
            ackedBytes += sample.newlyAcked();
        }

        @Override
        public void onSpuriousLoss(long now) {
            undone++;
        }

        @Override
        public void onDatagramSize(int bytes) {
            datagramBytes = bytes;
        }

        @Override
        public long pacingRate() {
            return Long.MAX_VALUE;
        }

        @Override
        public void onPersistentCongestion(long now) {
            persistent++;
        }

        @Override
        public void onPathChanged(long now) {
            pathChanges++;
        }

        @Override
        public long window() {
            return window;
        }

        @Override
        public long releaseTime(int bytes, long now) {
            return now;
        }
    }
}
