package dev.cutlass.proto.message;

import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Values by number of a channel, in the order in which they came. Searched from the beginning: most peers use one channel, and none more than {@link Inbox#MAX_CHANNELS}. Empty or with
 * one value it takes a fraction of a map's memory. Threads: none.
 */
final class ByChannel<V> implements Iterable<V> {
    private static final long[] NO_CHANNELS = {};
    private static final Object[] NO_VALUES = {};

    private long[] channels = NO_CHANNELS;
    private Object[] values = NO_VALUES;

    @Nullable
    V get(long channel) {
        for (int i = 0; i < channels.length; i++) {
            if (channels[i] == channel) {
                return at(i);
            }
        }
        return null;
    }

    /** Adds a value for a channel that has none. */
    void add(long channel, V value) {
        assert get(channel) == null;
        channels = Arrays.copyOf(channels, channels.length + 1);
        values = Arrays.copyOf(values, values.length + 1);
        channels[channels.length - 1] = channel;
        values[values.length - 1] = value;
    }

    int size() {
        return channels.length;
    }

    @Override
    public Iterator<V> iterator() {
        return new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < values.length;
            }

            @Override
            public V next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return at(next++);
            }
        };
    }

    @SuppressWarnings("unchecked") // only add() writes there
    private V at(int index) {
        return (V) values[index];
    }
}
