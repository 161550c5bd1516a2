package dev.cutlass.proto.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NumberSetTest {
    @ParameterizedTest
    @MethodSource("dev.cutlass.fixtures.Seeds#all")
    void itIsASetOfNumbersAboveARisingFloor(long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final NumberSet set = new NumberSet();
        final TreeSet<Long> slow = new TreeSet<>();
        long floor = 0;
        for (int i = 0; i < 500; i++) {
            if (random.nextInt(20) == 0) {
                floor = Math.max(floor, random.nextInt(200));
                set.raiseFloor(floor);
            }
            final long number = random.nextInt(220);
            final boolean isNew = number >= floor && slow.add(number);
            assertEquals(isNew, set.add(number), number + " in step " + i);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.cutlass.fixtures.Seeds#all")
    void itFindsWhatIsMissingAndTakesRangesFromAbove(long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final long[] bounds = {random.nextInt(3), 5, 9, 9 + random.nextInt(3)};
        final NumberSet set = NumberSet.of(bounds);
        final TreeSet<Long> slow = new TreeSet<>();
        for (int i = 0; i < bounds.length; i += 2) {
            for (long number = bounds[i]; number <= bounds[i + 1]; number++) {
                slow.add(number);
            }
        }
        for (int i = 0; i < 20; i++) {
            final long first = slow.last() + 1 + random.nextInt(3);
            final long last = first + random.nextInt(4);
            set.append(first, last);
            for (long number = first; number <= last; number++) {
                slow.add(number);
            }
        }
        for (long number = 0; number < slow.last() + 3; number++) {
            long missing = number;
            while (slow.contains(missing)) {
                missing++;
            }
            assertEquals(slow.contains(number), set.contains(number), "" + number);
            assertEquals(missing, set.firstMissing(number), "from " + number);
        }
        assertEquals(0, NumberSet.of(new long[0]).firstMissing(0));
    }

    @Test
    void gapsBeyondTheLimitAreClosedFromBelow() {
        final NumberSet set = new NumberSet();
        for (long i = 1; i <= NumberSet.MAX_RANGES; i++) {
            assertTrue(set.add(2 * i));
        }
        assertEquals(NumberSet.MAX_RANGES, set.ranges());
        assertTrue(set.add(1_000_000));
        assertEquals(NumberSet.MAX_RANGES, set.ranges());
        assertFalse(set.add(1));
        assertTrue(set.add(3));
    }
}
