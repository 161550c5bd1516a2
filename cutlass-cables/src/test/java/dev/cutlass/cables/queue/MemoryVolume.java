package dev.cutlass.cables.queue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A disk in memory that can end the world at any change: before it, after it, or, of what is added to a file, in the middle. */
public final class MemoryVolume implements Volume {
    /** The process died. */
    public static final class Crash extends Error {
        private static final long serialVersionUID = 1;

        Crash() {
            super("the process died", null, false, false);
        }
    }

    private record Content(byte[] bytes, Instant written) {}

    private final TreeMap<Path, Content> files = new TreeMap<>();
    private final TreeSet<Path> directories = new TreeSet<>();
    private final Supplier<Instant> clock;
    private long changes;
    private long crashAt = Long.MAX_VALUE;
    private boolean crashesAfterIt;
    private boolean isFull;
    private @Nullable Path away;

    public MemoryVolume(Supplier<Instant> clock) {
        this.clock = clock;
    }

    /** How many changes were made. */
    public long changes() {
        return changes;
    }

    /** The process dies at this change, counted from now: 0 is the next one. */
    public void crashAt(long change, boolean afterIt) {
        crashAt = changes + change;
        crashesAfterIt = afterIt;
    }

    /** The process lives again, and nothing more happens to it. */
    public void revive() {
        crashAt = Long.MAX_VALUE;
    }

    /** From now on nothing can be written, or again. */
    public void full(boolean full) {
        isFull = full;
    }

    /** What is in or below a directory cannot be seen from now on, as when its volume is not mounted, or again. */
    public void away(Path directory, boolean isAway) {
        away = isAway ? directory : null;
    }

    private boolean isAway(Path path) {
        return away != null && path.startsWith(away);
    }

    private interface Change {
        void make();
    }

    private void change(Change change) {
        if (changes == crashAt && !crashesAfterIt) {
            throw new Crash();
        }
        change.make();
        if (changes++ == crashAt) {
            throw new Crash();
        }
    }

    private void demandRoom() throws IOException {
        if (isFull) {
            throw new IOException("no space left on device");
        }
    }

    @Override
    public byte @Nullable [] read(Path file, int maxLength) throws IOException {
        final Content content = isAway(file) ? null : files.get(file);
        if (content != null && content.bytes().length > maxLength) {
            throw new IOException("longer than " + maxLength);
        }
        return content == null ? null : content.bytes().clone();
    }

    @Override
    public @Nullable Instant modified(Path file) {
        final Content content = files.get(file);
        return content != null ? content.written() : directories.contains(file) ? clock.get() : null;
    }

    @Override
    public void write(Path file, byte[] content) throws IOException {
        demandRoom();
        demandParent(file);
        change(() -> files.put(file, new Content(content.clone(), clock.get())));
    }

    @Override
    public void writeAll(Path directory, Map<String, byte[]> contents) throws IOException {
        for (String name : inSomeOrder(contents.keySet())) {
            write(directory.resolve(name), contents.get(name));
        }
    }

    /** Another one each time, so that a crash leaves any of them. */
    private List<String> inSomeOrder(Set<String> names) {
        final List<String> order = new ArrayList<>(new TreeSet<>(names));
        Collections.shuffle(order, new Random(changes));
        return order;
    }

    @Override
    public void deleteAll(Path directory) throws IOException {
        for (String name : inSomeOrder(names(directory))) {
            delete(directory.resolve(name));
        }
        delete(directory);
    }

    @Override
    public boolean create(Path file) throws IOException {
        demandRoom();
        demandParent(file);
        if (files.containsKey(file) || directories.contains(file)) {
            return false;
        }
        change(() -> files.put(file, new Content(new byte[0], clock.get())));
        return true;
    }

    @Override
    public boolean isEmpty(Path file) {
        final Content content = files.get(file);
        return content != null && content.bytes().length == 0;
    }

    @Override
    public void append(Path file, byte[] content) throws IOException {
        demandRoom();
        demandParent(file);
        final Content before = files.get(file);
        final byte[] start = before == null ? new byte[0] : before.bytes();
        if (changes == crashAt && !crashesAfterIt) {
            files.put(file, new Content(joined(start, Arrays.copyOf(content, content.length / 2)), clock.get()));
            throw new Crash();
        }
        change(() -> files.put(file, new Content(joined(start, content), clock.get())));
    }

    private static byte[] joined(byte[] left, byte[] right) {
        final byte[] both = Arrays.copyOf(left, left.length + right.length);
        System.arraycopy(right, 0, both, left.length, right.length);
        return both;
    }

    private void demandParent(Path file) throws IOException {
        if (!directories.contains(file.getParent()) || isAway(file)) {
            throw new IOException("no directory " + file.getParent());
        }
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        if (directories.contains(from)) {
            if (!names(to).isEmpty()) {
                throw new IOException(to + " is not empty");
            }
            change(() -> {
                directories.remove(from);
                directories.add(to);
                for (Path file : List.copyOf(files.keySet())) {
                    if (from.equals(file.getParent())) {
                        files.put(to.resolve(file.getFileName()), files.remove(file));
                    }
                }
            });
        } else if (files.containsKey(from)) {
            change(() -> files.put(to, files.remove(from)));
        } else {
            throw new IOException("no file " + from);
        }
    }

    @Override
    public void delete(Path path) throws IOException {
        if (directories.contains(path) && !names(path).isEmpty()) {
            throw new IOException(path + " is not empty");
        }
        if (directories.contains(path) || files.containsKey(path)) {
            change(() -> {
                directories.remove(path);
                files.remove(path);
            });
        }
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        demandRoom();
        for (Path each = directory; each != null && directories.add(each); each = each.getParent()) {
            // up to one that is there
        }
    }

    @Override
    public Set<String> names(Path directory) {
        final Set<String> names = new HashSet<>();
        if (isAway(directory)) {
            return names;
        }
        for (Path file : files.keySet()) {
            if (directory.equals(file.getParent())) {
                names.add(file.getFileName().toString());
            }
        }
        for (Path each : directories) {
            if (directory.equals(each.getParent()) && !isAway(each)) {
                names.add(each.getFileName().toString());
            }
        }
        return names;
    }
}
