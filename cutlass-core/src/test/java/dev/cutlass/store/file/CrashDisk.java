package dev.cutlass.store.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that stops at any step. When the process is killed, all that was done stays; of the last write, a part. When the machine loses power, a file keeps what was forced, and of each later write nothing, a part or
 * all of it; names keep their order, as journalling file systems do it: some that came last are lost, all up to a forced folder are there.
 */
final class CrashDisk implements Disk {
    /** The process or the machine is gone. */
    static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private record NameChange(Runnable onDisk, Set<CrashNode> folders) {}

    static final long NEVER = Long.MAX_VALUE;

    private final SplittableRandom random;
    private final boolean hasLinks;
    private final CrashNode root = new CrashNode(true);
    private final List<NameChange> names = new ArrayList<>();
    private final Set<CrashNode> alone = new HashSet<>();
    private long left = NEVER;
    private long steps;
    private boolean dead;
    private @Nullable IOException fault;
    private long faultAt = NEVER;
    private long fullAt = NEVER;
    private boolean fullLate;

    CrashDisk(SplittableRandom random, boolean hasLinks) {
        this.random = random;
        this.hasLinks = hasLinks;
    }

    /** Steps so far. */
    long steps() {
        return steps;
    }

    /** Crashes instead of the step after so many more. */
    void crashAfter(long more) {
        left = more;
    }

    /** Fails, once, instead of the step after so many more. */
    void failAfter(long more, IOException why) {
        faultAt = steps + more;
        fault = why;
    }

    /**
     * Has no room from the step after so many more, until {@link #emptied}.
     *
     * @param late only what is forced, and not what is written, says so, as with quotas and network drives
     */
    void fullAfter(long more, boolean late) {
        fullAt = steps + more;
        fullLate = late;
    }

    /** Has room again. */
    void emptied() {
        fullAt = NEVER;
    }

    private void allocate(boolean late) throws IOException {
        if (steps >= fullAt && late == fullLate) {
            throw new IOException("No space left on device");
        }
    }

    private void step() throws IOException {
        if (dead) {
            throw new Crash();
        }
        if (left != NEVER && left-- == 0) {
            dead = true;
            throw new Crash();
        }
        final IOException why = fault;
        if (steps++ == faultAt && why != null) {
            fault = null;
            throw why;
        }
    }

    /** After the process was killed, or ended. */
    void restart() {
        dead = false;
        left = NEVER;
        alone.clear();
    }

    /** After the machine lost power. */
    void restartMachine() {
        final int kept = random.nextInt(names.size() + 1);
        names.subList(0, kept).forEach(change -> change.onDisk().run());
        names.clear();
        root.lose(random, new HashSet<>());
        restart();
    }

    /** All files, with their paths. */
    Map<String, byte[]> files() {
        final Map<String, byte[]> files = new TreeMap<>();
        collect("", root, files);
        return files;
    }

    private static void collect(String prefix, CrashNode node, Map<String, byte[]> files) {
        node.children.forEach((name, child) -> {
            if (child.folder) {
                collect(prefix + name + "/", child, files);
                if (child.children.isEmpty()) {
                    files.put(prefix + name + "/", new byte[0]);
                }
            } else {
                files.put(prefix + name, child.content);
            }
        });
    }

    /** Puts something there before it begins. */
    void put(String path, byte @Nullable [] content) {
        final String[] parts = path.split("/", -1);
        CrashNode at = root;
        for (int i = 0; i < parts.length; i++) {
            final CrashNode next = new CrashNode(content == null || i < parts.length - 1);
            at.children.putIfAbsent(parts[i], next);
            at.childrenOnDisk.putIfAbsent(parts[i], next);
            at = at.children.get(parts[i]);
        }
        if (content != null) {
            at.content = content;
            at.onDisk = content;
        }
    }

    @Override
    public Folder open(Path folder) throws IOException {
        CrashNode at = root;
        for (Path part : folder) {
            final CrashNode next = at.children.get(part.toString());
            if (next == null) {
                throw new NoSuchFileException(folder.toString());
            }
            at = next;
        }
        return new Opened(folder, at);
    }

    private final class Opened implements Folder {
        private final Path path;
        private final CrashNode node;

        Opened(Path path, CrashNode node) {
            this.path = path;
            this.node = node;
        }

        @Override
        public Path path() {
            return path;
        }

        private CrashNode child(String name) throws NoSuchFileException {
            final CrashNode child = node.children.get(name);
            if (child == null) {
                throw new NoSuchFileException(path.resolve(name).toString());
            }
            return child;
        }

        private void name(String name, CrashNode child) {
            final CrashNode here = node;
            here.children.put(name, child);
            names.add(new NameChange(() -> here.childrenOnDisk.put(name, child), Set.of(here)));
        }

