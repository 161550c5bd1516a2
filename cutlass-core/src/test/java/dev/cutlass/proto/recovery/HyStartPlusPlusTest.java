package dev.cutlass.proto.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** RFC 9406. */
class HyStartPlusPlusTest {
    private static final long MS = 1_000_000;

    private final HyStartPlusPlus slowStart = new HyStartPlusPlus();
    private long next;

    /** A round of ten packets with that round trip; whether slow start was over at the end. */
    private boolean round(long rtt) {
        return round(rtt, 10);
    }

    private boolean round(long rtt, int samples) {
        final long first = next;
        for (int i = 0; i < 10; i++) {
            slowStart.onPacketSent(next++);
        }
        boolean over = false;
        for (long number = first; number < next; number++) {
            over |= slowStart.onAck(number, number - first < samples ? rtt : RateSample.NO_RTT);
        }
        return over;
    }

    @Test
    void theThresholdIsAnEighthOfTheRoundTripWithinFourAndSixteenMilliseconds() {
        assertEquals(4 * MS, HyStartPlusPlus.threshold(20 * MS));
        assertEquals(4 * MS, HyStartPlusPlus.threshold(32 * MS));
        assertEquals(8 * MS, HyStartPlusPlus.threshold(64 * MS));
        assertEquals(16 * MS, HyStartPlusPlus.threshold(128 * MS));
        assertEquals(16 * MS, HyStartPlusPlus.threshold(900 * MS));
    }

    @Test
    void aRiseByTheThresholdSlowsDownAndLessDoesNot() {
        round(64 * MS);
        round(72 * MS - 1);
        assertFalse(slowStart.isInCss());
        round(64 * MS);
        round(72 * MS);
        assertTrue(slowStart.isInCss());
    }

    @Test
    void fewerThanEightSamplesTellNothing() {
        round(64 * MS);
        round(200 * MS, 7);
        assertFalse(slowStart.isInCss());
    }

    @Test
    void fiveSlowRoundsEndSlowStart() {
        round(50 * MS);
        int rounds = 0;
        boolean over = false;
        while (!over && rounds < 20) {
            over = round(80 * MS);
            rounds++;
        }
        assertEquals(
                6,
                rounds,
                "five, the one in which the rise was seen included, and the ACK that shows that they are over");
    }

    @Test
    void aRoundTripThatFallsAgainResumesSlowStart() {
        round(50 * MS);
        round(80 * MS);
        assertTrue(slowStart.isInCss());
        round(79 * MS);
        assertFalse(slowStart.isInCss());
        for (int i = 0; i < 20; i++) {
            assertFalse(round(79 * MS));
        }
    }

    @Test
    void withoutARiseSlowStartGoesOn() {
        for (int i = 0; i < 100; i++) {
            assertFalse(round(50 * MS));
        }
    }
}
