package dev.cutlass.cables.queue;

import dev.cutlass.cables.address.MessageId;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One thread at a time for each message. Striped: a map of ids would only grow, and strangers choose ids. No lock is held while anybody
 * waits for the network, so they are held for milliseconds.
 */
public final class MessageLocks {
    private static final int STRIPES = 64;

    /** How long a request waits before it says "busy". */
    private static final long PATIENCE_MILLIS = 2_000;

    private final ReentrantLock[] locks = new ReentrantLock[STRIPES];

    /** For one queue. */
    public MessageLocks() {
        Arrays.setAll(locks, any -> new ReentrantLock());
    }

    /** Takes a message's lock, which is released by closing what is returned. */
    public Held lock(MessageId id) {
        final ReentrantLock lock = lockOf(id);
        lock.lock();
        return lock::unlock;
    }

    /** Likewise, but false if somebody is at it for too long; else {@link #unlock} must follow. */
    public boolean tryLock(MessageId id) {
        try {
            return lockOf(id).tryLock(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** After {@link #tryLock}. */
    public void unlock(MessageId id) {
        lockOf(id).unlock();
    }

    private ReentrantLock lockOf(MessageId id) {
        return locks[Math.floorMod(id.hashCode(), STRIPES)];
    }

    /** A lock that is held. */
    public interface Held extends AutoCloseable {
        @Override
        void close();
    }
}
