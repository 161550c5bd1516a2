package dev.cutlass.engine;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.wire.Id128;
import org.junit.jupiter.api.Test;

class ReplacedRunsTest {
    private static final long LATE = ReplacedRuns.LATE_NANOS;

    private final ReplacedRuns runs = new ReplacedRuns();

    private static Id128 run(int number) {
        return new Id128(7, number);
    }

    @Test
    void aRunThatWasNeverReplacedIsNotBack() {
        runs.replaced(run(1), 0);
        assertFalse(runs.isBack(run(2), Long.MAX_VALUE));
    }

    @Test
    void whatIsLateIsNotBack() {
        runs.replaced(run(1), 5);
        assertFalse(runs.isBack(run(1), 5 + LATE - 1));
        assertTrue(runs.isBack(run(1), 5 + LATE));
    }

    /** Two engines take each other's place every few seconds. */
    @Test
    void theFirstTimeCounts() {
        for (int i = 0; i < 10; i++) {
            runs.replaced(run(i % 2), i * LATE / 9);
        }
        assertTrue(runs.isBack(run(0), LATE));
    }

    @Test
    void onlyTheLastEightAreRemembered() {
        for (int i = 0; i < 9; i++) {
            runs.replaced(run(i), i);
        }
        assertFalse(runs.isBack(run(0), 2 * LATE));
        assertTrue(runs.isBack(run(1), 2 * LATE));
        assertTrue(runs.isBack(run(8), 2 * LATE));
    }
}
