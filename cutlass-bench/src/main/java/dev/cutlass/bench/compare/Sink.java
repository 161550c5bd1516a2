package dev.cutlass.bench.compare;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What the server's handler does with each message, and the messages themselves. One per connection; one thread at a time. */
final class Sink {
    /** The first byte of a message says what is to be done with it. */
    private static final byte COUNT = 0;

    private static final byte ECHO = 1;
    private static final byte TELL = 2;

    /** Of the question and of its answer. */
    private static final int TELL_LENGTH = 64;

    /** Messages between two looks at the clock, at most. */
    private static final int BATCH = 16;

    /** So many bytes of them, since a slow link takes its time for a megabyte. */
    private static final int BATCH_BYTES = 1 << 16;

    private long count;

    /** To be counted only. */
    static byte[] count(int length) {
        return message(COUNT, length);
    }

    /** To be sent back. */
    static byte[] echo(int length) {
        return message(ECHO, length);
    }

    /** Asks how many were counted since the last time. */
    static byte[] tell() {
        return message(TELL, TELL_LENGTH);
    }

    private static byte[] message(byte kind, int length) {
        final byte[] message = new byte[length];
        message[0] = kind;
        return message;
    }

    /** How many messages to send between two looks at the clock. */
    static int batch(int length) {
        return Math.max(1, Math.min(BATCH, BATCH_BYTES / length));
    }

    /** What is in the answer to {@link #tell}. */
    static long told(byte[] answer) {
        return ByteBuffer.wrap(answer).getLong(1);
    }

    /** @throws IllegalStateException if messages were lost: then there is no rate to tell */
    static void checkAll(long sent, long handled) {
        if (sent != handled) {
            throw new IllegalStateException(handled + " of " + sent + " messages arrived");
        }
    }

    /** Does it. Returns what is to be sent back, or null. */
    byte @Nullable [] handle(byte[] message) {
        switch (message[0]) {
            case ECHO -> {
                return message;
            }
            case TELL -> {
                final byte[] answer = tell();
                ByteBuffer.wrap(answer).putLong(1, count);
                count = 0;
                return answer;
            }
            default -> {
                count++;
                return null;
            }
        }
    }
}
