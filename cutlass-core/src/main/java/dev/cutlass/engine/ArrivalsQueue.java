package dev.cutlass.engine;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What other threads ask housekeeping to look at, in order. Bounded; when it is full the newest is not taken, and whoever brought it drops and counts it, or says so to its
 * caller. Any thread offers, housekeeping polls. Lock-free, so it has no rank.
 */
final class ArrivalsQueue<T> {
    private final ConcurrentLinkedQueue<T> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final int capacity;

    ArrivalsQueue(int capacity) {
        this.capacity = capacity;
    }

    /** False if it is full. */
    boolean offer(T item) {
        if (size.incrementAndGet() > capacity) {
            size.decrementAndGet();
            return false;
        }
        return queue.add(item);
    }

    /** Whether it grows faster than it is emptied. */
    boolean isHalfFull() {
        return size.get() > capacity / 2;
    }

    @Nullable
    T poll() {
        final T item = queue.poll();
        if (item != null) {
            size.decrementAndGet();
        }
        return item;
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }
}
