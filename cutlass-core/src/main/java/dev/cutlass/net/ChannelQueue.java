package dev.cutlass.net;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Channels that are to be registered with, or closed and taken out of, the selector, which only the listener touches. Bounded: each channel is in it twice at most. Any
 * thread offers, the listener drains.
 */
final class ChannelQueue {
    private final ConcurrentLinkedQueue<PortChannel> changes = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final int capacity;

    ChannelQueue(int capacity) {
        this.capacity = capacity;
    }

    /** False if there are too many changes that the listener has not seen yet. */
    boolean offer(PortChannel channel) {
        if (size.incrementAndGet() > capacity) {
            size.decrementAndGet();
            return false;
        }
        return changes.add(channel);
    }

    /** The next change; null if there is none. */
    @Nullable
    PortChannel poll() {
        final PortChannel channel = changes.poll();
        if (channel != null) {
            size.decrementAndGet();
        }
        return channel;
    }
}
