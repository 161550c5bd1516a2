package dev.cutlass.engine.file;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Work of one transfer that may wait for a disk: in order, one at a time, on the handler executor. Bounded by what was asked of peers. Any thread; no lock may be held. */
final class Strand {
    private static final Logger LOG = LoggerFactory.getLogger(Strand.class);

    /** Others have a turn then. */
    private static final int TURN = 64;

    private final Executor executor;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();

    Strand(Executor executor) {
        this.executor = executor;
    }

    void run(Runnable task) {
        tasks.add(task);
        if (waiting.getAndIncrement() == 0) {
            execute();
        }
    }

    private void execute() {
        try {
            executor.execute(this::drain);
        } catch (RejectedExecutionException e) {
            LOG.debug("the engine is closed", e);
        }
    }

    private void drain() {
        for (int done = 1; ; done++) {
            final Runnable task = tasks.poll();
            if (task != null) {
                runSafely(task);
            }
            if (waiting.decrementAndGet() == 0) {
                return;
            }
            if (done == TURN) {
                execute();
                return;
            }
        }
    }

    private static void runSafely(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | AssertionError e) {
            LOG.error("work for a file failed", e);
        }
    }
}
