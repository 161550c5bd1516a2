package dev.cutlass.spi;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Content that is sent as a file. One call at a time, on a thread that may block, never under a lock of ours. It is read when it is asked for, in any order and perhaps more than once, until it is closed.
 */
public interface FileSource extends Closeable {
    /** Bytes; asked once. */
    long length() throws IOException;

    /**
     * Reads bytes.
     *
     * @param position from 0
     * @param into to be filled; with fewer only at the end of the content
     * @return how many were read, 0 at the end
     */
    int read(long position, ByteBuffer into) throws IOException;

    /**
     * Something that is equal as long as the content has not changed, and cheap: it is asked before each read. If its text is the same after a restart, content of the same length is not hashed again.
     */
    Object stamp() throws IOException;

    /** Gives back what reading needed. What is asked afterwards may open it again. */
    @Override
    default void close() throws IOException {}

    /** Content in memory, which the caller no longer changes. */
    static FileSource of(byte[] content) {
        return new MemorySource(content);
    }

    /**
     * A file on the disk. It is opened with the first read; its length, time of modification and identity tell whether it has changed. A link is not followed, neither now nor later: whoever wants what it leads to names that.
     */
    static FileSource of(Path file) {
        return new PathSource(file);
    }
}
