package dev.cutlass.proto.message;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Messages of one channel that cannot be delivered yet, in ascending order of their numbers: an array with room at both ends. They come nearly in order, so that mostly nothing is moved;
 * one in the middle moves the shorter side. Flow control limits how many there are. Threads: none.
 */
final class Scattered {
    private static final @Nullable Inbound[] NOTHING = {};

    private static final int SMALLEST = 4;

    private @Nullable Inbound[] items = NOTHING;
    private int head;
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    /** The one with the lowest number; null if there is none. */
    @Nullable
    Inbound first() {
        return size == 0 ? null : at(0);
    }

    @Nullable
    Inbound get(long number) {
        final int index = indexFrom(number);
        return index < size && at(index).number() == number ? at(index) : null;
    }

    /** @param message whose number is not here */
    void add(Inbound message) {
        final int index = indexFrom(message.number());
        if (head == 0 || head + size == items.length) {
            makeRoom();
        }
        if (index < size - index) {
            System.arraycopy(items, head, items, head - 1, index);
            head--;
        } else {
            System.arraycopy(items, head + index, items, head + index + 1, size - index);
        }
        items[head + index] = message;
        size++;
    }

    void removeFirst() {
        items[head++] = null;
        size--;
        if (size == 0) {
            head = items.length / 2;
        }
    }

    void removeIf(Predicate<Inbound> goes) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            final Inbound message = at(i);
            if (!goes.test(message)) {
                items[head + kept++] = message;
            }
        }
        for (int i = kept; i < size; i++) {
            items[head + i] = null;
        }
        size = kept;
    }

    /** Gives back memory if it is empty. */
    void trim() {
        if (size == 0) {
            items = NOTHING;
            head = 0;
        }
    }

    /** The index of the first whose number is at least {@code number}. */
    private int indexFrom(long number) {
        int low = 0;
        int high = size;
        if (size > 0 && at(size - 1).number() < number) {
            return size; // the usual case
        }
        while (low < high) {
            final int middle = (low + high) >>> 1;
            if (at(middle).number() < number) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private Inbound at(int index) {
        final Inbound message = items[head + index];
        if (message == null) {
            throw new AssertionError("beyond " + size);
        }
        return message;
    }

    /** At both ends, so that whoever adds at one of them seldom comes back. */
    private void makeRoom() {
        final int capacity = Math.max(SMALLEST, size <= items.length / 2 ? items.length : 2 * items.length);
        final @Nullable Inbound[] roomy = capacity == items.length ? items : new @Nullable Inbound[capacity];
        final int newHead = (capacity - size) / 2;
        System.arraycopy(items, head, roomy, newHead, size);
        if (roomy == items) {
            for (int i = head; i < head + size; i++) {
                if (i < newHead || i >= newHead + size) {
                    items[i] = null;
                }
            }
        }
        items = roomy;
        head = newHead;
    }
}
