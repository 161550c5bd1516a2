package dev.cutlass.proto.message;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Messages of one channel that are not released, in ascending order of their numbers: a ring that grows by doubling. Most are released in order, and then nothing is searched and nothing is moved;
 * one that is released out of order leaves a gap until it is the oldest, or until half are gaps.
 */
final class OpenMessages {
    private static final Outgoing[] NOTHING = {};

    private static final int SMALLEST = 4;

    /** So many gaps cost less than to close them. */
    private static final int FEW_GAPS = 16;

    private @Nullable Outgoing[] ring = NOTHING;
    private int head;
    private int size;
    private int gaps;

    boolean isEmpty() {
        return size == 0;
    }

    /** The one with the lowest number; null if there is none. */
    @Nullable
    Outgoing first() {
        return size == 0 ? null : at(0);
    }

    /** @param message has a number above all that were ever here */
    void add(Outgoing message) {
        if (size == ring.length) {
            resize(Math.max(SMALLEST, 2 * size));
        }
        ring[slot(size++)] = message;
    }

    @Nullable
    Outgoing get(long number) {
        final int index = indexFrom(number);
        if (index == size) {
            return null;
        }
        final Outgoing found = at(index);
        return found.number() == number && !found.isReleased() ? found : null;
    }

    /** The one with the lowest number that is at least {@code number}; null if there is none. */
    @Nullable
    Outgoing from(long number) {
        for (int i = indexFrom(number); i < size; i++) {
            if (!at(i).isReleased()) {
                return at(i);
            }
        }
        return null;
    }

    /** All of them, in order; a copy. */
    List<Outgoing> all() {
        final List<Outgoing> found = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            if (!at(i).isReleased()) {
                found.add(at(i));
            }
        }
        return found;
    }

    /** Does nothing if it was removed already. */
    void remove(Outgoing message) {
        if (message.isReleased()) {
            return;
        }
        message.release();
        gaps++;
        while (size > 0 && at(0).isReleased()) {
            ring[head] = null;
            head = slot(1);
            size--;
            gaps--;
        }
        if (size == 0) {
            head = 0;
        } else if (gaps > FEW_GAPS && gaps > size / 2) {
            resize(ring.length);
        }
    }

    /** Gives back memory if it is empty. */
    void trim() {
        if (size == 0) {
            ring = NOTHING;
            head = 0;
        }
    }

    /** Places, for tests. */
    int capacity() {
        return ring.length;
    }

    /** The index of the first whose number is at least {@code number}. */
    private int indexFrom(long number) {
        if (size == 0 || number <= at(0).number()) {
            return 0;
        }
        final long farthest = number - at(0).number(); // without gaps it stands just there
        int high = (int) Math.min(size, farthest);
        if (farthest < size && at(high).number() == number) {
            return high;
        }
        int low = 0;
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

    private Outgoing at(int index) {
        final Outgoing message = ring[slot(index)];
        if (message == null) {
            throw new AssertionError("beyond " + size);
        }
        return message;
    }

    private int slot(int index) {
        return (head + index) & (ring.length - 1); // lengths are powers of two
    }

    /** Without gaps. */
    private void resize(int capacity) {
        final @Nullable Outgoing[] moved = new @Nullable Outgoing[capacity];
        int count = 0;
        for (int i = 0; i < size; i++) {
            if (!at(i).isReleased()) {
                moved[count++] = at(i);
            }
        }
        ring = moved;
        head = 0;
        size = count;
        gaps = 0;
    }
}
