package dev.cutlass.bench.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** A file that comes in messages: its name, what is in it, its end. One for each connection; one thread at a time. */
final class Landing {
    /** Before it in a message stands what it is. */
    private static final int OFFSET = 1;

    private @Nullable FileChannel file;

    /** Of the process, which has one file at a time; volatile: asked for by another thread. */
    private static volatile long firstByteAt = FileContender.Receiver.UNKNOWN;

    static long firstByteAt() {
        return firstByteAt;
    }

    void begin(byte[] message) {
        try {
            file = FileChannel.open(
                    Path.of(new String(message, OFFSET, message.length - OFFSET, StandardCharsets.UTF_8)),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE);
            firstByteAt = FileContender.Receiver.UNKNOWN;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void add(byte[] message) {
        if (firstByteAt == FileContender.Receiver.UNKNOWN) {
            firstByteAt = System.nanoTime();
        }
        final ByteBuffer content = ByteBuffer.wrap(message, OFFSET, message.length - OFFSET);
        try {
            while (content.hasRemaining()) {
                file().write(content);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns how long the file is. */
    long end() {
        try (FileChannel ended = file()) {
            ended.force(true);
            return ended.size();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            file = null;
        }
    }

    private FileChannel file() {
        final FileChannel open = file;
        if (open == null) {
            throw new IllegalStateException("no file was begun");
        }
        return open;
    }
}
