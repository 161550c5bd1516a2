package dev.cutlass.engine;

import dev.cutlass.event.CutlassEvent;
import java.lang.reflect.InvocationTargetException;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the application's handlers: in order for each peer, at the same time for different ones, and never with a lock of the engine held. Virtual threads where the JVM has them, else
 * a cached pool of daemon threads, or what the application gave. Any thread.
 */
final class HandlerExecutor {
    private static final Logger LOG = LoggerFactory.getLogger(HandlerExecutor.class);

    private final Consumer<CutlassEvent> sink;
    private final Executor executor;

    /** Null if the executor is the application's, who ends it. */
    private final @Nullable ExecutorService own;

    /** Whether what it is given has run when it returns, on the same thread. */
    private final boolean direct;

    private final AtomicLong lostNotices = new AtomicLong();

    HandlerExecutor(Consumer<CutlassEvent> sink, @Nullable Executor given) {
        this.sink = sink;
        this.own = given == null ? newExecutor() : null;
        this.executor = given == null ? Objects.requireNonNull(own) : given;
        this.direct = given != null && runsAtOnce(given);
    }

    private static boolean runsAtOnce(Executor given) {
        final Thread self = Thread.currentThread();
        final AtomicBoolean ran = new AtomicBoolean();
        try {
            given.execute(() -> ran.set(Thread.currentThread() == self));
        } catch (RejectedExecutionException e) {
            return false;
        }
        return ran.get();
    }

    boolean isDirect() {
        return direct;
    }

    private static ExecutorService newExecutor() {
        try {
            // JDK 21 and above; reflection, because the class files are for 17.
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
            final AtomicInteger number = new AtomicInteger();
            return Executors.newCachedThreadPool(task -> {
                final Thread thread = new Thread(task, "cutlass-handler-" + number.incrementAndGet());
                thread.setDaemon(true);
                return thread;
            });
        }
    }

    /** Where handlers, and what depends on futures, run. */
    Executor executor() {
        return executor;
    }

    /** @param onRoom called, without a lock, when a queue that was full has room again */
    HandlerQueue newQueue(Runnable onRoom) {
        return new HandlerQueue(this, onRoom, HandlerQueue.MESSAGES);
    }

    /** Calls the application. */
    void handle(CutlassEvent event) {
        assert RankedLock.noneHeld() : "user code with a lock held";
        try {
            sink.accept(event);
        } catch (RuntimeException | AssertionError e) {
            LOG.error("a handler failed at {}", event.getClass().getSimpleName(), e);
        }
    }

    void noticeLost(CutlassEvent event) {
        final long lost = lostNotices.incrementAndGet();
        if (Long.bitCount(lost) == 1) { // the 1st, 2nd, 4th: a peer that provokes events must not fill the log
            LOG.warn(
                    "a handler is stuck: {} was not reported, nor were {} events before it",
                    event.getClass().getSimpleName(),
                    lost - 1);
        }
    }

    /** Events that no handler will see because the queue was full of others. */
    long lostNotices() {
        return lostNotices.get();
    }

    /** What is queued still runs; nothing is waited for, since the caller may be a handler. */
    void close() {
        if (own != null) {
            own.shutdown();
        }
    }
}
