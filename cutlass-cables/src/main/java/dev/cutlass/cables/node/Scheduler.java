package dev.cutlass.cables.node;

import dev.cutlass.cables.address.MessageId;
import dev.cutlass.cables.exchange.NodeDisk;
import dev.cutlass.cables.queue.MessageQueue;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread "cutlass-cables-scheduler": hands messages that are due to workers, and looks through the queues now and then for what nobody told it of. {@link #wake} and {@link #visited} are for any thread.
 */
final class Scheduler implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);

    /** Between two looks through the queues when somebody tells us of new messages, and when nobody does. */
    private static final Duration LOOK_SELDOM = Duration.ofSeconds(30);

    private static final Duration LOOK_OFTEN = Duration.ofSeconds(3);

    /** While the queues are away: cables protocol section 12. */
    private static final Duration FIRST_PROBE = Duration.ofSeconds(2);

    private static final Duration LAST_PROBE = Duration.ofSeconds(60);

    private final NodeDisk disk;
    private final long retryNanos;
    private final SecureRandom random;
    private final LongSupplier nanos;
    private final InstantSource clock;
    private final NodeListener listener;
    private final Consumer<Visit> worker;
    private volatile BooleanSupplier isTold = () -> false; // set once, before the thread starts

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Under the lock.
    private final Schedule schedule = new Schedule();
    private int running;
    private boolean isStopped;

    // The scheduler thread's own.
    private long nextLook;
    private boolean isAway;
    private Duration probe = FIRST_PROBE;

    Scheduler(
            NodeDisk disk,
            Duration retry,
            SecureRandom random,
            LongSupplier nanos,
            InstantSource clock,
            NodeListener listener,
            Consumer<Visit> worker) {
        this.disk = disk;
        this.retryNanos = retry.toNanos();
        this.random = random;
        this.nanos = nanos;
        this.clock = clock;
        this.listener = listener;
        this.worker = worker;
        this.nextLook = nanos.getAsLong();
    }

    /** Whether somebody tells us of new messages. */
    void haste(BooleanSupplier told) {
        isTold = told;
    }

    @Override
    public void run() {
        try {
            while (awaitDue()) {
                turn(nanos.getAsLong());
            }
        } catch (InterruptedException e) {
            LOG.debug("the scheduler stops");
        }
    }

    /** Blocks until something is due; false when the node stops. */
    private boolean awaitDue() throws InterruptedException {
        lock.lock();
        try {
            while (!isStopped) {
                final long due = running < Engine.MAX_WORKERS ? Math.min(nextLook, schedule.nextDue()) : nextLook;
                final long wait = due - nanos.getAsLong();
                if (wait <= 0) {
                    return true;
                }
                changed.awaitNanos(wait);
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** One turn: a look through the queues if it is time, and a worker for each message that is due. */
    void turn(long now) {
        if (now >= nextLook) {
            nextLook = now + look(now).toNanos();
        }
        for (Visit visit = take(now); visit != null; visit = take(now)) {
            worker.accept(visit);
        }
    }

    private @Nullable Visit take(long now) {
        lock.lock();
        try {
            if (isStopped || isAway || running >= Engine.MAX_WORKERS) {
                return null;
            }
            final Visit due = schedule.take(now);
            if (due != null) {
                running++;
            }
            return due;
        } finally {
            lock.unlock();
        }
    }

    /** Looks through both queues; how long until the next time. */
    private Duration look(long now) {
        try {
            if (!disk.outgoing().isThere() || !disk.incoming().isThere()) {
                return standBy(now);
            }
            if (isAway) {
                LOG.info("the queues are back");
                isAway = false;
                probe = FIRST_PROBE;
                listener.standby(false);
            }
            look(disk.outgoing(), true, now);
            look(disk.incoming(), false, now);
        } catch (IOException e) {
            LOG.warn("the queues cannot be looked through: {}", e.toString());
            listener.diskTrouble(e.toString());
        }
        final Duration longest = isTold.getAsBoolean() ? LOOK_SELDOM : LOOK_OFTEN;
        return Duration.ofNanos(around(Math.min(longest.toNanos(), Math.max(1, retryNanos / 2))));
    }

    private Duration standBy(long now) {
        if (!isAway) {
            LOG.warn("the queues are away; waiting for them to come back");
            isAway = true;
            listener.standby(true);
            lock.lock();
            try {
                schedule.retain(true, Set.of(), now); // all are learnt anew then
                schedule.retain(false, Set.of(), now);
            } finally {
                lock.unlock();
            }
        }
        final Duration wait = probe;
        final Duration longer = probe.multipliedBy(3).dividedBy(2);
        probe = longer.compareTo(LAST_PROBE) < 0 ? longer : LAST_PROBE;
        return wait;
    }

    private void look(MessageQueue queue, boolean ours, long now) throws IOException {
        queue.complete();
        queue.sweep(clock.instant());
        final Set<Visit> there = new HashSet<>();
        for (MessageId id : queue.ids()) {
            there.add(new Visit(id, ours));
        }
        lock.lock();
        try {
            schedule.retain(ours, there, now);
            for (Visit visit : there) {
                // Spread, so that a start is not seen as a burst of requests in the order of a directory.
                schedule.learn(visit, now, now + random.nextLong(1 + Math.min(retryNanos / 4, 1_000_000_000L)));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Half to one and a half of a time: cables protocol section 12, so that nobody is known by the pattern. */
    private long around(long time) {
        return time / 2 + random.nextLong(time + 1);
    }

    /** A message wants a visit now. */
    void wake(Visit visit) {
        lock.lock();
        try {
            schedule.wake(visit, nanos.getAsLong());
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** A visit ended; the next one is due after so many nanoseconds, or with the timer. */
    void visited(Visit visit, long delay) {
        final long now = nanos.getAsLong();
        lock.lock();
        try {
            running--;
            schedule.visited(visit, now, now + (delay == Schedule.NEVER ? around(retryNanos) : delay));
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** No more visits. */
    void stop() {
        lock.lock();
        try {
            isStopped = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
