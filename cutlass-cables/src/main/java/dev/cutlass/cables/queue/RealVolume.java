package dev.cutlass.cables.queue;

import dev.cutlass.crypto.file.PrivateFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The disk of this machine. What it says is done was forced to it. */
public final class RealVolume implements Volume {
    @Override
    public byte @Nullable [] read(Path file, int maxLength) throws IOException {
        try {
            return PrivateFiles.read(file, maxLength);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    @Override
    public @Nullable Instant modified(Path file) throws IOException {
        try {
            return Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    @Override
    public void write(Path file, byte[] content) throws IOException {
        PrivateFiles.replace(file, content);
    }

    @Override
    public void writeAll(Path directory, Map<String, byte[]> contents) throws IOException {
        PrivateFiles.replaceAll(directory, contents);
    }

    @Override
    public boolean create(Path file) throws IOException {
        try {
            Files.createFile(file);
        } catch (FileAlreadyExistsException e) {
            return false;
        }
        force(file.toAbsolutePath().getParent());
        return true;
    }

    @Override
    public boolean isEmpty(Path file) throws IOException {
        try {
            return Files.size(file) == 0;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    @Override
    public void append(Path file, byte[] content) throws IOException {
        if (Files.notExists(file)) {
            write(file, content);
            return;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            PrivateFiles.writeFully(channel, ByteBuffer.wrap(content));
            channel.force(true);
        }
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException(from + " and " + to + " are not on one file system", e);
        }
        final Path source = from.toAbsolutePath().getParent();
        final Path target = to.toAbsolutePath().getParent();
        force(target); // first: rather in both places than in none
        if (!Objects.equals(source, target)) {
            force(source);
        }
    }

    @Override
    public void delete(Path path) throws IOException {
        if (Files.deleteIfExists(path)) {
            force(path.toAbsolutePath().getParent());
        }
    }

    @Override
    public void deleteAll(Path directory) throws IOException {
        for (String name : names(directory)) {
            Files.deleteIfExists(directory.resolve(name));
        }
        delete(directory);
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        PrivateFiles.createDirectory(directory);
        force(directory.toAbsolutePath().getParent());
    }

    @Override
    public Set<String> names(Path directory) throws IOException {
        final Set<String> names = new HashSet<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
            for (Path child : children) {
                names.add(child.getFileName().toString());
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return Set.of();
        }
        return names;
    }

    /** Makes a change of a directory last; where directories cannot be opened they need not be forced. */
    private static void force(@Nullable Path directory) throws IOException {
        if (directory == null) {
            return;
        }
        final FileChannel channel;
        try {
            channel = FileChannel.open(directory, StandardOpenOption.READ);
        } catch (IOException e) {
            return;
        }
        try (channel) {
            channel.force(true);
        }
    }
}
