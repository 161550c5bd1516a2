package dev.cutlass.cables.onion;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.cutlass.cables.pki.OnionKey;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Keeps an onion service in a Tor that may come and go. Any thread. */
public final class OnionService implements AutoCloseable {
    /** Between two attempts: at first, then twice as long each time, to the last. */
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    private static final Duration LAST_PAUSE = Duration.ofMinutes(1);

    private static final long END_MILLIS = 2_000;

    /** Hears of it, on the thread of the service; what blocks holds it up. */
    public interface Listener {
        /**
         * The service is there, or is not.
         *
         * @param why it is not; for a person
         */
        void onionService(boolean isUp, String why);
    }

    private final InetSocketAddress control;
    private final OnionKey key;
    private final InetSocketAddress target;
    private final SecureRandom random;
    private final Listener listener;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ending = lock.newCondition();

    @GuardedBy("lock")
    private boolean isClosed;

    @GuardedBy("lock")
    private @Nullable TorControl connection;

    private OnionService(
            InetSocketAddress control, OnionKey key, InetSocketAddress target, SecureRandom random, Listener listener) {
        this.control = control;
        this.key = key;
        this.target = target;
        this.random = random;
        this.listener = listener;
        this.thread = new Thread(this::run, "cutlass-cables-onion");
        thread.setDaemon(true);
    }

    /**
     * Begins.
     *
     * @param control Tor's control port, on this machine: the key goes there in clear
     * @param key owned from now on
     * @param target where requests go
     * @throws IllegalArgumentException if the control port is on another machine
     */
    public static OnionService start(
            InetSocketAddress control, OnionKey key, InetSocketAddress target, SecureRandom random, Listener listener) {
        if (control.isUnresolved() || !control.getAddress().isLoopbackAddress()) {
            throw new IllegalArgumentException(
                    "tor-control: an address of this machine is wanted, as 127.0.0.1:9051, not "
                            + control.getHostString() + ":" + control.getPort()
                            + ": the onion service's key goes there in clear");
        }
        final OnionService service = new OnionService(control, key, target, random, listener);
        service.thread.start();
        return service;
    }

    private void run() {
        Duration pause = FIRST_PAUSE;
        String told = "";
        while (true) {
            String why;
            try (TorControl tor = TorControl.connect(control)) {
                if (!isKept(tor)) {
                    return;
                }
                tor.authenticate(random);
                tor.addOnion(key, target);
                listener.onionService(true, "");
                pause = FIRST_PAUSE;
                told = "";
                tor.awaitEnd();
                why = "Tor ended the connection";
            } catch (IOException e) {
                why = String.valueOf(e.getMessage());
            }
            if (!isOpenAfter(Duration.ZERO)) {
                return;
            }
            if (!why.equals(told)) {
                listener.onionService(false, why);
                told = why;
            }
            if (!isOpenAfter(pause)) {
                return;
            }
            pause = pause.multipliedBy(2).compareTo(LAST_PAUSE) > 0 ? LAST_PAUSE : pause.multipliedBy(2);
        }
    }

    private boolean isKept(TorControl tor) {
        lock.lock();
        try {
            connection = tor;
            return !isClosed;
        } finally {
            lock.unlock();
        }
    }

    /** Waits, unless it is closed. */
    private boolean isOpenAfter(Duration pause) {
        lock.lock();
        try {
            connection = null;
            for (long left = pause.toNanos(); left > 0 && !isClosed; ) {
                left = ending.awaitNanos(left);
            }
            return !isClosed;
        } catch (InterruptedException e) {
            return false; // somebody ends our thread
        } finally {
            lock.unlock();
        }
    }

    /** Ends it: Tor forgets the service. Waits for a moment until it has. */
    @Override
    public void close() throws IOException {
        final TorControl open;
        lock.lock();
        try {
            isClosed = true;
            open = connection;
            ending.signalAll();
        } finally {
            lock.unlock();
        }
        if (open != null) {
            open.close();
        }
        try {
            thread.join(END_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        key.close();
    }
}
