package dev.cutlass.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.fixtures.Seeds;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class RateTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    @Test
    void aSteadyFlowIsToldAsItIsAndSoIsItsEnd() {
        final RateMeter meter = new RateMeter(SECOND);
        assertEquals(0, meter.perSecond(SECOND));
        assertNull(meter.left(100, SECOND));
        for (int i = 0; i < 100; i++) {
            meter.add(10_000, SECOND + i * SECOND / 10);
        }
        final long now = 11 * SECOND;

        assertEquals(100_000, meter.perSecond(now), 6_000);
        assertEquals(1_000_000, meter.total());
        assertEquals(10, meter.left(1_000_000, now).toSeconds(), 1);
        assertEquals(0, meter.perSecond(now + 5 * SECOND));
        assertNull(meter.left(1, now + 5 * SECOND));
        assertEquals(Duration.ZERO, meter.left(0, now + 5 * SECOND));
        assertEquals(0, meter.perSecond(now + 500_000 * SECOND));
    }

    @Test
    void aRateThatFallsIsToldWithinFiveSeconds() {
        final RateMeter meter = new RateMeter(0);
        meter.add(1 << 20, 0);
        assertTrue(meter.perSecond(SECOND / 8) > 1 << 20, "at first what came in the first quarter of a second");
        for (int i = 1; i <= 50; i++) {
            meter.add(100, i * SECOND / 10);
        }

        assertEquals(1_000, meter.perSecond(5 * SECOND + SECOND / 10), 60);
    }

    @Test
    void whatWouldTakeYearsIsNoPrediction() {
        final RateMeter meter = new RateMeter(0);
        meter.add(1, SECOND);

        assertNull(meter.left(1L << 46, SECOND));
    }

    @ParameterizedTest
    @MethodSource("dev.cutlass.fixtures.Seeds#all")
    void aBucketLetsPassWhatItsLimitSays(long seed) {
        Seeds.run(seed, s -> {
            final SplittableRandom random = new SplittableRandom(s);
            final long rate = random.nextLong(1_000, 100_000_000);
            final TokenBucket bucket = new TokenBucket(rate, 0);
            final long burst = Math.max(rate / 10, 65_536);
            long now = 0;
            long passed = 0;
            for (int i = 0; i < 500; i++) {
                final long wanted = random.nextLong(1, 65_537);
                final long ready = bucket.readyAt(wanted, now);
                assertTrue(ready >= now);
                now = ready + random.nextLong(2) * random.nextLong(SECOND / 100);
                assertTrue(bucket.available(now) >= Math.min(wanted, burst) - 1, "what was said to be ready is");
                bucket.take(wanted, now);
                passed += wanted;
                assertTrue(passed <= burst + (double) rate * now / SECOND + 2, "never more than the limit and a burst");
            }
        });
    }

    @Test
    void aLimitCanBeChangedAndTakenAway() {
        final TokenBucket bucket = new TokenBucket(TokenBucket.UNLIMITED, 0);
        assertEquals(Long.MAX_VALUE, bucket.available(0));
        assertEquals(5, bucket.readyAt(1L << 40, 5));
        bucket.limit(1_000, 0);
        bucket.take(bucket.available(0) + 1_000, 0);
        assertEquals(0, bucket.available(0));
        assertEquals(2 * SECOND, bucket.readyAt(1_000, 0), 2);
        bucket.limit(TokenBucket.UNLIMITED, 0);
        assertEquals(Long.MAX_VALUE, bucket.available(0));
        assertThrows(IllegalArgumentException.class, () -> bucket.limit(-1, 0));
        assertThrows(IllegalArgumentException.class, () -> new TokenBucket(-1, 0));
    }
}
