package dev.cutlass.store.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.event.TransferFailure;
import dev.cutlass.file.tree.TreeShape;
import dev.cutlass.spi.FileSink;
import dev.cutlass.spi.FileSource;
import dev.cutlass.spi.MemorySink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What goes, and what takes what comes, other than a folder. */
final class SourceFileTest {
    private static final byte[] CONTENT = "0123456789".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path folder;

    private static TransferFailure failure(Executable call) {
        return assertThrows(StoreException.class, call).failure();
    }

    private Path file() throws IOException {
        final Path file = folder.resolve("file");
        Files.write(file, CONTENT);
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));
        return file;
    }

    @Test
    void aFileIsReadInAnyOrderAndAgainAfterItWasClosed() throws IOException {
        try (SourceFile source = SourceFile.open(file())) {
            assertEquals(10, source.length());
            final ByteBuffer into = ByteBuffer.allocate(4);
            assertEquals(3, source.read(7, into));
            assertArrayEquals("789\0".getBytes(StandardCharsets.US_ASCII), into.array());
            source.close();
            assertArrayEquals(CONTENT, source.readBlock(0));
            assertEquals(0, source.read(10, ByteBuffer.allocate(4)));
            assertEquals(0, source.read(11, ByteBuffer.allocate(4)));
        }
    }

    @Test
    void aSourceThatChangesInAnyWayIsNoticedAtTheNextRead() throws IOException {
        final Path file = file();
        final SourceFile longer = SourceFile.open(file);
        Files.write(file, new byte[] {1}, StandardOpenOption.APPEND);
        assertEquals(TransferFailure.CHANGED, failure(() -> longer.readBlock(0)));
        final SourceFile touched = SourceFile.open(file);
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_001));
        assertEquals(TransferFailure.CHANGED, failure(touched::check));
        final SourceFile replaced = SourceFile.open(file);
        replaced.readBlock(0);
        final Path other = Files.copy(file, folder.resolve("other"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        assertEquals(TransferFailure.CHANGED, failure(() -> replaced.readBlock(0)));
        final SourceFile gone = SourceFile.open(file);
        Files.delete(file);
        assertEquals(TransferFailure.READ_FAILED, failure(() -> gone.readBlock(0)));
        assertEquals(TransferFailure.READ_FAILED, failure(() -> SourceFile.open(file)));
        replaced.close();
    }

    @Test
    void aSourceThatBecomesShorterBetweenLookAndReadIsNoticed() throws IOException {
        final FileSource liar = new FileSource() {
            @Override
            public long length() {
                return 20;
            }

            @Override
            public int read(long position, ByteBuffer into) throws IOException {
                return FileSource.of(CONTENT).read(position, into);
            }

            @Override
            public Object stamp() {
                return "same";
            }
        };
        assertEquals(TransferFailure.CHANGED, failure(() -> SourceFile.of(liar).readBlock(0)));
    }

    @Test
    void aLinkIsFollowedWhereTheApplicationNamesItAndNotByASource() throws IOException {
        final Path link = Files.createSymbolicLink(folder.resolve("link"), file());
        try (SourceFile source = SourceFile.open(link)) {
            assertArrayEquals(CONTENT, source.readBlock(0));
        }
        assertEquals(TransferFailure.READ_FAILED, failure(() -> SourceFile.of(FileSource.of(link))));
        assertEquals(TransferFailure.READ_FAILED, failure(() -> SourceFile.open(folder)));
    }

    @Test
    void aLengthThatNoFileMayHaveIsRefused() {
        for (long length : new long[] {-1, TreeShape.MAX_FILE_LENGTH + 1}) {
            final FileSource odd = new FileSource() {
                @Override
                public long length() {
                    return length;
                }

                @Override
                public int read(long position, ByteBuffer into) {
                    return 0;
                }

                @Override
                public Object stamp() {
                    return "";
                }
            };
            assertEquals(
                    length < 0 ? TransferFailure.READ_FAILED : TransferFailure.TOO_LARGE,
                    failure(() -> SourceFile.of(odd)));
        }
    }

    @Test
    void contentInMemoryIsASourceThatNeverChanges() throws IOException {
        try (SourceFile source = SourceFile.of(FileSource.of(CONTENT))) {
            assertArrayEquals(CONTENT, source.readBlock(0));
            source.check();
            assertEquals(source.stamp(), SourceFile.of(FileSource.of(CONTENT)).stamp());
        }
        assertNotEquals("", SourceFile.open(file()).stamp());
    }

    @Test
    void aSinkInMemoryGrowsToItsBoundAndNotBeyond() throws IOException {
        final MemorySink sink = FileSink.ofMemory(12);
        assertEquals(12, sink.maxLength());
        sink.write(6, ByteBuffer.wrap(CONTENT, 6, 4));
        sink.write(0, ByteBuffer.wrap(CONTENT, 0, 6));
        assertThrows(IllegalStateException.class, sink::content);
        assertThrows(IOException.class, () -> sink.write(3, ByteBuffer.wrap(CONTENT)));
        sink.complete();
        assertArrayEquals(CONTENT, sink.content());
        assertThrows(IllegalArgumentException.class, () -> FileSink.ofMemory(-1));
        final MemorySink aborted = FileSink.ofMemory(12);
        aborted.write(0, ByteBuffer.wrap(CONTENT));
        aborted.abort(TransferFailure.CANCELLED);
        assertThrows(IllegalStateException.class, aborted::content);
        assertFalse(aborted.isInOrder());
    }

    @Test
    void aStreamTakesBytesInOrderAndIsFlushedAndClosed() throws IOException {
        final AtomicBoolean flushed = new AtomicBoolean();
        final AtomicBoolean closed = new AtomicBoolean();
        final ByteArrayOutputStream out = new ByteArrayOutputStream() {
            @Override
            public void flush() {
                flushed.set(true);
            }

            @Override
            public void close() {
                closed.set(true);
            }
        };
        final FileSink sink = FileSink.ofStream(out);
        assertTrue(sink.isInOrder());
        sink.write(0, ByteBuffer.wrap(CONTENT, 0, 4));
        assertThrows(IOException.class, () -> sink.write(5, ByteBuffer.wrap(CONTENT, 5, 1)));
        sink.write(4, ByteBuffer.wrap(Arrays.copyOfRange(CONTENT, 4, 10)).asReadOnlyBuffer());
        sink.complete();
        assertTrue(flushed.get());
        sink.close();
        assertTrue(closed.get());
        assertArrayEquals(CONTENT, out.toByteArray());
    }
}
