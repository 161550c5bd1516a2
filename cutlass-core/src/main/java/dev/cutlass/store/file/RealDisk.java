package dev.cutlass.store.file;

import dev.cutlass.event.TransferFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The disk of this machine. Where the system can open names relative to an open folder ({@link SecureDirectoryStream}) it does; Java can make neither folders nor links that way, so these are made by path and then looked for
 * in the open folder. Any thread.
 */
final class RealDisk implements Disk {
    static final Disk INSTANCE = new RealDisk(true);

    /** A system's lock belongs to the process and ends with the first of its channels that is closed: so no second one is opened. */
    private static final Set<Path> OPEN_ALONE = ConcurrentHashMap.newKeySet();

    private final boolean usesHandles;

    /** @param usesHandles false: as on a system that cannot open names relative to a folder */
    RealDisk(boolean usesHandles) {
        this.usesHandles = usesHandles;
    }

    @Override
    @SuppressWarnings("StreamResourceLeak") // the folder has it
    public Folder open(Path folder) throws IOException {
        if (!attributes(folder).isDirectory()) {
            throw new NotDirectoryException(folder.toString());
        }
        return open(folder, Files.newDirectoryStream(folder));
    }

    private Folder open(Path path, DirectoryStream<Path> opened) throws IOException {
        if (!usesHandles || !(opened instanceof SecureDirectoryStream<Path> secure)) {
            opened.close();
            return new RealFolder(path, null);
        }
        boolean isTheSame = false;
        try {
            final Object key = secure.getFileAttributeView(BasicFileAttributeView.class)
                    .readAttributes()
                    .fileKey();
            isTheSame = key == null || key.equals(attributes(path).fileKey());
        } finally {
            if (!isTheSame) {
                secure.close();
            }
        }
        if (!isTheSame) {
            throw new FileSystemException(path.toString(), null, "was replaced at this moment, or is a link");
        }
        return new RealFolder(path, secure);
    }

