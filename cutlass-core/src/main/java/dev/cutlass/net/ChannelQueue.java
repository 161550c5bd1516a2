package dev.cutlass.net;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

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

    void drain(Consumer<PortChannel> consumer) {
        for (PortChannel channel = changes.poll(); channel != null; channel = changes.poll()) {
            size.decrementAndGet();
            consumer.accept(channel);
        }
    }
}
