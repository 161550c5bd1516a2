package dev.cutlass.engine;

import dev.cutlass.engine.qlog.QlogTrace;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Carries the records of a qlog to a stream, on a thread of its own, because the stream may block and whoever moves packets must not. What comes faster than the stream takes it, or beyond
 * the limit, is left out, and the qlog says so at its end.
 */
final class QlogOutput implements Closeable {
    /** Records that wait, some hundred bytes each: a moment at the highest rates. */
    private static final int MAX_WAITING = 8_192;

    /** Says that nothing follows. */
    private static final byte[] END = {};

    private final OutputStream out;
    private final long maxBytes;
    private final Runnable detach;
    private final BlockingQueue<byte[]> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private final Thread writer = new Thread(this::write, "cutlass-qlog");

    /** Volatile: the connection's threads count under the peer's lock, the writer reads after the end. */
    private volatile long dropped;

    /** Written by the writer, read after it has ended. */
    private @Nullable IOException failure;

    /** @param detach ends the calls of {@link #offer} */
    QlogOutput(OutputStream out, long maxBytes, Runnable detach) {
        this.out = out;
        this.maxBytes = maxBytes;
        this.detach = detach;
        writer.setDaemon(true);
    }

    void start() {
        writer.start();
    }

    /** One caller at a time: under the peer's lock. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer at a time
    void offer(byte[] record) {
        if (!waiting.offer(record)) {
            dropped++;
        }
    }

    private void write() {
        long written = 0;
        long cut = 0;
        try {
            for (byte[] record = waiting.take(); record != END; record = waiting.take()) {
                if (failure != null || cut > 0 || written + record.length > maxBytes) {
                    cut++;
                } else {
                    written += record.length;
                    tryWrite(record);
                }
            }
            if (cut + dropped > 0) {
                tryWrite(QlogTrace.warning((cut + dropped) + " records are missing: "
                        + (cut > 0 ? "the limit was " + maxBytes + " bytes" : "the stream was too slow")));
            }
            if (failure == null) {
                out.flush();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (IOException failed) {
            failure = failed;
        }
    }

    private void tryWrite(byte[] record) {
        try {
            if (failure == null) {
                out.write(record);
            }
        } catch (IOException failed) {
            failure = failed;
        }
    }

    /** Waits until all is written; leaves the stream open. Again: does nothing. */
    @Override
    public void close() throws IOException {
        detach.run();
        try {
            if (writer.isAlive()) {
                waiting.put(END);
            }
            writer.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the qlog was written");
        }
        if (failure != null) {
            throw failure;
        }
    }
}
