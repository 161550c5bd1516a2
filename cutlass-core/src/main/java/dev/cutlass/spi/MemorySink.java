package dev.cutlass.spi;

import dev.cutlass.event.TransferFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Keeps the content of a file in memory, which grows with what comes and not with what was announced. One thread at a time until the transfer is complete; then any. */
public final class MemorySink implements FileSink {
    private static final int FIRST = 1 << 16;

    private final int maxLength;
    private byte[] content = {};
    private int length;
    private volatile boolean complete;

    MemorySink(int maxLength) {
        if (maxLength < 0) {
            throw new IllegalArgumentException("maxLength: " + maxLength + "; allowed: 0 and up");
        }
        this.maxLength = maxLength;
    }

    @Override
    public void write(long position, ByteBuffer block) throws IOException {
        final long end = position + block.remaining();
        if (end > maxLength) {
            throw new IOException("the file is longer than " + maxLength + " bytes");
        }
        if (end > content.length) {
            content = Arrays.copyOf(content, (int)
                    Math.min(maxLength, Math.max(Math.max(FIRST, end), content.length * 2L)));
        }
        length = (int) Math.max(length, end);
        block.get(content, (int) position, block.remaining());
    }

    @Override
    public void complete() {
        complete = true;
    }

    @Override
    public void abort(TransferFailure why) {
        content = new byte[0];
        length = 0;
    }

    @Override
    public long maxLength() {
        return maxLength;
    }

    /**
     * A copy of what came.
     *
     * @throws IllegalStateException if the file is not complete
     */
    public byte[] content() {
        if (!complete) {
            throw new IllegalStateException("the file is not complete");
        }
        return Arrays.copyOf(content, length);
    }
}
