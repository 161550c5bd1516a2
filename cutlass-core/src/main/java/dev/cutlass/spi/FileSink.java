package dev.cutlass.spi;

import dev.cutlass.event.TransferFailure;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * Takes the content of a file that comes, instead of a folder on the disk. Only verified blocks come here; after a restart of this engine the transfer begins anew, with a sink that the application gives again. One
 * call at a time, on a thread that may block, never under a lock of ours.
 */
public interface FileSink extends Closeable {
    /**
     * A block that is what it should be. Blocks of zeros come like all others.
     *
     * @param position of its first byte in the file
     * @param block valid during the call; 1 to 65,536 bytes
     * @throws IOException the transfer fails then, and {@link #abort} is called
     */
    void write(long position, ByteBuffer block) throws IOException;

    /** All was written. */
    void complete() throws IOException;

    /** Nothing more comes. */
    void abort(TransferFailure why);

    /** Called once, after {@link #complete} or {@link #abort}. */
    @Override
    default void close() throws IOException {}

    /** Whether blocks must come from the first to the last; any order is faster with several holders. */
    default boolean isInOrder() {
        return false;
    }

    /** The longest file that may come, in bytes. */
    default long maxLength() {
        return Long.MAX_VALUE;
    }

    /** Writes to a stream, in order, flushes it at the end, and closes it in either case. What failed in the middle has written its beginning. */
    static FileSink ofStream(OutputStream out) {
        return new StreamSink(out);
    }

    /**
     * Keeps the content in memory.
     *
     * @param maxLength a longer file is refused; 0 to 2 GiB
     */
    static MemorySink ofMemory(int maxLength) {
        return new MemorySink(maxLength);
    }
}
