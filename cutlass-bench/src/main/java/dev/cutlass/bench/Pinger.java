package dev.cutlass.bench;

import dev.cutlass.Cutlass;
import dev.cutlass.CutlassBuilder;
import dev.cutlass.Peer;
import dev.cutlass.PeerAddress;
import dev.cutlass.crypto.Identity;
import dev.cutlass.event.Message;
import java.io.IOException;
import java.net.InetAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** An engine that sends messages to one that echoes them. Its measuring methods: one thread at a time, one after the other. */
final class Pinger implements AutoCloseable {
    private final Identity identity;
    private final Cutlass cutlass;
    private final Peer peer;
    private final Message message;

    /** Volatile: set by the measuring thread before it sends, read by whoever handles the echo. */
    private volatile @Nullable Runnable onEcho;

    /** @param executor null: the engine's own */
    Pinger(PeerAddress echo, int length, @Nullable Executor executor) throws IOException {
        identity = Identity.generate();
        message = Message.bytes("application/octet-stream", new byte[length]);
        final CutlassBuilder builder = Cutlass.builder()
                .identity(identity)
                .bind(InetAddress.getLoopbackAddress())
                .anyPort()
                .onMessage((from, received) -> handle());
        if (executor != null) {
            builder.handlerExecutor(executor);
        }
        cutlass = builder.start();
        peer = cutlass.connect(echo).join();
    }

    private void handle() {
        final Runnable action = onEcho;
        if (action != null) {
            action.run();
        }
    }

    /** Each echo's handler sends the next message. */
    Samples byHandler(int count) throws InterruptedException {
        final Samples samples = new Samples(count);
        final CountDownLatch done = new CountDownLatch(1);
        final long[] sentAt = new long[1];
        onEcho = () -> {
            final long now = System.nanoTime();
            samples.add(now - sentAt[0]);
            if (samples.count() == count) {
                done.countDown();
            } else {
                sentAt[0] = System.nanoTime();
                peer.send(message);
            }
        };
        sentAt[0] = System.nanoTime();
        peer.send(message);
        done.await();
        return samples;
    }

    /** A thread sends, sleeps until the handler has the echo, and sends again. */
    Samples byWaitingCaller(int count) {
        final Samples samples = new Samples(count);
        final Echo echo = new Echo(Thread.currentThread());
        onEcho = echo::came;
        for (int i = 0; i < count; i++) {
            final long start = System.nanoTime();
            peer.send(message);
            echo.await();
            samples.add(System.nanoTime() - start);
        }
        return samples;
    }

    /** A thread sends and waits for the receipt. */
    Samples byReceipt(int count) {
        final Samples samples = new Samples(count);
        onEcho = null;
        for (int i = 0; i < count; i++) {
            final long start = System.nanoTime();
            peer.send(message).join();
            samples.add(System.nanoTime() - start);
        }
        return samples;
    }

    @Override
    public void close() {
        cutlass.close();
        identity.close();
    }

    /** Wakes a thread that waits for one echo at a time. */
    static final class Echo {
        private final Thread waiter;
        private volatile boolean here;

        Echo(Thread waiter) {
            this.waiter = waiter;
        }

        void came() {
            here = true;
            LockSupport.unpark(waiter);
        }

        void await() {
            while (!here) {
                LockSupport.park(this);
            }
            here = false;
        }
    }
}
