package dev.cutlass.bench.compare;

import dev.cutlass.bench.Samples;
import java.io.EOFException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A client of a library that calls back with what came. */
abstract class CallbackClient implements Contender.Client {
    /** Longer than any library needs to empty its queues, also onto a link that loses much; then something was lost. Less than {@link ContenderPair} waits. */
    static final long PATIENCE_SECONDS = 50;

    private static final int EXPECTED = 1 << 16;

    /** As large as all take in one message. */
    private static final int FILE_PART = 60_000;

    /** Volatile: set by the measuring thread before it sends, read where answers come in. */
    private volatile Consumer<byte[]> onAnswer = answer -> {};

    /** Sends one, or keeps it until {@link #flush}. On the measuring thread waits while the library wants no more; from {@link #arrived} there is never one before it. */
    abstract void send(byte[] message) throws Exception;

    /** Sends what was kept. */
    abstract void flush() throws Exception;

    /** Called by the library, in order. */
    final void arrived(byte[] message) {
        onAnswer.accept(message);
    }

    @Override
    public final Contender.Rate flood(int length, long nanos) throws Exception {
        final CompletableFuture<Long> told = new CompletableFuture<>();
        onAnswer = answer -> told.complete(Sink.told(answer));
        final byte[] message = Sink.count(length);
        final long start = System.nanoTime();
        final int batch = Sink.batch(length);
        long sent = 0;
        do {
            for (int i = 0; i < batch; i++) {
                send(message);
            }
            sent += batch;
        } while (System.nanoTime() - start < nanos);
        send(Sink.tell());
        flush();
        Sink.checkAll(sent, told.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
        return new Contender.Rate(sent, System.nanoTime() - start);
    }

    @Override
    public final Samples roundTrips(int length, long nanos) throws Exception {
        final Samples samples = new Samples(EXPECTED);
        final CompletableFuture<Void> done = new CompletableFuture<>();
        final byte[] message = Sink.echo(length);
        final long end = System.nanoTime() + nanos;
        final long[] sentAt = new long[1];
        onAnswer = answer -> {
            final long now = System.nanoTime();
            samples.add(now - sentAt[0]);
            if (now - end >= 0) {
                done.complete(null);
                return;
            }
            try {
                sentAt[0] = System.nanoTime();
                send(message);
                flush();
            } catch (Exception e) {
                done.completeExceptionally(e);
            }
        };
        sentAt[0] = System.nanoTime();
        send(message);
        flush();
        done.get(TimeUnit.NANOSECONDS.toSeconds(nanos) + PATIENCE_SECONDS, TimeUnit.SECONDS);
        return samples;
    }

    /** Sends a file; returns when the other side has it on the disk. */
    final void sendFile(Path from, Path to) throws Exception {
        final CompletableFuture<Long> told = new CompletableFuture<>();
        onAnswer = answer -> told.complete(Sink.told(answer));
        send(Sink.beginFile(to));
        long sent = 0;
        try (FileChannel in = FileChannel.open(from)) {
            final long length = in.size();
            while (sent < length) {
                final byte[] message = Sink.file((int) Math.min(FILE_PART, length - sent));
                final ByteBuffer content = ByteBuffer.wrap(message, 1, message.length - 1);
                while (content.hasRemaining()) {
                    if (in.read(content) < 0) {
                        throw new EOFException(from + " has become shorter");
                    }
                }
                send(message);
                sent += message.length - 1;
            }
        }
        send(Sink.endFile());
        flush();
        Sink.checkAll(sent, told.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
    }
}
