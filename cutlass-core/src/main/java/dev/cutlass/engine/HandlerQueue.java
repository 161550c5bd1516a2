package dev.cutlass.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.proto.message.LazyQueue;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What waits for the handlers, of one peer or of none in particular; the bulk of a peer has a queue of its own. One at a time, in order. Bounded: a message that finds {@value #MESSAGES} others, of bulk {@value #BULK_MESSAGES}, is not
 * taken, so no receipt goes out and flow control slows its sender down; when there is room again it is offered anew. Other events have {@value #NOTICES}
 * places of their own; beyond them they are lost, counted and logged, for nobody could slow them down.
 */
final class HandlerQueue implements Runnable {
    static final int MESSAGES = 256;
    static final int NOTICES = 128;

    /** Of bulk, whose messages are long: 4 MiB at most. */
    static final int BULK_MESSAGES = 64;

    /** Handlers of one peer leave the thread to others after so many events. Above both capacities, so that a direct executor hardly ever nests. */
    private static final int TURN = 1_024;

    /** So many events are taken out at once; they no longer count as waiting. */
    private static final int BATCH = 16;

    private static final CutlassEvent[] NOTHING = {};

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

    /** Something was offered since the last {@link #dispatch}: whoever offered it sees that without the lock. */
    private volatile boolean offered;

    /** Who drains has to say so; only he looks at it. */
    private boolean hasRoomAgain;

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
            offered = true;
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
                offered = true;
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
        if (!offered) {
            return; // the usual case, without the lock
        }
        lock.lock();
        try {
            offered = false;
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
            executor.executor().execute(this); // no object for each message
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

    /** Has events handled, one after the other: only from {@link #execute}. */
    @Override
    public void run() {
        for (int handled = 0; handled < TURN; ) {
            final CutlassEvent[] batch = next();
            if (batch.length == 0) {
                return;
            }
            if (hasRoomAgain) {
                hasRoomAgain = false;
                onRoom.run();
            }
            for (CutlassEvent event : batch) {
                executor.handle(event);
            }
            handled += batch.length;
        }
        execute();
    }

    /** Empty, and nobody drains any more, if nothing waits. */
    private CutlassEvent[] next() {
        lock.lock();
        try {
            final CutlassEvent[] batch =
                    waiting.isEmpty() ? NOTHING : new CutlassEvent[Math.min(BATCH, waiting.size())];
            for (int i = 0; i < batch.length; i++) {
                batch[i] = waiting.remove();
                messages -= isMessage(batch[i]) ? 1 : 0;
            }
            if (batch.length == 0) {
                scheduled = false;
                waiting.trim();
            } else if (refused && messages <= capacity / 2) { // so that a slow handler costs no exchange per message
                refused = false;
                hasRoomAgain = true;
            }
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private static boolean isMessage(CutlassEvent event) {
        return event instanceof CutlassEvent.MessageReceived || event instanceof CutlassEvent.ChannelMessageReceived;
    }
}
