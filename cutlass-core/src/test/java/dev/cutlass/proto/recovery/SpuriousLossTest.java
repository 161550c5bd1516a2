package dev.cutlass.proto.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpuriousLossTest {
    private static final long MS = 1_000_000;
    private static final long RTT = 100 * MS;

    private final SpuriousLoss spurious = new SpuriousLoss();
    private final RttEstimator rtt = new RttEstimator();

    SpuriousLossTest() {
        rtt.onSample(RTT, 0);
    }

    private boolean arrive(long number) {
        return spurious.onAcked(number, number, number + 5, rtt, RTT);
    }

    @Test
    void anEventIsUndoneWhenAllItsPacketsArrived() {
        spurious.onLost(10, 0, 1_000, 20);
        spurious.onLost(11, 0, 1_000, 21);
        assertFalse(arrive(11));
        assertFalse(arrive(11), "the same again");
        assertTrue(arrive(10));
        assertFalse(arrive(10));
        assertEquals(2_000, spurious.takeLateBytes());
        assertEquals(0, spurious.takeLateBytes());
    }

    @Test
    void onePacketThatIsReallyLostKeepsTheReduction() {
        for (int i = 10; i < 15; i++) {
            spurious.onLost(i, 0, 1_000, 20);
        }
        for (int i = 11; i < 15; i++) {
            assertFalse(arrive(i));
        }
    }

    @Test
    void aLossOfAPacketSentLaterIsAnotherEvent() {
        spurious.onLost(10, 0, 1_000, 20);
        spurious.onLost(20, 0, 1_000, 30);
        assertFalse(arrive(10), "the earlier event is history");
        assertTrue(arrive(20));
    }

    @Test
    void reorderingRaisesTheThresholdsUpToABound() {
        assertEquals(3, spurious.packetThreshold());
        spurious.onLost(10, 0, 1_000, 20);
        spurious.onAcked(10, 10, 17, rtt, RTT);
        assertEquals(8, spurious.packetThreshold());
        assertEquals(1, spurious.timeEighths());
        spurious.onLost(30, 0, 1_000, 40);
        spurious.onAcked(30, 30, 10_000, rtt, 3 * RTT);
        assertEquals(64, spurious.packetThreshold());
        assertEquals(2, spurious.timeEighths());
        for (int i = 0; i < 10; i++) {
            spurious.onLost(50 + i, 0, 1_000, 100);
            spurious.onAcked(50 + i, 50 + i, 70, rtt, 9 * RTT);
        }
        assertEquals(8, spurious.timeEighths());
        spurious.reset();
        assertEquals(3, spurious.packetThreshold());
    }

    @Test
    void whatWasForgottenForWantOfRoomIsNeverUndone() {
        for (int i = 0; i < LostPackets.CAPACITY + 1; i++) {
            spurious.onLost(i, 0, 1_000, 10_000);
        }
        boolean undone = false;
        for (int i = 0; i < LostPackets.CAPACITY + 1; i++) {
            undone |= arrive(i);
        }
        assertFalse(undone);
        assertEquals(LostPackets.CAPACITY * 1_000L, spurious.takeLateBytes());
    }

    @Test
    void packetsOfLongAgoAreForgotten() {
        spurious.onLost(10, 5, 1_000, 20);
        spurious.forgetBefore(6);
        assertFalse(arrive(10));
        assertEquals(0, spurious.takeLateBytes());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void theRingAgreesWithAPlainList(long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final LostPackets ring = new LostPackets();
        final java.util.ArrayDeque<Long> list = new java.util.ArrayDeque<>();
        long number = 0;
        for (int step = 0; step < 5_000; step++) {
            if (random.nextInt(5) > 0) {
                number += 1 + random.nextInt(4);
                final long forgotten = ring.add(number, number * 2, (int) number);
                list.add(number);
                if (list.size() > LostPackets.CAPACITY) {
                    assertEquals(list.remove(), forgotten);
                } else {
                    assertEquals(-1, forgotten);
                }
            } else if (!list.isEmpty()) {
                ring.removeOldest();
                list.remove();
            }
            assertEquals(list.size(), ring.count());
            final long wanted = random.nextLong(number + 2);
            final long smaller = list.stream().filter(one -> one < wanted).count();
            assertEquals(smaller, ring.firstFrom(wanted), "seed " + seed);
            if (!list.isEmpty()) {
                assertEquals(list.peekLast(), ring.number(ring.count() - 1));
                assertEquals(2 * list.peek(), ring.sentAt(0));
            }
        }
    }
}
