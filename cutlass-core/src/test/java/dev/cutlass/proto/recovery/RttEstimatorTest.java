package dev.cutlass.proto.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Expected values are worked out by hand from RFC 9002 sections 5.3, 6.1.2 and 6.2.1. */
class RttEstimatorTest {
    private static final long MS = 1_000_000;

    private final RttEstimator rtt = new RttEstimator();

    @Test
    void startsFromTheInitialRoundTripOfTheRfc() {
        assertFalse(rtt.isSampled());
        assertEquals(333 * MS, rtt.smoothed());
        assertEquals(333 * MS / 2, rtt.variance());
        assertEquals(333 * MS + 4 * (333 * MS / 2) + 25 * MS, rtt.probeTimeout()); // 1,024 ms
        assertEquals(1_024 * MS, rtt.probeTimeout());
    }

    @Test
    void theFirstSampleReplacesEverythingAndIgnoresTheDelay() {
        rtt.onSample(100 * MS, 20 * MS);
        assertTrue(rtt.isSampled());
        assertEquals(100 * MS, rtt.latest());
        assertEquals(100 * MS, rtt.minimum());
        assertEquals(100 * MS, rtt.smoothed());
        assertEquals(50 * MS, rtt.variance());
        assertEquals((100 + 4 * 50 + 25) * MS, rtt.probeTimeout());
    }

    @Test
    void laterSamplesMoveByAnEighthAndVarianceByAQuarter() {
        rtt.onSample(100 * MS, 0);
        rtt.onSample(180 * MS, 20 * MS); // adjusted 160
        assertEquals((3 * 50 + 60) * MS / 4, rtt.variance()); // against the smoothed value before this sample
        assertEquals((7 * 100 + 160) * MS / 8, rtt.smoothed());
        assertEquals(100 * MS, rtt.minimum());
        assertEquals(180 * MS, rtt.latest());
    }

    @Test
    void aDelayThatWouldGoBelowTheMinimumIsNotSubtracted() {
        rtt.onSample(100 * MS, 0);
        rtt.onSample(110 * MS, 20 * MS); // 110 < 100 + 20
        assertEquals((7 * 100 + 110) * MS / 8, rtt.smoothed());
        rtt.reset();
        rtt.onSample(100 * MS, 0);
        rtt.onSample(120 * MS, 20 * MS); // exactly at the boundary: subtracted
        assertEquals(100 * MS, rtt.smoothed());
    }

    @Test
    void noMoreThanTheAgreedDelayIsBelieved() {
        rtt.onSample(100 * MS, 0);
        rtt.onSample(200 * MS, 90 * MS); // 25 ms count
        assertEquals((7 * 100 + 175) * MS / 8, rtt.smoothed());
    }

    @Test
    void aLowerSampleLowersTheMinimum() {
        rtt.onSample(100 * MS, 0);
        rtt.onSample(40 * MS, 25 * MS);
        assertEquals(40 * MS, rtt.minimum());
        assertEquals((7 * 100 + 40) * MS / 8, rtt.smoothed());
    }

    @Test
    void timersNeverGoBelowTheGranularity() {
        rtt.onSample(0, 0);
        assertEquals(MS, rtt.lossDelay(1));
        assertEquals(MS + 25 * MS, rtt.probeTimeout());
    }

    @Test
    void theLossDelayIsNineEighthsOfTheLargerOfLatestAndSmoothed() {
        rtt.onSample(80 * MS, 0);
        assertEquals(90 * MS, rtt.lossDelay(1));
        rtt.onSample(160 * MS, 0);
        assertEquals(180 * MS, rtt.lossDelay(1));
        rtt.onSample(8 * MS, 0); // smoothed: 90, then (7 * 90 + 8) / 8
        assertEquals(79_750_000 + 79_750_000 / 8, rtt.lossDelay(1));
    }

    @Test
    void anotherPathStartsAnew() {
        rtt.onSample(80 * MS, 0);
        rtt.reset();
        assertFalse(rtt.isSampled());
        assertEquals(1_024 * MS, rtt.probeTimeout());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void staysBetweenTheExtremesOfTheSamples(long seed) {
        final Random random = new Random(seed);
        long least = Long.MAX_VALUE;
        long most = 0;
        for (int i = 0; i < 1_000; i++) {
            final long sample = random.nextInt(2_000_000_000);
            least = Math.min(least, sample);
            most = Math.max(most, sample);
            rtt.onSample(sample, random.nextInt(50_000_000));
            assertEquals(least, rtt.minimum());
            assertTrue(rtt.smoothed() >= least - 1 - i && rtt.smoothed() <= most, () -> "seed " + seed);
            assertTrue(rtt.variance() >= 0 && rtt.variance() <= most);
        }
    }
}
