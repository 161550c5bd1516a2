package dev.cutlass.store.file;

import dev.cutlass.event.TransferFailure;
import dev.cutlass.file.tree.TreeShape;
import dev.cutlass.spi.FileSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Content that goes: what it was when it was opened, or nothing. Length and stamp are noted at first and compared before each read, so that nobody sends the first half of one version and the second of another. One thread at a time;
 * blocks.
 */
public final class SourceFile implements FileSource {
    private final FileSource source;
    private final long length;
    private final Object stamp;

    private SourceFile(FileSource source, long length, Object stamp) {
        this.source = source;
        this.length = length;
        this.stamp = stamp;
    }

    /**
     * Notes what a source is like now.
     *
     * @throws StoreException {@link TransferFailure#READ_FAILED}; {@link TransferFailure#TOO_LARGE} if it is longer than any file may be
     */
    public static SourceFile of(FileSource source) throws StoreException {
        try {
            final Object stamp = source.stamp();
            final long length = source.length();
            if (length < 0) {
                throw new StoreException(TransferFailure.READ_FAILED, "a length of " + length + " bytes");
            }
            if (!TreeShape.isValid(length)) {
                throw new StoreException(
                        TransferFailure.TOO_LARGE,
                        length + " bytes; at most " + TreeShape.MAX_FILE_LENGTH + " can be sent");
            }
            return new SourceFile(source, length, stamp);
        } catch (IOException e) {
            throw StoreException.reading("cannot read the source", e);
        }
    }

    /** A file that the application named. Links in its path are followed, now and never again. */
    public static SourceFile open(Path file) throws StoreException {
        try {
            return of(FileSource.of(file.toRealPath()));
        } catch (IOException e) {
            throw StoreException.reading("cannot read " + file, e);
        }
    }

    public TreeShape shape() {
        return new TreeShape(length);
    }

    @Override
    public long length() {
        return length;
    }

    /** What it was at first. Its text may be kept, to know after a restart whether something has changed. */
    @Override
    public Object stamp() {
        return stamp;
    }

    /**
     * Looks whether it is what it was.
     *
     * @throws StoreException {@link TransferFailure#CHANGED} if not, {@link TransferFailure#READ_FAILED} if it is not there any more
     */
    public void check() throws StoreException {
        final Object now;
        try {
            now = source.stamp();
        } catch (IOException e) {
            throw StoreException.reading("cannot read the source any more", e);
        }
        if (!stamp.equals(now)) {
            throw new StoreException(TransferFailure.CHANGED, "the source has changed");
        }
    }

    /**
     * Reads until the buffer is full, or the content ends.
     *
     * @throws StoreException as {@link #check}
     */
    @Override
    public int read(long position, ByteBuffer into) throws StoreException {
        check();
        final int wanted = (int) Math.max(0, Math.min(into.remaining(), length - position));
        final int limit = into.limit();
        into.limit(into.position() + wanted);
        int read = 0;
        try {
            while (read < wanted) {
                final int more = source.read(position + read, into);
                if (more <= 0) {
                    throw new StoreException(TransferFailure.CHANGED, "the source has become shorter");
                }
                read += more;
            }
            return read;
        } catch (IOException e) {
            throw StoreException.reading("cannot read the source", e);
        } finally {
            into.limit(limit);
        }
    }

    /** A whole block. */
    public byte[] readBlock(long block) throws StoreException {
        final byte[] data = new byte[shape().blockLength(block)];
        read(shape().position(block), ByteBuffer.wrap(data));
        return data;
    }

    /** Gives back what reading needed. Another read opens it again. */
    @Override
    public void close() throws StoreException {
        try {
            source.close();
        } catch (IOException e) {
            throw StoreException.reading("cannot close the source", e);
        }
    }
}
