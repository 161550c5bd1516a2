package dev.cutlass.store.file;

import dev.cutlass.event.TransferFailure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
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
import org.jspecify.annotations.Nullable;

/** A folder of this machine. One thread at a time. */
final class RealFolder implements Disk.Folder {
    private final RealDisk disk;
    private final Path path;
    private final @Nullable SecureDirectoryStream<Path> secure;

    /** @param secure the open folder, if the system can open names relative to it; closed with this */
    RealFolder(RealDisk disk, Path path, @Nullable SecureDirectoryStream<Path> secure) {
        this.disk = disk;
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
    public Disk.@Nullable Stat stat(String name) throws IOException {
        final BasicFileAttributes found;
        try {
            found = view(name).readAttributes();
        } catch (NoSuchFileException e) {
            return null;
        }
        final Disk.Kind kind =
                found.isRegularFile() ? Disk.Kind.FILE : found.isDirectory() ? Disk.Kind.FOLDER : Disk.Kind.OTHER;
        return new Disk.Stat(kind, found.size(), found.lastModifiedTime().toMillis(), found.fileKey());
    }

    @Override
    public boolean isSame(String name, Disk.Folder other, String otherName) throws IOException {
        final Disk.Stat one = stat(name);
        final Disk.Stat two = other.stat(otherName);
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
    public Disk.Folder folder(String name) throws IOException {
        final Path full = full(name);
        return secure == null
                ? disk.open(full)
                : disk.open(full, secure.newDirectoryStream(part(name), LinkOption.NOFOLLOW_LINKS));
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
    public Disk.OpenFile create(String name) throws IOException {
        return new RealFile(
                channel(
                        name,
                        Set.of(
                                StandardOpenOption.CREATE_NEW,
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE,
                                StandardOpenOption.SPARSE,
                                LinkOption.NOFOLLOW_LINKS)),
                () -> {});
    }

    @Override
    public Disk.OpenFile openFile(String name) throws IOException {
        return new RealFile(
                channel(name, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)),
                () -> {});
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
    public Disk.@Nullable OpenFile openAlone(String name, boolean make) throws IOException {
        return OpenAlone.open(
                full(name),
                () -> channel(
                        name,
                        make
                                ? Set.of(
                                        StandardOpenOption.CREATE_NEW,
                                        StandardOpenOption.READ,
                                        StandardOpenOption.WRITE,
                                        LinkOption.NOFOLLOW_LINKS)
                                : Set.of(
                                        StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)));
    }

    @Override
    public boolean link(Disk.Folder from, String existing, String name) throws IOException {
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
    public void move(Disk.Folder from, String existing, String name) throws IOException {
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
