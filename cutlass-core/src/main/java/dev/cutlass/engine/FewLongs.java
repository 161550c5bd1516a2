package dev.cutlass.engine;

import java.util.Arrays;
import java.util.function.LongConsumer;

/** A handful of different numbers, in the order in which they came; a connection has several of these, which must not cost much while they are small or empty. Threads: none. */
final class FewLongs {
    private static final long[] NOTHING = {};

    private long[] values = NOTHING;

    /** Does nothing if it is there already. */
    void add(long value) {
        if (indexOf(value) < 0) {
            values = Arrays.copyOf(values, values.length + 1);
            values[values.length - 1] = value;
        }
    }

    /** Does nothing if it is not there. */
    void remove(long value) {
        final int index = indexOf(value);
        if (index >= 0) {
            final long[] fewer = values.length == 1 ? NOTHING : Arrays.copyOf(values, values.length - 1);
            System.arraycopy(values, index + 1, fewer, index, fewer.length - index);
            values = fewer;
        }
    }

    private int indexOf(long value) {
        for (int i = 0; i < values.length; i++) {
            if (values[i] == value) {
                return i;
            }
        }
        return -1;
    }

    void forEach(LongConsumer action) {
        for (long value : values) {
            action.accept(value);
        }
    }

    int size() {
        return values.length;
    }
}
