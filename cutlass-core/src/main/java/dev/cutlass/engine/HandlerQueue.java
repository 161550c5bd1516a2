package dev.cutlass.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.proto.message.LazyQueue;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What waits for the handlers, of one peer or of none in particular; the bulk of a peer has a queue of its own. One at a time, in order. Bounded: a message that finds {@value #MESSAGES} others, of bulk {@value #BULK_MESSAGES}, is not
 * taken, so no receipt goes out and flow control slows its sender down; when there is room again it is offered anew. Other events have {@value #NOTICES}
 * places of their own; beyond them they are lost, counted and logged, for nobody could slow them down.
 */
final class HandlerQueue {
    static final int MESSAGES = 256;
    static final int NOTICES = 128;

    /** Of bulk, whose messages are long: 4 MiB at most. */
    static final int BULK_MESSAGES = 64;

    /** Handlers of one peer leave the thread to others after so many events. Above both capacities, so that a direct executor hardly ever nests. */
    private static final int BATCH = 1_024;

    private static final Logger LOG = LoggerFactory.getLogger(HandlerQueue.class);

    private final RankedLock lock = new RankedLock(LockRank.EVENTS);
    private final HandlerExecutor executor;
    private final Runnable onRoom;
    private final int capacity;

    @GuardedBy("lock")
    private final LazyQueue<CutlassEvent> waiting = new LazyQueue<>();

    @GuardedBy("lock")
    private int messages;

    /** Somebody drains, or is about to. */
    @GuardedBy("lock")
    private boolean scheduled;

    @GuardedBy("lock")
    private boolean refused;

    /** @param capacity in messages */
    HandlerQueue(HandlerExecutor executor, Runnable onRoom, int capacity) {
        this.executor = executor;
        this.onRoom = onRoom;
        this.capacity = capacity;
    }

    /** A queue for bulk that tells the same one of room. */
    HandlerQueue newBulkQueue() {
        return new HandlerQueue(executor, onRoom, BULK_MESSAGES);
    }

    /** Takes a message, or says that it must wait. Runs nothing: see {@link #dispatch}. */
    boolean offerMessage(CutlassEvent message) {
        lock.lock();
        try {
            if (messages >= capacity) {
                refused = true;
                return false;
            }
            messages++;
            return waiting.add(message);
        } finally {
            lock.unlock();
        }
    }

    /** Takes an event that is no message. Runs nothing: see {@link #dispatch}. */
    void offerNotice(CutlassEvent event) {
        final boolean taken;
        lock.lock();
        try {
            taken = waiting.size() - messages < NOTICES;
            if (taken) {
                waiting.add(event);
            }
        } finally {
            lock.unlock();
        }
        if (!taken) {
            executor.noticeLost(event);
        }
    }

    /** Has what waits handled. To be called after each offer, when no lock is held. */
    void dispatch() {
        lock.lock();
        try {
            if (scheduled || waiting.isEmpty()) {
                return;
            }
            scheduled = true;
        } finally {
            lock.unlock();
        }
        execute();
    }

    private void execute() {
        try {
            executor.executor().execute(this::drain);
        } catch (RejectedExecutionException e) {
            LOG.warn("the handler executor took no more; events wait until the next one", e);
            lock.lock();
            try {
                scheduled = false;
            } finally {
                lock.unlock();
            }
        }
    }

    private void drain() {
        for (int i = 0; i < BATCH; i++) {
            final CutlassEvent event = next();
            if (event == null) {
                return;
            }
            executor.handle(event);
            if (hasRoomAgain()) {
                onRoom.run();
            }
        }
        execute();
    }

    /** Null, and nobody drains any more, if nothing waits. */
    private @Nullable CutlassEvent next() {
        lock.lock();
        try {
            final CutlassEvent event = waiting.poll();
            if (event == null) {
                scheduled = false;
                waiting.trim();
            } else if (event instanceof CutlassEvent.MessageReceived
                    || event instanceof CutlassEvent.ChannelMessageReceived) {
                messages--;
            }
            return event;
        } finally {
            lock.unlock();
        }
    }

    /** Not before half is free, so that a slow handler costs no exchange per message. */
    private boolean hasRoomAgain() {
        lock.lock();
        try {
            if (!refused || messages > capacity / 2) {
                return false;
            }
            refused = false;
            return true;
        } finally {
            lock.unlock();
        }
    }
}
