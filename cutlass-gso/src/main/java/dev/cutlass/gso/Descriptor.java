package dev.cutlass.gso;

import java.lang.foreign.Arena;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A file descriptor that is closed once nobody uses it any more: the system gives its number to the next who opens something, whom a call that is late would hit. Any thread.
 */
final class Descriptor {
    /** Added to the number of users by {@link #close}. */
    private static final int CLOSED = Integer.MIN_VALUE;

    /** Only between {@link #acquire} and {@link #release}. */
    final int number;

    private final AtomicInteger users = new AtomicInteger();

    Descriptor(int number) {
        this.number = number;
    }

    /** True: it stays open until {@link #release}. False: it is closed. */
    boolean acquire() {
        for (int now = users.get(); now >= 0; now = users.get()) {
            if (users.compareAndSet(now, now + 1)) {
                return true;
            }
        }
        return false;
    }

    void release() {
        if (users.decrementAndGet() == CLOSED) {
            closeNow();
        }
    }

    /** Idempotent. */
    void close() {
        for (int now = users.get(); now >= 0; now = users.get()) {
            if (users.compareAndSet(now, now + CLOSED)) {
                if (now == 0) {
                    closeNow();
                }
                return;
            }
        }
    }

    boolean isClosed() {
        return users.get() < 0;
    }

    private void closeNow() {
        try (Arena arena = Arena.ofConfined()) {
            Libc.close(
                    arena.allocate(Libc.ERRNO_SIZE), number); // an error of a datagram socket's end is of use to nobody
        }
    }
}
