package dev.cutlass.proto.recovery;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AckTrackerTest {
    private static final long MS = 1_000_000;

    private final AckTracker acks = new AckTracker();

    @Test
    void nothingIsDueBeforeAnythingArrived() {
        assertFalse(acks.isDue(Long.MAX_VALUE - 1));
        assertEquals(Deadlines.NONE, acks.deadline());
        assertEquals(-1, acks.largest());
        assertArrayEquals(new long[0], acks.ranges());
    }

    @Test
    void oneElicitingPacketWaits25Milliseconds() {
        acks.onReceived(0, true, 1_000);
        assertTrue(acks.isWanted());
        assertEquals(1_000 + 25 * MS, acks.deadline());
        assertFalse(acks.isDue(1_000 + 25 * MS - 1));
        assertTrue(acks.isDue(1_000 + 25 * MS));
    }

    @Test
    void theFirstOfTwoPacketsSetsTheDeadline() {
        acks.onReceived(0, true, 1_000);
        acks.onReceived(1, false, 9_000);
        assertEquals(1_000 + 25 * MS, acks.deadline());
    }

    @Test
    void twoElicitingPacketsAreAcknowledgedAtOnce() {
        acks.onReceived(0, true, 0);
        assertFalse(acks.isDue(0));
        acks.onReceived(1, true, 0);
        assertTrue(acks.isDue(0));
        acks.onAckSent();
        assertFalse(acks.isDue(100 * MS));
        assertFalse(acks.isWanted());
        assertArrayEquals(new long[] {1, 0}, acks.ranges());
    }

    @Test
    void packetsThatElicitNothingAreListedButNeverDue() {
        acks.onReceived(0, false, 0);
        acks.onReceived(1, false, 0);
        acks.onReceived(5, false, 0);
        assertFalse(acks.isWanted());
        assertEquals(Deadlines.NONE, acks.deadline());
        assertArrayEquals(new long[] {5, 5, 1, 0}, acks.ranges());
    }

    @Test
    void aGapIsToldAtOnceAndSoIsItsFilling() {
        acks.onReceived(0, true, 0);
        acks.onAckSent();
        acks.onReceived(2, true, 0);
        assertTrue(acks.isDue(0));
        acks.onAckSent();
        acks.onReceived(1, true, 0);
        assertTrue(acks.isDue(0));
        assertArrayEquals(new long[] {2, 0}, acks.ranges());
    }

    @Test
    void theDelayCountsFromTheArrivalOfTheLargest() {
        acks.onReceived(7, true, 1_000_000);
        acks.onReceived(6, true, 3_000_000);
        assertEquals(4_000, acks.delayMicros(5_000_000));
    }

    @Test
    void whatThePeerKnowsIsDropped() {
        for (long number : new long[] {0, 1, 2, 5, 6, 9}) {
            acks.onReceived(number, true, 0);
        }
        acks.onAckSent();
        acks.onAckOfAck(5);
        assertArrayEquals(new long[] {9, 9, 6, 6}, acks.ranges());
        acks.onAckOfAck(9);
        assertArrayEquals(new long[0], acks.ranges());
        acks.onReceived(10, true, 0);
        assertArrayEquals(new long[] {10, 10}, acks.ranges());
        assertEquals(10, acks.largest());
    }

    /** It came after the ACK whose arrival is told: to drop it would leave a wish to acknowledge, and nothing to acknowledge. */
    @Test
    void aLatePacketThatThePeerDoesNotKnowOfIsNotDropped() {
        acks.onReceived(5, true, 0);
        acks.onAckSent();
        acks.onReceived(3, true, 0);
        acks.onAckOfAck(5);
        assertTrue(acks.isWanted());
        assertArrayEquals(new long[] {5, 5, 3, 3}, acks.ranges());
        acks.onAckSent();
        acks.onAckOfAck(5);
        assertArrayEquals(new long[0], acks.ranges());
    }

    @Test
    void noMoreThan65RangesAreKept() {
        for (long number = 0; number < 2_000; number += 2) {
            acks.onReceived(number, true, 0);
        }
        assertEquals(65, acks.rangeCount());
        final long[] ranges = acks.ranges();
        assertEquals(1_998, ranges[0]);
        assertEquals(1_998 - 2 * 64, ranges[ranges.length - 1]);
        acks.onReceived(1, true, 0); // older than all that is kept
        assertArrayEquals(ranges, acks.ranges());
        acks.onAckSent();
        acks.onAckOfAck(1_998);
        acks.trim();
        acks.onReceived(1_999, true, 0);
        assertArrayEquals(new long[] {1_999, 1_999}, acks.ranges());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void agreesWithASortedSet(long seed) {
        final Random random = new Random(seed);
        final TreeSet<Long> model = new TreeSet<>();
        final TreeSet<Long> untold = new TreeSet<>();
        for (int i = 0; i < 3_000; i++) {
            final long number = Math.max(0, i + random.nextInt(60) - 30);
            if (model.add(number)) {
                final boolean eliciting = random.nextBoolean();
                acks.onReceived(number, eliciting, i);
                if (eliciting) {
                    untold.add(number);
                }
            }
            assertTrue(!acks.isWanted() || acks.rangeCount() > 0);
            if (random.nextInt(3) == 0) {
                acks.onAckSent();
                untold.clear();
            }
            final List<Long> expected = ranges(model);
            final List<Long> told = new ArrayList<>();
            for (long bound : acks.ranges()) {
                told.add(bound);
            }
            assertEquals(expected, told, "seed " + seed + ", step " + i);
            if (random.nextInt(20) == 0) {
                final long known = number - random.nextInt(40);
                acks.onAckOfAck(known);
                forgetBelow(model, untold.isEmpty() ? known : Math.min(known, untold.first() - 1));
                assertTrue(!acks.isWanted() || acks.rangeCount() > 0);
            }
        }
    }

    /** A number that was forgotten may come again as a late packet: the model forgets it, too. */
    private static void forgetBelow(TreeSet<Long> model, long known) {
        model.headSet(known, true).clear();
    }

    private static List<Long> ranges(TreeSet<Long> model) {
        final List<Long> bounds = new ArrayList<>();
        long below = Long.MIN_VALUE;
        for (long number : model.descendingSet()) {
            if (number == below - 1) {
                bounds.set(bounds.size() - 1, number);
            } else {
                bounds.add(number);
                bounds.add(number);
            }
            below = number;
        }
        return bounds.subList(0, Math.min(bounds.size(), 2 * AckTracker.MAX_RANGES));
    }
}
