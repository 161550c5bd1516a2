package dev.cutlass.store.file;

import dev.cutlass.crypto.primitive.Hash;
import dev.cutlass.file.tree.HashStore;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** The hashes of a large file, in a file. One thread at a time. */
public final class FileHashStore implements HashStore, Closeable {
    private final FileChannel channel;
    private final long start;

    /**
     * Takes a channel over.
     *
     * @param start where in the file hash 0 stands
     */
    FileHashStore(FileChannel channel, long start) {
        this.channel = channel;
        this.start = start;
    }

    @Override
    public void write(long index, byte[] hashes, int offset, int count) throws IOException {
        final ByteBuffer from = ByteBuffer.wrap(hashes, offset, count * Hash.LENGTH);
        long at = start + index * Hash.LENGTH;
        while (from.hasRemaining()) {
            at += channel.write(from, at);
        }
    }

    @Override
    public void read(long index, byte[] into, int offset, int count) throws IOException {
        final ByteBuffer to = ByteBuffer.wrap(into, offset, count * Hash.LENGTH);
        long at = start + index * Hash.LENGTH;
        while (to.hasRemaining()) {
            final int read = channel.read(to, at);
            if (read <= 0) {
                throw new EOFException("no hash " + index);
            }
            at += read;
        }
    }

    FileChannel channel() {
        return channel;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
