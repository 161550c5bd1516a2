package dev.cutlass.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From the start of an engine to its end.
 *
 * <pre>
 * NEW --start--> RUNNING --close or fail--> CLOSING --all connections gone, or 1 s--> OVER --resources given back--> (released)
 *  +-----------------------close-----------------------------------------------------^
 * </pre>
 */
final class Life {
    private static final Logger LOG = LoggerFactory.getLogger(Life.class);

    /** How long stragglers of closed connections are answered at the end. */
    static final long LINGER_NANOS = Duration.ofSeconds(1).toNanos();

    /** The listener and housekeeping, whether they are threads or turns that somebody else takes. */
    private static final int ROLES = 2;

    /** How long {@code close} waits in all. */
    private static final long MAX_WAIT_MILLIS = 2_000;

    private enum State {
        NEW,
        RUNNING,
        CLOSING,
        OVER
    }

    private final RankedLock lock = new RankedLock(LockRank.HANDLE);
    private final AtomicInteger running = new AtomicInteger(ROLES);
    private final CountDownLatch released = new CountDownLatch(ROLES);

    /** Volatile: written under the lock, read by anybody. */
    private volatile State state = State.NEW;

    @GuardedBy("lock")
    private @Nullable Throwable failure;

    @GuardedBy("lock")
    private long endBy = Long.MAX_VALUE;

    /** False if it was started or closed before. */
    boolean start() {
        lock.lock();
        try {
            if (state != State.NEW) {
                return false;
            }
            state = State.RUNNING;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** What a call of close found. */
    enum Closing {
        /** It was not started: nobody else will give anything back. */
        NEVER_RAN,
        /** This is the first: peers are to be told. */
        FIRST,
        /** Somebody was faster, or it failed. */
        LATER
    }

    Closing beginClosing(long now) {
        lock.lock();
        try {
            final Closing found = switch (state) {
                case NEW -> Closing.NEVER_RAN;
                case RUNNING -> Closing.FIRST;
                case CLOSING, OVER -> Closing.LATER;
            };
            if (found == Closing.NEVER_RAN) {
                state = State.OVER;
            } else if (found == Closing.FIRST) {
                state = State.CLOSING;
                endBy = now + LINGER_NANOS;
            }
            return found;
        } finally {
            lock.unlock();
        }
    }

    /** Ends at once, for an error of ours; true for the first one. */
    boolean fail(Throwable cause) {
        lock.lock();
        try {
            final boolean first = failure == null && state != State.OVER;
            if (first) {
                failure = cause;
            }
            state = State.OVER;
            return first;
        } finally {
            lock.unlock();
        }
    }

    /** Whether it is time to stop waiting for stragglers. */
    boolean isLingeringOver(long now) {
        lock.lock();
        try {
            return state == State.CLOSING && now >= endBy;
        } finally {
            lock.unlock();
        }
    }

    /** When waiting ends; {@link TimerWheel#NEVER} unless it is closing. */
    long endBy() {
        lock.lock();
        try {
            return state == State.CLOSING ? endBy : TimerWheel.NEVER;
        } finally {
            lock.unlock();
        }
    }

    void end() {
        lock.lock();
        try {
            state = State.OVER;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the application must not ask for anything any more. */
    boolean isClosing() {
        return state == State.CLOSING || state == State.OVER;
    }

    /** Whether the threads are to end. */
    boolean isOver() {
        return state == State.OVER;
    }

    @Nullable
    Throwable failure() {
        lock.lock();
        try {
            return failure;
        } finally {
            lock.unlock();
        }
    }

    /** To be asked once by each when it ends: whether the other has ended already. */
    boolean isLastToEnd() {
        return running.decrementAndGet() == 0;
    }

    /** One of them has ended. */
    void released() {
        released.countDown();
    }

    /** Waits until all have ended, but not for long. */
    void awaitRelease() {
        try {
            if (!released.await(MAX_WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
                LOG.warn("the engine has not ended yet; perhaps a handler on a direct executor blocks it");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
