package dev.cutlass.store.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** An open file of this machine. One thread at a time. */
final class RealFile implements Disk.OpenFile {
    private final FileChannel channel;
    private final Runnable whenClosed;
    private boolean isClosed;

    /** @param whenClosed runs once, when it is closed or closing it failed */
    RealFile(FileChannel channel, Runnable whenClosed) {
        this.channel = channel;
        this.whenClosed = whenClosed;
    }

    @Override
    public int read(long position, ByteBuffer into) throws IOException {
        int read = 0;
        while (into.hasRemaining()) {
            final int more = channel.read(into, position + read);
            if (more <= 0) {
                break;
            }
            read += more;
        }
        return read;
    }

    @Override
    public void write(long position, ByteBuffer from) throws IOException {
        long at = position;
        while (from.hasRemaining()) {
            at += channel.write(from, at);
        }
    }

    @Override
    public long length() throws IOException {
        return channel.size();
    }

    @Override
    public void setLength(long length) throws IOException {
        final long now = channel.size();
        if (now > length) {
            channel.truncate(length);
        } else if (now < length) {
            write(length - 1, ByteBuffer.allocate(1));
        }
    }

    @Override
    public void force(boolean all) throws IOException {
        channel.force(all);
    }

    @Override
    public void close() throws IOException {
        if (isClosed) {
            return; // somebody else may have it by now
        }
        isClosed = true;
        try {
            channel.close(); // a lock goes with it
        } finally {
            whenClosed.run();
        }
    }
}
