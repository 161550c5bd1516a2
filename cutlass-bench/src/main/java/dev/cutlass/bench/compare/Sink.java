package dev.cutlass.bench.compare;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What the server's handler does with each message, and the messages themselves. One per connection; one thread at a time. */
final class Sink {
    /** The first byte of a message says what is to be done with it. */
    private static final byte COUNT = 0;

    private static final byte ECHO = 1;
    private static final byte TELL = 2;
    private static final byte BEGIN_FILE = 3;
    private static final byte FILE = 4;
    private static final byte END_FILE = 5;

    /** Of the question and of its answer. */
    private static final int TELL_LENGTH = 64;

    /** Messages between two looks at the clock, at most. */
    private static final int BATCH = 16;

    /** So many bytes of them, since a slow link takes its time for a megabyte. */
    private static final int BATCH_BYTES = 1 << 16;

    private final Landing landing = new Landing();
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

    /** A file comes, and is to be put there. */
    static byte[] beginFile(Path path) {
        final byte[] text = path.toString().getBytes(StandardCharsets.UTF_8);
        final byte[] message = message(BEGIN_FILE, 1 + text.length);
        System.arraycopy(text, 0, message, 1, text.length);
        return message;
    }

    /** For so many bytes of it, which go behind the first byte. */
    static byte[] file(int length) {
        return message(FILE, 1 + length);
    }

    /** Asks how long it is, when it is on the disk. */
    static byte[] endFile() {
        return message(END_FILE, TELL_LENGTH);
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

    /** What is in the answer to {@link #tell}, and to {@link #endFile}. */
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
                final byte[] answer = answer(count);
                count = 0;
                return answer;
            }
            case BEGIN_FILE -> {
                landing.begin(message);
                return null;
            }
            case FILE -> {
                landing.add(message);
                return null;
            }
            case END_FILE -> {
                return answer(landing.end());
            }
            default -> {
                count++;
                return null;
            }
        }
    }

    private static byte[] answer(long number) {
        final byte[] answer = tell();
        ByteBuffer.wrap(answer).putLong(1, number);
        return answer;
    }
}
