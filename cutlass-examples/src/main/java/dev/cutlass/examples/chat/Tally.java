package dev.cutlass.examples.chat;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.TimeUnit;

/** Counts what was sent and what became of it. Any thread. */
final class Tally {
    @GuardedBy("this")
    private long open;

    @GuardedBy("this")
    private long failed;

    synchronized void sent() {
        open++;
    }

    synchronized void settled(boolean delivered) {
        open--;
        if (!delivered) {
            failed++;
        }
        notifyAll();
    }

    /** Messages without an outcome. */
    synchronized long open() {
        return open;
    }

    synchronized long failed() {
        return failed;
    }

    /** Waits until fewer than {@code limit} messages are without an outcome; false if they still are after {@code seconds}. */
    synchronized boolean awaitFewerThan(long limit, long seconds) throws InterruptedException {
        final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (open >= limit) {
            final long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }
}
