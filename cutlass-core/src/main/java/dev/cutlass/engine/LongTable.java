package dev.cutlass.engine;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Values by primitive long, open addressing. One thread at a time writes; any thread reads, without a lock and without waiting. The keys are random numbers that we drew, so nobody can
 * make them collide.
 *
 * <p>In one pair of arrays a slot gets a key at most once: first the key is written, then the value with release semantics. A removed entry leaves a mark
 * that is never used again, until everything moves to new arrays. So who reads a value and then its key reads a pair that belongs together.
 */
final class LongTable<V> {
    private static final int SMALLEST = 16;
    private static final Object REMOVED = new Object();

    /** Volatile: replaced as a whole when it gets too full. */
    private volatile Slots slots = new Slots(SMALLEST);

    /** Only the writer's own. */
    private int size;

    private static final class Slots {
        final long[] keys;
        final AtomicReferenceArray<@Nullable Object> values;

        /** Slots that ever got a key. */
        int used;

        Slots(int capacity) {
            keys = new long[capacity];
            values = new AtomicReferenceArray<>(capacity);
        }

        /** The high bits of a random number, scaled to the length, whatever that is. */
        int start(long key) {
            return (int) (((key >>> Integer.SIZE) * keys.length) >>> Integer.SIZE);
        }

        int next(int index) {
            return index + 1 == keys.length ? 0 : index + 1;
        }

        /** The slot of a key that is there, or -1. */
        int find(long key) {
            for (int i = start(key); ; i = next(i)) {
                final Object value = values.getAcquire(i);
                if (value == null) {
                    return -1;
                }
                if (keys[i] == key && value != REMOVED) {
                    return i;
                }
            }
        }

        void append(long key, Object value) {
            int i = start(key);
            while (values.getPlain(i) != null) {
                i = next(i);
            }
            keys[i] = key;
            values.setRelease(i, value);
            used++;
        }
    }

    @SuppressWarnings("unchecked") // only put writes values other than the mark, and those are V
    @Nullable
    V get(long key) {
        final Slots now = slots;
        for (int i = now.start(key); ; i = now.next(i)) {
            final Object value = now.values.getAcquire(i);
            if (value == null) {
                return null;
            }
            if (now.keys[i] == key && value != REMOVED) {
                return (V) value;
            }
        }
    }

    /** One thread at a time. */
    void put(long key, V value) {
        final int found = slots.find(key);
        if (found >= 0) {
            slots.values.setRelease(found, value);
            return;
        }
        // A quarter of the slots stays empty, so that every search ends soon.
        if (slots.used + 1 > slots.keys.length / 4 * 3) {
            rebuild();
        }
        slots.append(key, value);
        size++;
    }

    /** One thread at a time. */
    void remove(long key) {
        final int found = slots.find(key);
        if (found >= 0) {
            slots.values.setRelease(found, REMOVED);
            size--;
        }
    }

    /** One thread at a time. */
    int size() {
        return size;
    }

    /** For tests. */
    int capacity() {
        return slots.keys.length;
    }

    private void rebuild() {
        final Slots old = slots;
        // Half as large again as it must be, so that this is not done again soon; not larger, for a connection has four
        // ids.
        final Slots fresh = new Slots(Math.max(SMALLEST, 2 * (size + 1)));
        for (int i = 0; i < old.keys.length; i++) {
            final Object value = old.values.getPlain(i);
            if (value != null && value != REMOVED) {
                fresh.append(old.keys[i], value);
            }
        }
        slots = fresh;
    }
}