        private void free(String name) throws FileAlreadyExistsException {
            if (node.children.containsKey(name)) {
                throw new FileAlreadyExistsException(path.resolve(name).toString());
            }
        }

        @Override
        public @Nullable Stat stat(String name) throws IOException {
            if (dead) {
                throw new Crash();
            }
            final CrashNode child = node.children.get(name);
            return child == null
                    ? null
                    : new Stat(child.folder ? Kind.FOLDER : Kind.FILE, child.content.length, child.modified, child);
        }

        @Override
        public boolean isSame(String name, Folder other, String otherName) {
            return node.children.get(name) != null
                    && node.children.get(name) == ((Opened) other).node.children.get(otherName);
        }

        @Override
        public List<String> names() {
            return List.copyOf(node.children.keySet());
        }

        @Override
        public Folder folder(String name) throws IOException {
            if (!child(name).folder) {
                throw new NotDirectoryException(name);
            }
            return new Opened(path.resolve(name), child(name));
        }

        @Override
        public void makeFolder(String name, boolean ownerOnly) throws IOException {
            step();
            allocate(false);
            free(name);
            name(name, new CrashNode(true));
        }

        @Override
        public OpenFile create(String name) throws IOException {
            step();
            allocate(false);
            free(name);
            name(name, new CrashNode(false));
            return new OpenNode(child(name));
        }

        @Override
        public OpenFile openFile(String name) throws IOException {
            if (dead) {
                throw new Crash();
            }
            return new OpenNode(child(name));
        }

        @Override
        public @Nullable OpenFile openAlone(String name, boolean make) throws IOException {
            final OpenFile file = make ? create(name) : openFile(name);
            return alone.add(child(name)) ? file : null;
        }

        @Override
        public boolean link(Folder from, String existing, String name) throws IOException {
            step();
            allocate(false);
            final CrashNode linked = ((Opened) from).child(existing);
            free(name);
            if (hasLinks) {
                name(name, linked);
            }
            return hasLinks;
        }

        @Override
        public void move(Folder from, String existing, String name) throws IOException {
            step();
            final CrashNode here = node;
            final CrashNode there = ((Opened) from).node;
            final CrashNode moved = ((Opened) from).child(existing);
            there.children.remove(existing);
            here.children.put(name, moved);
            names.add(new NameChange(
                    () -> {
                        there.childrenOnDisk.remove(existing);
                        here.childrenOnDisk.put(name, moved);
                    },
                    Set.of(here, there)));
        }

        @Override
        public void delete(String name) throws IOException {
            step();
            child(name);
            final CrashNode here = node;
            here.children.remove(name);
            names.add(new NameChange(() -> here.childrenOnDisk.remove(name), Set.of(here)));
        }

        @Override
        public void deleteFolder(String name) throws IOException {
            if (!child(name).children.isEmpty()) {
                throw new DirectoryNotEmptyException(name);
            }
            delete(name);
        }

        @Override
        public void setModified(String name, long millis) throws IOException {
            step();
            child(name).modified = millis;
        }

        @Override
        public void force() throws IOException {
            step();
            int last = 0;
            for (int i = 0; i < names.size(); i++) {
                if (names.get(i).folders().contains(node)) {
                    last = i + 1;
                }
            }
            names.subList(0, last).forEach(change -> change.onDisk().run());
            names.subList(0, last).clear();
        }

        @Override
        public long usableSpace() {
            return Long.MAX_VALUE;
        }

        @Override
        public void close() {}
    }

    private final class OpenNode implements OpenFile {
        private final CrashNode node;

        OpenNode(CrashNode node) {
            this.node = node;
        }

        @Override
        public int read(long position, ByteBuffer into) {
            if (dead) {
                throw new Crash();
            }
            final int count = (int) Math.max(0, Math.min(into.remaining(), node.content.length - position));
            if (count > 0) {
                into.put(node.content, (int) position, count);
            }
            return count;
        }

        @Override
        public void write(long position, ByteBuffer from) throws IOException {
            final byte[] bytes = new byte[from.remaining()];
            from.get(bytes);
            try {
                step();
                allocate(false);
            } catch (Crash | IOException e) {
                node.write(position, Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)));
                throw e;
            }
            node.write(position, bytes);
        }

        @Override
        public long length() {
            return node.content.length;
        }

        @Override
        public void setLength(long length) throws IOException {
            if (length != node.content.length) {
                step();
                if (length > node.content.length) {
                    allocate(false);
                }
                node.setLength(length);
            }
        }

        @Override
        public void force(boolean all) throws IOException {
            step();
            allocate(true);
            node.force();
        }

        @Override
        public void close() {
            alone.remove(node);
        }
    }
}
