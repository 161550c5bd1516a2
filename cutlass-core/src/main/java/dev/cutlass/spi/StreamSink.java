package dev.cutlass.spi;

import dev.cutlass.event.TransferFailure;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** Writes to a stream. One thread at a time. */
final class StreamSink implements FileSink {
    private final OutputStream out;
    private long written;

    StreamSink(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(long position, ByteBuffer block) throws IOException {
        if (position != written) {
            throw new IOException("bytes from " + position + " on, but a stream has come to " + written);
        }
        final byte[] bytes = new byte[block.remaining()];
        block.get(bytes);
        out.write(bytes);
        written += bytes.length;
    }

    @Override
    public void complete() throws IOException {
        out.flush();
    }

    @Override
    public void abort(TransferFailure why) {
        // the stream's owner hears of it from the transfer
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    @Override
    public boolean isInOrder() {
        return true;
    }
}
