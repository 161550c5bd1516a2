package dev.cutlass.engine;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Wakes one thread that waits for a time. Any thread raises, one thread waits. A signal raised before the wait is not lost, and many are one. */
public final class Signal {
    private final AtomicBoolean raised = new AtomicBoolean();

    /** Volatile: set by the waiting thread, read by those who wake it. */
    private volatile @Nullable Thread waiter;

    /** Wakes it, or lets its next wait return at once. */
    public void raise() {
        if (raised.compareAndSet(false, true)) {
            final Thread thread = waiter;
            if (thread != null) {
                LockSupport.unpark(thread);
            }
        }
    }

    /** Blocks for at most so long, or until raised; what is raised is taken down. May return early for no reason. */
    public void await(long nanos) {
        if (waiter == null) {
            waiter = Thread.currentThread();
        }
        if (!raised.getAndSet(false) && nanos > 0) {
            LockSupport.parkNanos(this, nanos);
            raised.set(false);
        }
    }
}
