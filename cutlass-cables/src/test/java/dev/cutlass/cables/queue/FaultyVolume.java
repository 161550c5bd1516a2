package dev.cutlass.cables.queue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The disk of this machine, on which the process may die before or after each change, and which may be full. Any thread. */
public final class FaultyVolume implements Volume {
    private final RealVolume real = new RealVolume();
    private long left = Long.MAX_VALUE;
    private boolean afterIt;
    private volatile boolean isFull;

    /** The process dies at this change, counted from now: 0 is the next one; negative for never. */
    public synchronized void crashAt(long change, boolean afterwards) {
        left = change < 0 ? Long.MAX_VALUE : change;
        afterIt = afterwards;
    }

    /** From now on nothing can be written, or again. */
    public void full(boolean full) {
        isFull = full;
    }

    private interface Change {
        void make() throws IOException;
    }

    private synchronized void change(Change change) throws IOException {
        if (left <= 0 && !(left == 0 && afterIt)) {
            throw new MemoryVolume.Crash();
        }
        change.make();
        if (left-- <= 0) {
            throw new MemoryVolume.Crash();
        }
    }

    private void demandRoom() throws IOException {
        if (isFull) {
            throw new IOException("no space left on device");
        }
    }

    @Override
    public byte @Nullable [] read(Path file, int maxLength) throws IOException {
        return real.read(file, maxLength);
    }

    @Override
    public @Nullable Instant modified(Path file) throws IOException {
        return real.modified(file);
    }

    @Override
    public void write(Path file, byte[] content) throws IOException {
        demandRoom();
        change(() -> real.write(file, content));
    }

    @Override
    public void writeAll(Path directory, Map<String, byte[]> contents) throws IOException {
        for (Map.Entry<String, byte[]> each : contents.entrySet()) {
            write(directory.resolve(each.getKey()), each.getValue());
        }
    }

    @Override
    public void deleteAll(Path directory) throws IOException {
        for (String name : names(directory)) {
            delete(directory.resolve(name));
        }
        delete(directory);
    }

    @Override
    public boolean create(Path file) throws IOException {
        demandRoom();
        final boolean[] made = new boolean[1];
        change(() -> made[0] = real.create(file));
        return made[0];
    }

    @Override
    public boolean isEmpty(Path file) throws IOException {
        return real.isEmpty(file);
    }

    @Override
    public void append(Path file, byte[] content) throws IOException {
        demandRoom();
        change(() -> real.append(file, content));
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        change(() -> real.rename(from, to));
    }

    @Override
    public void delete(Path path) throws IOException {
        change(() -> real.delete(path));
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        demandRoom();
        change(() -> real.createDirectory(directory));
    }

    @Override
    public Set<String> names(Path directory) throws IOException {
        return real.names(directory);
    }
}
