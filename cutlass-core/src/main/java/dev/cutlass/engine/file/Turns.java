package dev.cutlass.engine.file;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.cutlass.engine.CompanionSide;
import dev.cutlass.engine.LockRank;
import dev.cutlass.engine.RankedLock;
import dev.cutlass.engine.Signal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lock over all that is known about files, and what is to be done when it is free: in the order in which it was asked for, by one thread at a time, whoever that is. So what is said to a peer keeps
 * its order, and nothing is sent and nobody's code is called under the lock. Any thread.
 */
final class Turns {
    static final long NEVER = Long.MAX_VALUE;

    /** What one thread does for others at a time. */
    private static final int MAX_WORK = 256;

    private static final Logger LOG = LoggerFactory.getLogger(Turns.class);

    final Signal signal = new Signal();
    private final RankedLock lock = new RankedLock(LockRank.FILES);
    private final CompanionSide engine;
    private final Executor executor;

    /** Set once, before anything happens. */
    private volatile LongConsumer settle = now -> {};

    @GuardedBy("lock")
    private final Deque<Runnable> work = new ArrayDeque<>();

    @GuardedBy("lock")
    private boolean working;

    @GuardedBy("lock")
    private long deadline = NEVER;

    Turns(CompanionSide engine, Executor executor) {
        this.engine = engine;
        this.executor = executor;
    }

    /** What is to be done at the end of each step, under the lock. */
    void settle(LongConsumer last) {
        settle = last;
    }

    /** Changes something, at the time that it is given. */
    void step(LongConsumer input) {
        final long now = engine.now();
        lock.lock();
        try {
            input.accept(now);
            settle.accept(now);
        } finally {
            lock.unlock();
        }
        doWork();
    }

    /** Under the lock: to be done without it, after what was asked for before. */
    @SuppressWarnings("GuardedBy") // whoever calls it is in a step, as the assertion says
    void laterLocked(Runnable task) {
        assert lock.isHeldByCurrentThread() : "whoever does not have the lock does it at once";
        work.add(task);
    }

    /** Under the lock: a turn is due at this time, or before. */
    @SuppressWarnings("GuardedBy") // whoever calls it is in a step, as the assertion says
    void wakeByLocked(long when) {
        assert lock.isHeldByCurrentThread() : "deadlines are guarded";
        if (when < deadline) {
            deadline = when;
            signal.raise();
        }
    }

    /** Under the lock: whoever has a deadline names it anew. */
    @SuppressWarnings("GuardedBy") // whoever calls it is in a step, as the assertion says
    void clearDeadlineLocked() {
        assert lock.isHeldByCurrentThread() : "deadlines are guarded";
        deadline = NEVER;
    }

    long deadline() {
        lock.lock();
        try {
            return deadline;
        } finally {
            lock.unlock();
        }
    }

    private void doWork() {
        doWork(next(true));
    }

    private void doWork(@Nullable Runnable first) {
        int done = 0;
        for (Runnable task = first; task != null; task = next(false)) {
            if (++done > MAX_WORK && isHandedOver(task)) {
                return;
            }
            try {
                task.run();
            } catch (IllegalStateException e) {
                LOG.debug("the engine is closed, or a peer has too many channels", e);
            } catch (RuntimeException | Error e) { // work of ours: the engine does not limp
                stopWorking();
                throw e;
            }
        }
    }

    /** Under load there is always more to do, and whoever came by may be the application's. */
    private boolean isHandedOver(Runnable next) {
        try {
            executor.execute(() -> doWork(next));
            return true;
        } catch (RejectedExecutionException e) {
            LOG.debug("the engine is closed: here, then", e);
            return false;
        }
    }

    private void stopWorking() {
        lock.lock();
        try {
            working = false;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Runnable next(boolean first) {
        lock.lock();
        try {
            if (first && working) {
                return null; // who works already does this, too
            }
            final Runnable task = work.poll();
            working = task != null;
            return task;
        } finally {
            lock.unlock();
        }
    }
}
