package dev.cutlass.cables.setup;

import dev.cutlass.crypto.file.PrivateFiles;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The right to change what is in a home folder; one has it, in all processes. Goes with the process, however that ends. */
public final class HomeLock implements AutoCloseable {
    /** A number and a line feed. */
    private static final int MAX_LENGTH = 64;

    /** Who only looks whether it is taken has it for a moment; so it is tried again. */
    private static final int TRIES = 5;

    private static final long PAUSE_MILLIS = 50;

    /** Homes whose lock this JVM has. To open and close the file of a lock that one has would release it: POSIX, fcntl. */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path home;
    private final FileChannel channel;

    private HomeLock(Path home, FileChannel channel) {
        this.home = home;
        this.channel = channel;
    }

    /**
     * Takes it.
     *
     * @throws IOException if somebody has it: names the process
     */
    public static HomeLock take(HomeFolder home) throws IOException {
        final Path real = home.path().toRealPath();
        if (!HELD.add(real)) {
            throw taken(home, "this process, " + ProcessHandle.current().pid() + ",");
        }
        boolean isTaken = false;
        try {
            final FileChannel channel = tryLock(home.lock());
            if (channel == null) {
                throw taken(home, holder(home.lock()));
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
            isTaken = true;
            return new HomeLock(real, channel);
        } finally {
            if (!isTaken) {
                HELD.remove(real);
            }
        }
    }

    private static @Nullable FileChannel tryLock(Path file) throws IOException {
        try {
            FileChannel channel = PrivateFiles.tryLockFor(file);
            for (int i = 1; i < TRIES && channel == null; i++) {
                Thread.sleep(PAUSE_MILLIS);
                channel = PrivateFiles.tryLockFor(file);
            }
            return channel;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for " + file);
        }
    }

    private static IOException taken(HomeFolder home, String who) {
        return new IOException(home.lock() + ": " + who + " is at work in this home folder; stop it first");
    }

    /** Who is at work in a home folder, for a person; {@code null} if nobody is. */
    public static @Nullable String holder(HomeFolder home) throws IOException {
        if (!Files.exists(home.lock())) {
            return null;
        }
        if (HELD.contains(home.path().toRealPath())) {
            return "this process, " + ProcessHandle.current().pid();
        }
        try (FileChannel channel = PrivateFiles.tryLockFor(home.lock())) {
            return channel == null ? holder(home.lock()) : null;
        }
    }

    private static String holder(Path file) {
        try {
            final String text = new String(PrivateFiles.read(file, MAX_LENGTH), StandardCharsets.US_ASCII).strip();
            return text.matches("[0-9]+") ? "process " + text : "another process";
        } catch (IOException e) {
            return "another process"; // where locks are mandatory the file cannot be read
        }
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close(); // the file stays: to delete it would let two have the lock
        } finally {
            HELD.remove(home);
        }
    }
}
