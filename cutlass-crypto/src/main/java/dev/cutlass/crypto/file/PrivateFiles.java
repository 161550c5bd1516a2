package dev.cutlass.crypto.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.AclEntry;
import java.nio.file.attribute.AclEntryPermission;
import java.nio.file.attribute.AclEntryType;
import java.nio.file.attribute.AclFileAttributeView;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Files of mode 0600 in directories of mode 0700, or, where there are no such modes, with an access list that names the owner alone as
 * far as the file system lets us. Any thread that may block.
 */
public final class PrivateFiles {
    private static final Set<PosixFilePermission> FILE_MODE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> DIRECTORY_MODE = PosixFilePermissions.fromString("rwx------");
    private static final String NEW_SUFFIX = ".new";
    private static final String LOCK_FILE = ".lock";

    // A file lock belongs to the process, so threads need one of their own. Stripes: a map of paths would only grow.
    private static final int STRIPES = 16;
    private static final List<ReentrantLock> LOCKS = Arrays.stream(new ReentrantLock[STRIPES])
            .map(none -> new ReentrantLock())
            .toList();

    private PrivateFiles() {}

    /** Creates a directory and its parents; one that is there stays as it is. */
    public static void createDirectory(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Path parent = directory.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Files.createDirectories(directory, mode(directory, DIRECTORY_MODE));
            restrictByAccessList(directory);
        }
    }

    /**
     * Reads a whole file.
     *
     * @throws IOException also if it is longer than {@code maxLength}, since what we wrote is not
     */
    public static byte[] read(Path file, int maxLength) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(maxLength);
            if (in.read() >= 0) {
                throw new IOException("the file is longer than " + maxLength + " bytes");
            }
            return bytes;
        }
    }

    /**
     * Replaces a file, or creates it: after a crash there is the old one or the new one, whole. On return it is on disk. Of several
     * processes, or threads, that may write the file, each holds a lock.
     */
    public static void replace(Path file, byte[] content) throws IOException {
        moveInto(write(file, content), file);
    }

    /**
     * Replaces or creates files of one directory, each as {@link #replace} does, but that a crash before this returns may have left any of them: the directory is made to last once
     * and not for each.
     *
     * @param contents by name
     */
    public static void replaceAll(Path directory, Map<String, byte[]> contents) throws IOException {
        for (Map.Entry<String, byte[]> each : contents.entrySet()) {
            Path file = directory.resolve(each.getKey());
            move(write(file, each.getValue()), file);
        }
        makeLast(directory);
    }

    /** On disk, but not in its place yet. */
    private static Path write(Path file, byte[] content) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + NEW_SUFFIX);
        try (FileChannel channel = createFresh(fresh)) {
            writeFully(channel, ByteBuffer.wrap(content));
            channel.force(true);
        } catch (IOException e) {
            Files.deleteIfExists(fresh);
            throw e;
        }
        return fresh;
    }

    /** Creates an empty file for its owner alone, to be written at; what a crash may have left in its place goes. */
    public static FileChannel createFresh(Path file) throws IOException {
        Files.deleteIfExists(file);
        FileChannel channel = FileChannel.open(
                file,
                EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
                mode(file, FILE_MODE));
        restrictByAccessList(file);
        return channel;
    }

    /** Puts a written file into the place of another in one step, and makes the step last. */
    public static void moveInto(Path fresh, Path file) throws IOException {
        move(fresh, file);
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            makeLast(directory);
        }
    }

    private static void move(Path fresh, Path file) throws IOException {
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void makeLast(Path directory) throws IOException {
        if (isPosix(directory)) { // elsewhere a directory cannot be opened, nor need it be
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** Writes all that remains in the buffer. */
    public static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Whether group or others may do anything with a file; {@code false} where the file system has no such modes. */
    public static boolean isOpenToOthers(Path file) throws IOException {
        return isPosix(file) && !FILE_MODE.containsAll(withoutOwnersExecute(Files.getPosixFilePermissions(file)));
    }

    private static Set<PosixFilePermission> withoutOwnersExecute(Set<PosixFilePermission> mode) {
        Set<PosixFilePermission> copy = EnumSet.copyOf(mode.isEmpty() ? FILE_MODE : mode);
        copy.remove(PosixFilePermission.OWNER_EXECUTE);
        return copy;
    }

    /** Waits until no other thread and no other process holds the lock of a directory, and takes it. For short work. */
    public static Lock lock(Path directory) throws IOException {
        Path file = directory.toAbsolutePath().normalize().resolve(LOCK_FILE);
        ReentrantLock ofThreads = LOCKS.get(Math.floorMod(file.hashCode(), STRIPES));
        ofThreads.lock();
        boolean locked = false;
        try {
            FileChannel channel = FileChannel.open(
                    file, EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), mode(directory, FILE_MODE));
            try {
                Lock lock = new Lock(ofThreads, channel, channel.lock());
                locked = true;
                return lock;
            } finally {
                if (!locked) {
                    channel.close();
                }
            }
        } finally {
            if (!locked) {
                ofThreads.unlock();
            }
        }
    }

    /**
     * Takes a lock for as long as the channel is open, or returns {@code null} at once if somebody has it, in this process or in
     * another.
     */
    public static @Nullable FileChannel tryLockFor(Path lockFile) throws IOException {
        FileChannel channel = FileChannel.open(
                lockFile, EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), mode(lockFile, FILE_MODE));
        boolean locked = false;
        try {
            locked = channel.tryLock() != null; // to close the channel releases it
        } catch (OverlappingFileLockException e) {
            locked = false; // this process has it
        } finally {
            if (!locked) {
                channel.close();
            }
        }
        return locked ? channel : null;
    }

    /** The lock of a directory, until it is closed. */
    public static final class Lock implements AutoCloseable {
        private final ReentrantLock ofThreads;
        private final FileChannel channel;
        private final FileLock ofProcesses;

        private Lock(ReentrantLock ofThreads, FileChannel channel, FileLock ofProcesses) {
            this.ofThreads = ofThreads;
            this.channel = channel;
            this.ofProcesses = ofProcesses;
        }

        /** Releases it. The lock file stays: to delete it would let two have the lock. */
        @Override
        public void close() throws IOException {
            try {
                ofProcesses.release();
                channel.close();
            } finally {
                ofThreads.unlock();
            }
        }
    }

    private static boolean isPosix(Path path) throws IOException {
        Path absolute = path.toAbsolutePath();
        Path existing = Files.exists(absolute, LinkOption.NOFOLLOW_LINKS) ? absolute : absolute.getParent();
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        return existing != null && Files.getFileStore(existing).supportsFileAttributeView(PosixFileAttributeView.class);
    }

    private static FileAttribute<?>[] mode(Path path, Set<PosixFilePermission> mode) throws IOException {
        return isPosix(path)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(mode)}
                : new FileAttribute<?>[0];
    }

    private static void restrictByAccessList(Path path) throws IOException {
        AclFileAttributeView view = Files.getFileAttributeView(path, AclFileAttributeView.class);
        if (view != null && !isPosix(path)) {
            view.setAcl(List.of(AclEntry.newBuilder()
                    .setType(AclEntryType.ALLOW)
                    .setPrincipal(view.getOwner())
                    .setPermissions(EnumSet.allOf(AclEntryPermission.class))
                    .build()));
        }
    }
}
