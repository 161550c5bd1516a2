package dev.cutlass.cables.node;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread "cutlass-cables-events": runs an application's code, in order, away from ours. What does not fit into its queue is dropped: all that is told can be seen in the mailbox and the queues too. Any thread.
 */
public final class EventThread implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventThread.class);
    private static final int CAPACITY = 1_000;
    private static final long STOP_SECONDS = 2;

    private final ThreadPoolExecutor executor = new ThreadPoolExecutor(
            1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(CAPACITY), EventThread::daemon, EventThread::dropped);

    /** Starts with the first event. */
    public EventThread() {
        // nothing to do
    }

    private static Thread daemon(Runnable work) {
        final Thread thread = new Thread(work, "cutlass-cables-events");
        thread.setDaemon(true);
        return thread;
    }

    private static void dropped(Runnable event, ThreadPoolExecutor executor) {
        if (!executor.isShutdown()) {
            LOG.warn("an event is dropped: the listener is too slow");
        }
    }

    /** Runs it when those before it have ended. */
    public void tell(Runnable event) {
        executor.execute(() -> {
            try {
                event.run();
            } catch (RuntimeException e) {
                LOG.warn("the listener threw", e);
            }
        });
    }

    /** Runs what waits, for some seconds. */
    @Override
    public void close() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