    private static BasicFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    private final class RealFolder implements Folder {
        private final Path path;
        private final @Nullable SecureDirectoryStream<Path> secure;

        RealFolder(Path path, @Nullable SecureDirectoryStream<Path> secure) {
            this.path = path;
            this.secure = secure;
        }

        @Override
        public Path path() {
            return path;
        }

        /** A single part. */
        private Path part(String name) throws StoreException {
            try {
                final Path part = path.getFileSystem().getPath(name);
                if (part.getNameCount() == 1 && !part.isAbsolute()) {
                    return part;
                }
            } catch (InvalidPathException e) {
                // said below
            }
            throw new StoreException(TransferFailure.BAD_NAME, "this system has no files named \"" + name + "\"");
        }

        private Path full(String name) throws StoreException {
            return path.resolve(part(name));
        }

        @Override
        public @Nullable Stat stat(String name) throws IOException {
            final BasicFileAttributes found;
            try {
                found = view(name).readAttributes();
            } catch (NoSuchFileException e) {
                return null;
            }
            final Kind kind = found.isRegularFile() ? Kind.FILE : found.isDirectory() ? Kind.FOLDER : Kind.OTHER;
            return new Stat(kind, found.size(), found.lastModifiedTime().toMillis(), found.fileKey());
        }

        @Override
        public boolean isSame(String name, Folder other, String otherName) throws IOException {
            final Stat one = stat(name);
            final Stat two = other.stat(otherName);
            if (one == null || two == null || !one.isFile() || !two.isFile()) {
                return false;
            }
            return one.key() != null
                    ? one.key().equals(two.key())
                    : Files.isSameFile(full(name), other.path().resolve(otherName));
        }

        private BasicFileAttributeView view(String name) throws IOException {
            return secure == null
                    ? Files.getFileAttributeView(full(name), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    : secure.getFileAttributeView(part(name), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        }

        @Override
        public List<String> names() throws IOException {
            final List<String> names = new ArrayList<>();
            try (DirectoryStream<Path> listed = secure == null
                    ? Files.newDirectoryStream(path)
                    : secure.newDirectoryStream(part("."), LinkOption.NOFOLLOW_LINKS)) {
                for (Path each : listed) {
                    names.add(String.valueOf(each.getFileName()));
                }
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
            return names;
        }

        @Override
        public Folder folder(String name) throws IOException {
            final Path full = full(name);
            return secure == null
                    ? RealDisk.this.open(full)
                    : RealDisk.this.open(full, secure.newDirectoryStream(part(name), LinkOption.NOFOLLOW_LINKS));
        }

        @Override
        public void makeFolder(String name, boolean ownerOnly) throws IOException {
            final Path full = full(name);
            try {
                if (ownerOnly && Files.getFileStore(path).supportsFileAttributeView("posix")) {
                    Files.createDirectory(
                            full, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                } else {
                    Files.createDirectory(full);
                }
            } catch (ReadOnlyFileSystemException e) {
                throw readOnly(name, e);
            }
            if (stat(name) == null) {
                throw new FileSystemException(full.toString(), null, "its folder was replaced at this moment");
            }
        }

        private IOException readOnly(String name, ReadOnlyFileSystemException cause) {
            final FileSystemException said = new FileSystemException(name, null, "the file system is read-only");
            said.initCause(cause);
            return said;
        }

        @Override
        public OpenFile create(String name) throws IOException {
            return new RealFile(
                    channel(
                            name,
                            Set.of(
                                    StandardOpenOption.CREATE_NEW,
                                    StandardOpenOption.READ,
                                    StandardOpenOption.WRITE,
                                    StandardOpenOption.SPARSE,
                                    LinkOption.NOFOLLOW_LINKS)),
                    null);
        }

        @Override
        public OpenFile openFile(String name) throws IOException {
            return new RealFile(
                    channel(name, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)),
                    null);
        }

        private FileChannel channel(String name, Set<OpenOption> options) throws IOException {
            try {
                if (secure != null) {
                    final SeekableByteChannel opened = secure.newByteChannel(part(name), options);
                    if (opened instanceof FileChannel file) {
                        return file;
                    }
                    opened.close(); // a file system of the application's own
                    throw new FileSystemException(full(name).toString(), null, "this file system has no file channels");
                }
                return FileChannel.open(full(name), options);
            } catch (ReadOnlyFileSystemException e) {
                throw readOnly(name, e);
            }
        }

        @Override
        public @Nullable OpenFile openAlone(String name, boolean make) throws IOException {
            final Path mine = full(name).toAbsolutePath();
            if (!OPEN_ALONE.add(mine)) {
                return null;
            }
            FileChannel channel = null;
            boolean locked = false;
            try {
                channel = channel(
                        name,
                        make
                                ? Set.of(
                                        StandardOpenOption.CREATE_NEW,
                                        StandardOpenOption.READ,
                                        StandardOpenOption.WRITE,
                                        LinkOption.NOFOLLOW_LINKS)
                                : Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
                locked = isLocked(channel);
                return locked ? new RealFile(channel, mine) : null;
            } finally {
                if (!locked) {
                    closeQuietly(channel);
                    OPEN_ALONE.remove(mine);
                }
            }
        }

        private static boolean isLocked(FileChannel channel) throws IOException {
            try {
                return channel.tryLock() != null;
            } catch (OverlappingFileLockException e) {
                return false;
            } catch (IOException e) {
                if (!channel.isOpen()) {
                    throw e;
                }
                return true; // a file system without locks: then there is only the set
            }
        }

        private static void closeQuietly(@Nullable Channel channel) throws IOException {
            if (channel != null) {
                channel.close();
            }
        }

        @Override
        public boolean link(Folder from, String existing, String name) throws IOException {
            final Path full = full(name);
            try {
                Files.createLink(full, from.path().resolve(existing));
            } catch (UnsupportedOperationException e) {
                return false;
            } catch (FileSystemException e) {
                if (e.getClass() == FileSystemException.class && !isFull(e)) {
                    return false; // what systems say differs; whatever it is, moving fails with it again if it is more
                    // than that
                }
                throw e;
            }
            if (!isSame(name, from, existing)) {
                throw new FileSystemException(full.toString(), null, "its folder was replaced at this moment");
            }
            return true;
        }

        private static boolean isFull(FileSystemException e) {
            return StoreException.writing("", e).failure() == TransferFailure.NO_SPACE;
        }

        @Override
        public void move(Folder from, String existing, String name) throws IOException {
            if (secure != null && from instanceof RealFolder other && other.secure != null) {
                other.secure.move(other.part(existing), secure, part(name));
            } else {
                Files.move(
                        from.path().resolve(existing),
                        full(name),
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }

        @Override
        public void delete(String name) throws IOException {
            if (secure == null) {
                Files.delete(full(name));
            } else {
                secure.deleteFile(part(name));
            }
        }

        @Override
        public void deleteFolder(String name) throws IOException {
            if (secure == null) {
                Files.delete(full(name));
            } else {
                secure.deleteDirectory(part(name));
            }
        }

        @Override
        public void setModified(String name, long millis) throws IOException {
            view(name).setTimes(FileTime.fromMillis(millis), null, null);
        }

        @Override
        public void force() throws IOException {
            if (secure != null) { // elsewhere a folder cannot be opened, nor need it be
                try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
                    channel.force(true);
                }
            }
        }

        @Override
        public long usableSpace() throws IOException {
            return Files.getFileStore(path).getUsableSpace();
        }

        @Override
        public void close() throws IOException {
            if (secure != null) {
                secure.close();
            }
        }
    }

    private static final class RealFile implements OpenFile {
        private final FileChannel channel;
        private final @Nullable Path alone;

        RealFile(FileChannel channel, @Nullable Path alone) {
            this.channel = channel;
            this.alone = alone;
        }

        @Override
        public int read(long position, ByteBuffer into) throws IOException {
            int read = 0;
            while (into.hasRemaining()) {
                final int more = channel.read(into, position + read);
                if (more <= 0) {
                    break;
                }
                read += more;
            }
            return read;
        }

        @Override
        public void write(long position, ByteBuffer from) throws IOException {
            long at = position;
            while (from.hasRemaining()) {
                at += channel.write(from, at);
            }
        }

        @Override
        public long length() throws IOException {
            return channel.size();
        }

        @Override
        public void setLength(long length) throws IOException {
            final long now = channel.size();
            if (now > length) {
                channel.truncate(length);
            } else if (now < length) {
                write(length - 1, ByteBuffer.allocate(1));
            }
        }

        @Override
        public void force(boolean all) throws IOException {
            channel.force(all);
        }

        @Override
        public void close() throws IOException {
            try {
                channel.close(); // the lock goes with it
            } finally {
                if (alone != null) {
                    OPEN_ALONE.remove(alone);
                }
            }
        }
    }
}
