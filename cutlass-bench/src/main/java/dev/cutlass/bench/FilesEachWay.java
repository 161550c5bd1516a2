package dev.cutlass.bench;

import dev.cutlass.Cutlass;
import dev.cutlass.FileOffer;
import dev.cutlass.FileSettings;
import dev.cutlass.Peer;
import dev.cutlass.Transfer;
import dev.cutlass.event.FilePolicy;
import dev.cutlass.event.TransferFailure;
import dev.cutlass.event.TransferState;
import dev.cutlass.spi.FileSink;
import dev.cutlass.spi.FileSource;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** A file that goes each way as fast as it can, and is kept nowhere: who is offered one takes it, and the server offers one in return. Used by the measuring thread. */
final class FilesEachWay implements AutoCloseable {
    /** More than a link of 100 Mbit/s carries in a round. */
    static final long LENGTH = 512L << 20;

    private static final String NAME = "file";
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(2);

    private final Cutlass cutlass;
    private final Transfer there;

    /** Begins; returns when both are on their way. */
    FilesEachWay(Cutlass cutlass, Peer peer, long length) throws TimeoutException {
        this.cutlass = cutlass;
        this.there = send(cutlass, peer, length);
        final long patient = System.nanoTime() + PATIENCE_NANOS;
        while (running(cutlass) < 2) {
            if (System.nanoTime() - patient > 0) {
                throw new TimeoutException(
                        "files did not begin: " + cutlass.files().all());
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private static long running(Cutlass cutlass) {
        return cutlass.files().all().stream()
                .filter(one -> one.state() == TransferState.RUNNING)
                .count();
    }

    /** Of both sides. */
    static FileSettings settings() {
        return FileSettings.outgoing().policy(FilePolicy.ASK);
    }

    /** What both do with what they are offered. */
    static void take(FileOffer offer) {
        offer.accept(new Nowhere());
    }

    static Transfer send(Cutlass cutlass, Peer peer, long length) {
        return cutlass.files().send(peer, NAME, new Pattern(length));
    }

    /** Bytes that the other side has. */
    long sent() {
        return there.progress().present();
    }

    /** Bytes that came. */
    long came() {
        return cutlass.files().all().stream()
                .filter(one -> !one.outgoing() && !one.state().isOver())
                .mapToLong(one -> one.progress().present())
                .sum();
    }

    /** Ends both. */
    @Override
    public void close() {
        List.copyOf(cutlass.files().all()).forEach(Transfer::cancel);
    }

    private static final class Nowhere implements FileSink {
        @Override
        public void write(long position, ByteBuffer block) {
            block.position(block.limit());
        }

        @Override
        public void complete() {
            // nothing is kept
        }

        @Override
        public void abort(TransferFailure why) {
            // nothing is kept
        }
    }

    /** Content without a block of zeros, which would not be sent. */
    private record Pattern(long length) implements FileSource {
        @Override
        public int read(long position, ByteBuffer into) {
            final int count = (int) Math.min(into.remaining(), length - position);
            for (int i = 0; i < count; i++) {
                into.put((byte) ((position + i) % 251 + 1));
            }
            return count;
        }

        @Override
        public Object stamp() {
            return NAME;
        }
    }
}
