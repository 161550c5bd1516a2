package dev.cutlass.engine;

import java.util.EnumSet;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock that knows its place. To take one whose rank is not below all that the thread holds is an error of ours and fails an assertion; assertions are on in every test
 * run and cost nothing without. Not reentrant in effect: the same rank twice is refused too.
 */
public final class RankedLock extends ReentrantLock {
    private static final long serialVersionUID = 1;
    private static final ThreadLocal<EnumSet<LockRank>> HELD =
            ThreadLocal.withInitial(() -> EnumSet.noneOf(LockRank.class));

    private final LockRank rank;

    /** One of this rank. */
    public RankedLock(LockRank rank) {
        this.rank = rank;
    }

    @Override
    public void lock() {
        assert HELD.get().stream().allMatch(held -> held.compareTo(rank) < 0) : rank + " while holding " + HELD.get();
        super.lock();
        assert HELD.get().add(rank);
    }

    @Override
    public boolean tryLock() {
        assert HELD.get().stream().allMatch(held -> held.compareTo(rank) < 0) : rank + " while holding " + HELD.get();
        final boolean locked = super.tryLock();
        assert !locked || HELD.get().add(rank);
        return locked;
    }

    @Override
    public void unlock() {
        super.unlock();
        assert HELD.get().remove(rank);
    }

    /** For assertions: whether the thread holds no lock of the engine, as it must when it calls an application. */
    static boolean noneHeld() {
        return HELD.get().isEmpty();
    }
}
