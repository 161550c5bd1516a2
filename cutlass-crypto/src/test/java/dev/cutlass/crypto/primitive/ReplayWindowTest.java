package dev.cutlass.crypto.primitive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The fast window against one that remembers everything. */
class ReplayWindowTest {
    private static final int ROUNDS = 20_000;

    /** Every number that ever came, and the rule in one line. */
    private static final class Obvious {
        private final Set<BigInteger> seen = new HashSet<>();
        private BigInteger highest = BigInteger.ZERO;

        boolean isFresh(long number) {
            BigInteger n = unsigned(number);
            return n.add(BigInteger.valueOf(ReplayWindow.SIZE)).compareTo(highest) > 0 && !seen.contains(n);
        }

        void commit(long number) {
            seen.add(unsigned(number));
            highest = highest.max(unsigned(number));
        }

        private static BigInteger unsigned(long number) {
            return new BigInteger(Long.toUnsignedString(number));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})
    void itAgreesWithTheObviousOne(long seed) {
        Random random = new Random(seed);
        ReplayWindow window = new ReplayWindow();
        Obvious obvious = new Obvious();
        // near zero, around the sign bit, and just below the end of 64 bits
        long base = new long[] {0, Long.MAX_VALUE - ROUNDS, -4L * ROUNDS, 1L << 40}[(int) (seed % 4)];
        long next = base;
        for (int round = 0; round < ROUNDS; round++) {
            long number = switch (random.nextInt(10)) {
                case 0, 1, 2, 3 -> next++;
                case 4 -> next += random.nextInt(3);
                case 5 -> random.nextInt(200) == 0 ? next += random.nextInt(2 * ReplayWindow.SIZE) : next;
                case 6 -> next - random.nextInt(80);
                case 7 -> next - ReplayWindow.SIZE + random.nextInt(9) - 4;
                default -> next - random.nextInt(2 * ReplayWindow.SIZE);
            };
            boolean fresh = obvious.isFresh(number);
            assertEquals(fresh, window.isFresh(number), "round " + round + " " + Long.toUnsignedString(number));
            if (fresh && random.nextInt(8) != 0) { // now and then the tag does not hold: no commit
                obvious.commit(number);
                window.commit(number);
                assertFalse(window.isFresh(number));
            }
        }
    }

    @Test
    void theEdgeOfTheWindowIsExact() {
        ReplayWindow window = new ReplayWindow();
        assertTrue(window.isFresh(0));
        window.commit(ReplayWindow.SIZE);
        assertFalse(window.isFresh(0));
        assertTrue(window.isFresh(1));
        window.commit(1);
        assertFalse(window.isFresh(1));
        assertEquals(ReplayWindow.SIZE, window.highest());
        assertTrue(ReplayWindow.SIZE >= 4096);
    }

    @Test
    void askingChangesNothing() {
        ReplayWindow window = new ReplayWindow();
        assertTrue(window.isFresh(1L << 50));
        assertTrue(window.isFresh(0));
        assertEquals(0, window.highest());
    }

    @Test
    void committingWhatIsNotFreshIsAnError() {
        ReplayWindow window = new ReplayWindow();
        window.commit(7);
        assertThrows(IllegalStateException.class, () -> window.commit(7));
        window.commit(7 + ReplayWindow.SIZE);
        assertThrows(IllegalStateException.class, () -> window.commit(6));
    }

    @Test
    void aLongJumpForgetsAllThatWasBefore() {
        ReplayWindow window = new ReplayWindow();
        for (long n = 0; n < 2L * ReplayWindow.SIZE; n++) {
            window.commit(n);
        }
        long far = 1L << 33;
        window.commit(far);
        for (long n = far - ReplayWindow.SIZE + 1; n < far; n++) {
            assertTrue(window.isFresh(n));
        }
    }

    @Test
    void closedGapsAreNotFreshAndLaterNumbersAre() {
        ReplayWindow window = new ReplayWindow();
        window.commit(0);
        window.commit(1);
        assertFalse(window.hasGaps());
        window.commit(70);
        window.commit(5);
        assertTrue(window.hasGaps());
        window.closeGaps();
        assertFalse(window.hasGaps());
        for (long n = 0; n <= 70; n++) {
            assertFalse(window.isFresh(n));
        }
        assertEquals(70, window.highest());
        window.commit(73);
        assertTrue(window.isFresh(71));
        assertFalse(window.isFresh(73));
        assertFalse(window.isFresh(70));
        assertTrue(window.isFresh(74));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3})
    void nothingIsFreshTwiceWheneverGapsAreClosed(long seed) {
        Random random = new Random(seed);
        ReplayWindow window = new ReplayWindow();
        Set<Long> seen = new HashSet<>();
        long next = seed == 3 ? -ROUNDS : 0;
        for (int round = 0; round < ROUNDS; round++) {
            long number = Math.max(next + random.nextInt(8) - 4, seed == 3 ? Long.MIN_VALUE : 0);
            next += random.nextInt(2);
            if (window.isFresh(number)) {
                assertTrue(seen.add(number), () -> Long.toUnsignedString(number));
                window.commit(number);
            }
            if (random.nextInt(50) == 0) {
                window.closeGaps();
            }
        }
        assertTrue(seen.size() > ROUNDS / 8);
    }
}
