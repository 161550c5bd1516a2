package dev.cutlass.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

/**
 * What is to be taken apart. Any thread pushes, holding whatever it holds, since this lock is below all others; housekeeping takes everything. Each thing is on it at
 * most once, and housekeeping made each, so the table's bound is its bound.
 */
final class DisposalStack {
    private final RankedLock lock = new RankedLock(LockRank.DISPOSAL_STACK);

    @GuardedBy("lock")
    private @Nullable Disposable top;

    /** Something that can be on the stack. */
    abstract static class Disposable {
        private @Nullable Disposable below;
        private boolean stacked;
    }

    /** False if it is there already. */
    boolean push(Disposable item) {
        lock.lock();
        try {
            if (item.stacked) {
                return false;
            }
            item.stacked = true;
            item.below = top;
            top = item;
            return true;
        } finally {
            lock.unlock();
        }
    }

    boolean isEmpty() {
        lock.lock();
        try {
            return top == null;
        } finally {
            lock.unlock();
        }
    }

    /** The one pushed last, or null. It may be pushed again from then on. */
    @Nullable
    Disposable pop() {
        lock.lock();
        try {
            final Disposable item = top;
            if (item != null) {
                top = item.below;
                item.below = null;
                item.stacked = false;
            }
            return item;
        } finally {
            lock.unlock();
        }
    }
}
