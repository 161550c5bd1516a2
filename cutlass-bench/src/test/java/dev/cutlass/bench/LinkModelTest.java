package dev.cutlass.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LinkModelTest {
    private static final long RATE = 100_000_000;
    private static final int LENGTH = 1_250;

    /** Of such a datagram at this rate. */
    private static final long TRANSMISSION = TimeUnit.MICROSECONDS.toNanos(100);

    private static final long DELAY = TimeUnit.MILLISECONDS.toNanos(10);

    /** A clock may start anywhere. */
    private static final long NOW = -5;

    private static LinkModel model(double loss) {
        return new LinkModel(LinkModel.Conditions.of(RATE, 20, loss), 1, NOW);
    }

    @Test
    void idleLinkTakesTransmissionAndDelay() {
        assertEquals(NOW + TRANSMISSION + DELAY, model(0).admit(LENGTH, NOW));
    }

    @Test
    void datagramsLeaveOneAfterTheOtherAndWhoComesLateLosesNothing() {
        final LinkModel model = model(0);
        for (int i = 1; i <= 10; i++) {
            assertEquals(NOW + i * TRANSMISSION + DELAY, model.admit(LENGTH, NOW));
        }
        assertEquals(
                NOW + 11 * TRANSMISSION + DELAY, model.admit(LENGTH, NOW + 9 * TRANSMISSION), "while the queue lasted");
        assertEquals(
                NOW + 21 * TRANSMISSION + DELAY, model.admit(LENGTH, NOW + 20 * TRANSMISSION), "the link was free");
    }

    @Test
    void queueHoldsOneBandwidthDelayProductAndDropsWhatComesLast() {
        final LinkModel model = model(0);
        final int room = (int) (2 * DELAY / TRANSMISSION);
        for (int i = 0; i < room; i++) {
            assertNotEquals(LinkModel.DROPPED, model.admit(LENGTH, NOW));
        }
        assertEquals(LinkModel.DROPPED, model.admit(LENGTH, NOW));
        assertNotEquals(LinkModel.DROPPED, model.admit(LENGTH, NOW + TRANSMISSION));
        assertEquals((room + 1L) * LENGTH, model.arrivingBytes());
    }

    @Test
    void shareOfLossIsAsAskedForAndTheSameForTheSameSeed() {
        final LinkModel first = model(0.05);
        final LinkModel second = model(0.05);
        int lost = 0;
        for (int i = 0; i < 100_000; i++) {
            final long due = first.admit(LENGTH, NOW + i * TRANSMISSION);
            assertEquals(due, second.admit(LENGTH, NOW + i * TRANSMISSION));
            lost += due == LinkModel.DROPPED ? 1 : 0;
        }
        assertTrue(lost > 4_700 && lost < 5_300, lost + " of 100,000 at 5 %");
        assertEquals(
                0.95 * RATE / Byte.SIZE, LinkModel.Conditions.of(RATE, 20, 0.05).bytesPerSecond(), 1);
    }

    @Test
    void withoutRateThereIsOnlyDelay() {
        final LinkModel model = new LinkModel(new LinkModel.Conditions(0, 0, DELAY, 0), 1, NOW);
        assertEquals(NOW + DELAY, model.admit(LENGTH, NOW));
        assertEquals(NOW + DELAY, model.admit(LENGTH, NOW));
    }

    @Test
    void largerThanAnEthernetFrameDoesNotPass() {
        assertNotEquals(LinkModel.DROPPED, model(0).admit(LinkModel.MAX_DATAGRAM, NOW));
        assertEquals(LinkModel.DROPPED, model(0).admit(LinkModel.MAX_DATAGRAM + 1, NOW));
    }
}
