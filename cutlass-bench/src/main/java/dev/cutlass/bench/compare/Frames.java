package dev.cutlass.bench.compare;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Messages in a stream of bytes: four bytes of length before each. One thread. */
final class Frames {
    static final int HEADER = Integer.BYTES;

    /** The longest that any case sends. */
    static final int MAX_LENGTH = 1 << 16;

    private final ByteBuffer header = ByteBuffer.allocate(HEADER);
    private byte[] message = new byte[0];
    private int filled;

    /** Takes the next bytes of the stream; calls for each message that is complete with them. */
    void take(byte[] bytes, int offset, int length, Consumer<byte[]> onMessage) {
        int at = offset;
        final int end = offset + length;
        while (at < end) {
            if (header.hasRemaining()) {
                header.put(bytes[at++]);
                if (!header.hasRemaining()) {
                    message = new byte[checked(header.getInt(0))];
                    filled = 0;
                }
                continue;
            }
            final int part = Math.min(end - at, message.length - filled);
            System.arraycopy(bytes, at, message, filled, part);
            at += part;
            filled += part;
            if (filled == message.length) {
                header.clear();
                onMessage.accept(message);
            }
        }
    }

    private static int checked(int length) {
        if (length <= 0 || length > MAX_LENGTH) {
            throw new IllegalStateException("a message of " + length + " bytes");
        }
        return length;
    }
}
