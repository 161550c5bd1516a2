package dev.cutlass.spi;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A file on the disk. One thread at a time. */
final class PathSource implements FileSource {
    private final Path file;
    private @Nullable FileChannel channel;

    PathSource(Path file) {
        this.file = file;
    }

    @Override
    public long length() throws IOException {
        return attributes().size();
    }

    @Override
    public int read(long position, ByteBuffer into) throws IOException {
        FileChannel from = channel;
        if (from == null) {
            attributes(); // to open a pipe would wait for its other end
            from = FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
            channel = from;
        }
        int read = 0;
        while (into.hasRemaining()) {
            final int more = from.read(into, position + read);
            if (more <= 0) {
                break;
            }
            read += more;
        }
        return read;
    }

    @Override
    public Object stamp() throws IOException {
        final BasicFileAttributes now = attributes();
        return now.size() + " " + now.lastModifiedTime().to(TimeUnit.NANOSECONDS) + " " + now.fileKey();
    }

    private BasicFileAttributes attributes() throws IOException {
        final BasicFileAttributes found =
                Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!found.isRegularFile()) {
            throw new FileSystemException(file.toString(), null, "is no regular file");
        }
        return found;
    }

    @Override
    public void close() throws IOException {
        final FileChannel open = channel;
        channel = null;
        if (open != null) {
            open.close();
        }
    }
}
