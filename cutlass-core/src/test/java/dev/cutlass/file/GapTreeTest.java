package dev.cutlass.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.fixtures.Seeds;
import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class GapTreeTest {
    private static final int END = 60;

    @ParameterizedTest
    @MethodSource("dev.cutlass.fixtures.Seeds#all")
    void itHoldsWhatABitForEachNumberWouldHold(long seed) {
        Seeds.run(seed, s -> {
            final SplittableRandom random = new SplittableRandom(s);
            final BitSet model = new BitSet();
            GapTree gaps = random.nextBoolean() ? GapTree.none() : GapTree.all(END);
            model.set(0, gaps.isComplete() ? 0 : END);
            for (int i = 0; i < 200; i++) {
                final int first = random.nextInt(END);
                final int end = Math.min(END, first + random.nextInt(random.nextBoolean() ? 3 : 20));
                final int before = model.cardinality();
                if (random.nextInt(5) < 3) {
                    model.clear(first, Math.max(first, end));
                    assertEquals(before - model.cardinality(), gaps.fill(first, end));
                } else {
                    model.set(first, Math.max(first, end));
                    gaps.open(first, end);
                }
                assertSame(model, gaps);
                if (random.nextInt(20) == 0) {
                    final GapTree old = gaps;
                    gaps = gaps.copy();
                    old.fill(0, END);
                }
            }
        });
    }

    private static void assertSame(BitSet model, GapTree gaps) {
        assertEquals(model.cardinality(), gaps.missing());
        assertEquals(model.isEmpty(), gaps.isComplete());
        final long[] last = {-1, 0};
        gaps.forEach((first, end) -> {
            assertTrue(first > last[0] && first < end, "ranges are in order and never touch: " + gaps);
            assertEquals(first, model.nextSetBit((int) first));
            assertEquals(end, model.nextClearBit((int) first));
            assertEquals(end, gaps.endOfGap(first));
            last[0] = end;
            last[1]++;
        });
        assertEquals(last[1], gaps.ranges());
        for (int i = 0; i <= END; i++) {
            assertEquals(model.get(i), gaps.isMissing(i));
            assertEquals(model.nextSetBit(i), gaps.nextMissing(i));
        }
    }

    @Test
    void whatIsNotMissingHasNoGap() {
        final GapTree gaps = GapTree.all(10);
        gaps.fill(3, 5);

        assertEquals("[0, 3) [5, 10)", gaps.toString());
        assertThrows(IllegalArgumentException.class, () -> gaps.endOfGap(3));
        assertThrows(IllegalArgumentException.class, () -> gaps.endOfGap(10));
        assertThrows(IllegalArgumentException.class, () -> gaps.open(-1, 2));
        assertFalse(gaps.isMissing(4));
        assertEquals(GapTree.NONE, gaps.nextMissing(10));
    }

    @Test
    void aMillionBlocksThatComeInOrderAreOneGap() {
        final GapTree gaps = GapTree.all(1L << 30);
        for (long i = 0; i < 1_000_000; i++) {
            gaps.fill(i, i + 1);
        }

        assertEquals(1, gaps.ranges());
        assertEquals((1L << 30) - 1_000_000, gaps.missing());
    }
}
