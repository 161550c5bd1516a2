package dev.cutlass.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class RankedLockTest {
    @Test
    void theOrderOfTheOriginalFiveIsKept() {
        List<LockRank> all = List.of(LockRank.values());
        List<LockRank> five = List.of(
                LockRank.HANDLE,
                LockRank.CONNECTION_TABLE,
                LockRank.CONNECTION,
                LockRank.CHANNEL_SET,
                LockRank.DISPOSAL_STACK);

        assertEquals(five, all.stream().filter(five::contains).toList());
    }

    @Test
    void everyPairIsTakenDownwardsOnly() {
        for (LockRank first : LockRank.values()) {
            for (LockRank second : LockRank.values()) {
                RankedLock upper = new RankedLock(first);
                RankedLock lower = new RankedLock(second);
                upper.lock();
                try {
                    if (first.compareTo(second) < 0) {
                        lower.lock();
                        lower.unlock();
                        assertTrue(lower.tryLock());
                        lower.unlock();
                    } else {
                        assertThrows(AssertionError.class, lower::lock, second + " while holding " + first);
                        assertThrows(AssertionError.class, lower::tryLock);
                        assertFalse(lower.isLocked());
                    }
                } finally {
                    upper.unlock();
                }
            }
        }
        assertTrue(RankedLock.noneHeld());
    }

    @Test
    void theSameLockTwiceIsAnErrorToo() {
        RankedLock lock = new RankedLock(LockRank.CONNECTION);
        lock.lock();
        try {
            assertThrows(AssertionError.class, lock::lock);
        } finally {
            lock.unlock();
        }
    }

    @Test
    void aRefusedLockLeavesNoTrace() {
        RankedLock low = new RankedLock(LockRank.TIMERS);
        RankedLock high = new RankedLock(LockRank.HANDLE);
        low.lock();
        assertThrows(AssertionError.class, high::lock);
        low.unlock();

        high.lock();
        low.lock();
        low.unlock();
        high.unlock();
        assertTrue(RankedLock.noneHeld());
    }
}
