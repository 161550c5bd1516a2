package dev.cutlass.spi;

import java.nio.ByteBuffer;

/** Content in memory. Any thread. */
final class MemorySource implements FileSource {
    private final byte[] content;

    MemorySource(byte[] content) {
        this.content = content;
    }

    @Override
    public long length() {
        return content.length;
    }

    @Override
    public int read(long position, ByteBuffer into) {
        final int from = (int) Math.min(position, content.length);
        final int count = Math.min(into.remaining(), content.length - from);
        into.put(content, from, count);
        return count;
    }

    @Override
    public Object stamp() {
        return "";
    }
}
