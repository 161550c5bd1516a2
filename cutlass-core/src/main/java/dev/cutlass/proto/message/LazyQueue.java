package dev.cutlass.proto.message;

import java.util.AbstractQueue;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * A queue that takes next to no memory while it is empty and {@link #trim} was called: a connection has several, and most rest most of the time. (An {@link ArrayDeque} never gets
 * smaller.) Unbounded: who adds sees to a limit. Threads: none.
 */
public final class LazyQueue<E> extends AbstractQueue<E> {
    private static final int FIRST_CAPACITY = 4;

    private @Nullable ArrayDeque<E> items;

    @Override
    public boolean offer(E item) {
        ArrayDeque<E> present = items;
        if (present == null) {
            present = new ArrayDeque<>(FIRST_CAPACITY);
            items = present;
        }
        return present.offer(item);
    }

    @Override
    public @Nullable E poll() {
        return items == null ? null : items.poll();
    }

    @Override
    public @Nullable E peek() {
        return items == null ? null : items.peek();
    }

    /** Without an iterator: every message that is settled comes by here. */
    @Override
    public boolean remove(Object item) {
        return items != null && items.remove(item);
    }

    @Override
    public int size() {
        return items == null ? 0 : items.size();
    }

    @Override
    public Iterator<E> iterator() {
        return items == null ? Collections.emptyIterator() : items.iterator();
    }

    /** Gives back memory if it is empty. */
    public void trim() {
        if (items != null && items.isEmpty()) {
            items = null;
        }
    }
}
