package dev.cutlass.cables.queue;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RealVolumeTest {
    private final RealVolume volume = new RealVolume();

    @TempDir
    private Path folder;

    private static Map<String, byte[]> files(int first, int second) {
        return Map.of("a", new byte[] {(byte) first}, "b", new byte[] {(byte) second, 0});
    }

    @Test
    void filesThatAreWrittenTogetherReplaceOthersAndLeaveNothingElse() throws IOException {
        volume.writeAll(folder, files(1, 2));
        volume.writeAll(folder, files(3, 4));

        assertEquals(Set.of("a", "b"), volume.names(folder));
        assertArrayEquals(new byte[] {3}, volume.read(folder.resolve("a"), 9));
        assertArrayEquals(new byte[] {4, 0}, volume.read(folder.resolve("b"), 9));
    }

    @Test
    void theyAreForTheirOwnerAlone() throws IOException {
        assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"), "files have modes");
        volume.writeAll(folder, files(1, 2));

        for (String name : volume.names(folder)) {
            assertEquals(
                    "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name))));
        }
    }

    @Test
    void withoutTheirDirectoryNothingIsWritten() {
        final Path missing = folder.resolve("missing");
        assertThrows(IOException.class, () -> volume.writeAll(missing, files(1, 2)));
    }

    @Test
    void aDirectoryGoesWithItsFilesAndOneThatIsNotThereIsNoError() throws IOException {
        final Path directory = folder.resolve("x");
        volume.createDirectory(directory);
        volume.writeAll(directory, files(1, 2));
        volume.deleteAll(directory);
        volume.deleteAll(directory);

        assertEquals(Set.of(), volume.names(folder));
    }

    @Test
    void aDirectoryInItIsNotFollowed() throws IOException {
        final Path inner = folder.resolve("x").resolve("y");
        volume.createDirectory(inner);
        volume.write(inner.resolve("kept"), new byte[1]);

        assertThrows(IOException.class, () -> volume.deleteAll(folder.resolve("x")));
        assertEquals(Set.of("kept"), volume.names(inner));
    }

    @Test
    void aLinkInItGoesAndWhatItNamesStays() throws IOException {
        final Path directory = folder.resolve("x");
        volume.createDirectory(directory);
        Files.createDirectory(folder.resolve("outside"));
        Files.createSymbolicLink(directory.resolve("link"), folder.resolve("outside"));
        volume.deleteAll(directory);

        assertEquals(Set.of("outside"), volume.names(folder));
    }

    @Test
    void aFileIsMovedIntoAnotherDirectoryAndWithinOne() throws IOException {
        volume.createDirectory(folder.resolve("x"));
        volume.write(folder.resolve("a"), new byte[] {7});
        volume.rename(folder.resolve("a"), folder.resolve("b"));
        volume.rename(folder.resolve("b"), folder.resolve("x").resolve("c"));

        assertEquals(Set.of("x"), volume.names(folder));
        assertArrayEquals(new byte[] {7}, volume.read(folder.resolve("x").resolve("c"), 9));
    }
}
