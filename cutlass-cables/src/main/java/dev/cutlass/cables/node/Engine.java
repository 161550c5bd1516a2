package dev.cutlass.cables.node;

import dev.cutlass.cables.address.MessageId;
import dev.cutlass.cables.exchange.ExchangeTools;
import dev.cutlass.cables.exchange.IncomingSteps;
import dev.cutlass.cables.exchange.Limits;
import dev.cutlass.cables.exchange.Next;
import dev.cutlass.cables.exchange.NodeDisk;
import dev.cutlass.cables.exchange.OutgoingSteps;
import dev.cutlass.cables.exchange.Remote;
import dev.cutlass.cables.exchange.Requests;
import dev.cutlass.cables.mailbox.Mailbox;
import dev.cutlass.cables.pki.OwnKeys;
import dev.cutlass.cables.queue.Books;
import dev.cutlass.cables.queue.MessageLocks;
import dev.cutlass.cables.queue.MessageQueue;
import dev.cutlass.cables.queue.Volume;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node without its services: visits messages when they are due and answers requests. Any thread. */
public final class Engine implements AutoCloseable {
    /** Messages that are visited at a time: mostly they wait for the network. Cables protocol section 12. */
    static final int MAX_WORKERS = 100;

    /** Of those, so many compute at a time. */
    private static final int MAX_COMPUTING = 2;

    /** For visits to end: what they write takes milliseconds, what they compute a second. */
    private static final long STOP_SECONDS = 5;

    /** Until another try to find a worker. */
    private static final long NO_WORKER_NANOS = 10_000_000;

    private static final long IDLE_WORKER_SECONDS = 30;

    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

    private final NodeListener listener;
    private final WallClock clock;
    private final LongSupplier nanos;
    private final PatientRemote remote;
    private final Requests requests;
    private final OutgoingSteps outgoingSteps;
    private final IncomingSteps incomingSteps;
    private final Scheduler scheduler;
    private final ThreadPoolExecutor workers;
    private final QueueWatch watch;
    private final Thread[] threads;

    /**
     * What an engine needs.
     *
     * @param keys of the user
     * @param volume where everything lies
     * @param outgoing messages of ours
     * @param incoming messages of others
     * @param books directory of what must be remembered
     * @param mailbox where mail goes
     * @param limits what is put up with
     * @param retry around this time a message is tried again
     * @param listener hears what happens
     * @param wall the machine's clock
     * @param nanos a clock that never jumps
     * @param random for everything
     */
    public record Parts(
            OwnKeys keys,
            Volume volume,
            MessageQueue outgoing,
            MessageQueue incoming,
            Path books,
            Mailbox mailbox,
            Limits limits,
            Duration retry,
            NodeListener listener,
            InstantSource wall,
            LongSupplier nanos,
            SecureRandom random) {}

    /** Reads the books; nothing happens until {@link #start}. */
    public Engine(Parts parts, Remote network) throws IOException {
        this.listener = parts.listener();
        this.nanos = parts.nanos();
        this.clock =
                new WallClock(parts.wall(), nanos, parts.limits().maxAge().dividedBy(2), parts.listener()::clockJumped);
        this.remote = new PatientRemote(network, MAX_COMPUTING);
        final NodeDisk disk = new NodeDisk(
                parts.outgoing(),
                parts.incoming(),
                new MessageLocks(),
                new MessageLocks(),
                Books.open(parts.volume(), parts.books()));
        final KeyStock keyStock = new KeyStock(parts.random());
        final Mailbox mailbox = new Noticing(parts.mailbox(), listener);
        this.workers = workers();
        this.scheduler = new Scheduler(disk, parts.retry(), parts.random(), nanos, clock, listener, this::visit);
        this.watch = new QueueWatch(parts.outgoing().root(), parts.incoming().root(), scheduler::wake);
        this.scheduler.haste(watch::isWatching);
        this.requests = new Requests(parts.keys(), disk, parts.limits(), new Requests.Wake() {
            @Override
            public void outgoing(MessageId id) {
                scheduler.wake(new Visit(id, true));
            }

            @Override
            public void incoming(MessageId id) {
                scheduler.wake(new Visit(id, false));
            }
        });
        final ExchangeTools tools =
                new ExchangeTools(parts.keys(), disk, remote, mailbox, parts.limits(), parts.random(), keyStock);
        this.outgoingSteps = new OutgoingSteps(tools);
        this.incomingSteps = new IncomingSteps(tools);
        this.threads = new Thread[] {
            thread("scheduler", scheduler), thread("watcher", watch), thread("keys", keyStock),
        };
    }

