package dev.cutlass.engine.file;

import dev.cutlass.event.TransferFailure;
import dev.cutlass.file.tree.ChapterHashes;
import dev.cutlass.file.tree.TreeShape;
import dev.cutlass.spi.FileSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A sink of the application: nothing of it survives a restart. */
final class SinkTarget implements BlockTarget {
    private final FileSink sink;
    private final boolean inOrder;
    private final long maxLength;

    /** Volatile: set under the lock of files before the first block. */
    private volatile TreeShape shape = new TreeShape(0);

    private boolean over;
    private TransferFailure why = TransferFailure.CLOSED;

    /** No lock may be held: asks the application what it wants. */
    SinkTarget(FileSink sink) {
        this.sink = sink;
        this.inOrder = sink.isInOrder();
        this.maxLength = sink.maxLength();
    }

    void begin(TreeShape wanted) {
        shape = wanted;
    }

    boolean isInOrder() {
        return inOrder;
    }

    long maxLength() {
        return maxLength;
    }

    /** What {@link #discard} and {@link #close} tell it. */
    void failure(TransferFailure reason) {
        why = reason;
    }

    @Override
    public void write(long block, byte[] data) throws IOException {
        sink.write(shape.position(block), ByteBuffer.wrap(data).asReadOnlyBuffer());
    }

    @Override
    public void hole(long first, long end) throws IOException {
        final byte[] zeros = new byte[TreeShape.BLOCK];
        for (long block = first; block < end; block++) {
            sink.write(
                    shape.position(block),
                    ByteBuffer.wrap(zeros, 0, shape.blockLength(block)).asReadOnlyBuffer());
        }
    }

    @Override
    public void noteHashes(ChapterHashes hashes) {
        // nothing is kept
    }

    @Override
    public @Nullable ChapterHashes knownHashes(long chapter) {
        return null;
    }

    @Override
    public void notePaused(boolean paused) {
        // likewise
    }

    @Override
    public void sync() {
        // the application's
    }

    @Override
    public boolean isSyncDue() {
        return false;
    }

    @Override
    public long verifyAll() {
        return 0;
    }

    @Override
    public Optional<Path> finish(String name) throws IOException {
        if (!over) {
            sink.complete();
            over = true;
            sink.close();
        }
        return Optional.empty();
    }

    @Override
    public void forget() {
        // nothing is left
    }

    @Override
    public void discard() throws IOException {
        close();
    }

    @Override
    public void close() throws IOException {
        if (!over) {
            over = true;
            try {
                sink.abort(why);
            } finally {
                sink.close();
            }
        }
    }
}
