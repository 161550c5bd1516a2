package dev.cutlass.cables.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.eclipse.jetty.io.Connection;

/**
 * Who is cut off, and when: Jetty only knows idle time, so a byte every few seconds would hold a connection for ever. A connection either
 * waits for a whole request or is sent an answer; each has its time. Any thread; nothing is closed under the lock, since closing calls back.
 */
final class Patience implements Connection.Listener {
    private final ServiceLimits limits;
    private final LongSupplier nanos;
    private final ReentrantLock lock = new ReentrantLock();

    /** Until when, in the order in which they began to wait: all may wait equally long, so the first is the next that is due. */
    @GuardedBy("lock")
    private final Map<Connection, Long> waiting = new LinkedHashMap<>();

    @GuardedBy("lock")
    private final Map<Connection, Long> answering = new HashMap<>();

    /**
     * For one service.
     *
     * @param nanos a clock that only ever goes forward
     */
    Patience(ServiceLimits limits, LongSupplier nanos) {
        this.limits = limits;
        this.nanos = nanos;
    }

    @Override
    public void onOpened(Connection connection) {
        Connection tooMany = null;
        lock.lock();
        try {
            if (waiting.size() + answering.size() >= limits.maxConnections()) {
                final Iterator<Connection> longest = waiting.keySet().iterator();
                tooMany = longest.hasNext() ? longest.next() : connection;
                waiting.remove(tooMany);
            }
            if (tooMany != connection) {
                waiting.put(connection, nanos.getAsLong() + limits.request().toNanos());
            }
        } finally {
            lock.unlock();
        }
        if (tooMany != null) {
            tooMany.close();
        }
    }

    @Override
    public void onClosed(Connection connection) {
        lock.lock();
        try {
            waiting.remove(connection);
            answering.remove(connection);
        } finally {
            lock.unlock();
        }
    }

    /** A whole request is there, and its answer begins. */
    void answers(Connection connection, int length) {
        final long allowed = limits.answer().toNanos() + length * 1_000_000_000L / limits.bytesPerSecond();
        lock.lock();
        try {
            waiting.remove(connection);
            answering.put(connection, nanos.getAsLong() + allowed);
        } finally {
            lock.unlock();
        }
    }

    /** The answer is read; the next request may come. */
    void waits(Connection connection) {
        lock.lock();
        try {
            if (answering.remove(connection) != null) {
                waiting.put(connection, nanos.getAsLong() + limits.request().toNanos());
            }
        } finally {
            lock.unlock();
        }
    }

    /** Cuts off whose time is up; they count as connections until they are closed. */
    void sweep() {
        final List<Connection> due = new ArrayList<>();
        lock.lock();
        try {
            final long now = nanos.getAsLong();
            for (Map.Entry<Connection, Long> next : waiting.entrySet()) {
                if (next.getValue() > now) {
                    break;
                }
                due.add(next.getKey());
            }
            answering.forEach((connection, until) -> {
                if (until <= now) {
                    due.add(connection);
                }
            });
        } finally {
            lock.unlock();
        }
        due.forEach(Connection::close);
    }

    /** Connections at the moment. */
    int connections() {
        lock.lock();
        try {
            return waiting.size() + answering.size();
        } finally {
            lock.unlock();
        }
    }
}