    private Thread thread(String role, Runnable loop) {
        final Thread thread = new Thread(
                () -> {
                    try {
                        loop.run();
                    } catch (Throwable t) { // the edge of a thread is the one place that catches all
                        fail(t);
                    }
                },
                "cutlass-cables-" + role);
        thread.setDaemon(true);
        return thread;
    }

    private static ThreadPoolExecutor workers() {
        final AtomicInteger count = new AtomicInteger();
        return new ThreadPoolExecutor(
                0, MAX_WORKERS, IDLE_WORKER_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), work -> {
                    final Thread thread = new Thread(work, "cutlass-cables-worker-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** The time as messages have it. */
    public InstantSource clock() {
        return clock;
    }

    /** Answers peers. */
    public Requests requests() {
        return requests;
    }

    /** Starts its threads. */
    public void start() {
        for (Thread thread : threads) {
            thread.start();
        }
    }

    /** A message of ours was just put into the queue. */
    public void submitted(MessageId id) {
        scheduler.wake(new Visit(id, true));
    }

    /** The scheduler found a message due and has a worker for it. */
    private void visit(Visit visit) {
        try {
            workers.execute(() -> work(visit));
        } catch (RejectedExecutionException e) { // the last worker is just ending its visit, or the node stops
            scheduler.visited(visit, NO_WORKER_NANOS);
        }
    }

    private void work(Visit visit) {
        long delay = Schedule.NEVER;
        try {
            delay = visitNow(visit);
        } catch (Throwable t) { // the edge of a thread
            fail(t);
        } finally {
            scheduler.visited(visit, delay);
        }
    }

    /** Nanoseconds until the next visit; {@link Schedule#NEVER} for the timer. */
    private long visitNow(Visit visit) {
        remote.enter();
        try {
            final Next next = visit.isOurs()
                    ? outgoingSteps.visit(visit.id(), clock.instant())
                    : incomingSteps.visit(visit.id(), clock.instant());
            return next.isTimer() ? Schedule.NEVER : next.delay().toNanos();
        } catch (IOException e) {
            LOG.warn("message {}: the disk does not do: {}; it is tried again", visit.id(), e.toString());
            listener.diskTrouble(e.toString());
        } catch (RuntimeException e) {
            // A defect of ours that one message brings out must not keep the others from being delivered.
            LOG.error("message {}: a defect; it is tried again", visit.id(), e);
        } finally {
            remote.leave();
        }
        return Schedule.NEVER;
    }

    private void fail(Throwable why) {
        LOG.error("the node stops", why);
        scheduler.stop();
        listener.failed(why);
    }

    /** Begins no more visits, ends those that wait for the network, and lets those that write end. Waits some seconds. */
    @Override
    public void close() {
        scheduler.stop();
        remote.stop();
        workers.shutdown();
        try {
            watch.close();
            for (Thread thread : threads) {
                thread.interrupt();
            }
            final long end = nanos.getAsLong() + TimeUnit.SECONDS.toNanos(STOP_SECONDS);
            if (!workers.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("some visits did not end in time; nothing is lost by that");
            }
            for (Thread thread : threads) {
                thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - nanos.getAsLong())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.warn("the watcher did not close: {}", e.toString());
        }
    }
}
