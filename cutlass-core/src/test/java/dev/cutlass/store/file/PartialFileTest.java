package dev.cutlass.store.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cutlass.event.TransferFailure;
import dev.cutlass.file.JournalRecord;
import dev.cutlass.file.SafeNames;
import dev.cutlass.file.tree.HashTree;
import dev.cutlass.file.tree.HeapHashStore;
import dev.cutlass.file.tree.Root;
import dev.cutlass.file.tree.TreeBuilder;
import dev.cutlass.file.tree.TreeShape;
import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.Id128;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Blocks, names and the end, on the disk of this machine. Crashes are in {@link CrashTest}. */
final class PartialFileTest extends PartialFileScene {
    @ParameterizedTest
    @ValueSource(strings = {"a.txt", "sub/deep/a.txt", "caf\u00e9.txt"})
    void aFileGetsItsNameContentAndTimeAndNothingElseIsLeft(String name) throws IOException {
        final PartialFile file = complete(SOME, name);
        assertFalse(Files.exists(target.resolve(name)), "before it is complete it has no name");
        assertEquals(target.resolve(name), file.finish(name));
        assertTrue(file.isNamed());
        assertEquals(target.resolve(name), file.finish(name), "a second time changes nothing");
        file.forget();

        assertArrayEquals(SOME.content, Files.readAllBytes(target.resolve(name)));
        assertEquals(
                Fetched.MODIFIED,
                Files.getLastModifiedTime(target.resolve(name)).toMillis());
        assertEquals(Set.of("d/" + name), names());
        assertFalse(Files.exists(target.resolve(".cutlass")));
    }

    @Test
    void anEmptyFileNeedsNoBlocks() throws IOException {
        final PartialFile file = begin(new Fetched(new byte[0]), "empty");
        file.finish("empty");
        file.forget();
        assertEquals(0, Files.size(target.resolve("empty")));
        assertEquals(Set.of("d/empty"), names());
    }

    @Test
    void nothingIsNamedBeforeAllOfItIsThere() throws IOException {
        final PartialFile file = begin(SOME, "a");
        file.write(0, SOME.block(0));
        file.noteBlocks(0, 1);
        assertThrows(IllegalStateException.class, () -> file.finish("a"));
        assertThrows(IllegalStateException.class, file::forget);
        assertThrows(IllegalStateException.class, file::path);
        assertThrows(IllegalArgumentException.class, () -> file.write(1, Bytes.EMPTY));
        file.discard();
        assertEquals(Set.of(), names());
    }

    @Test
    void onlyTheOwnerMayLookIntoTheFolderOfParts() throws IOException {
        try (PartialFile file = begin(SOME, "a")) {
            assumeTrue(
                    Files.getFileStore(target).supportsFileAttributeView("posix"), "has no permissions of that kind");
            assertEquals(
                    "rwx------",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(target.resolve(".cutlass"))));
            assertNotNull(file.id());
        }
    }

    @Test
    void aNameThatIsTakenIsNumberedAndNothingIsReplaced() throws IOException {
        Files.writeString(target.resolve("a.txt"), "mine");
        Files.createDirectory(target.resolve("a (2).txt"));
        Files.createSymbolicLink(target.resolve("a (3).txt"), temporary.resolve("nowhere"));
        final PartialFile file = complete(SOME, "a.txt");
        assertEquals(target.resolve("a (4).txt"), file.finish("a.txt"));
        file.forget();
        assertEquals("mine", Files.readString(target.resolve("a.txt")));
        assertFalse(Files.exists(temporary.resolve("nowhere")));
        assertArrayEquals(SOME.content, Files.readAllBytes(target.resolve("a (4).txt")));
    }

    @Test
    void whatMayBeReplacedIsUnlessItIsNoFile() throws IOException {
        Files.writeString(target.resolve("a"), "old");
        Files.createSymbolicLink(target.resolve("b"), target.resolve("a"));
        for (String name : List.of("a", "b")) {
            final PartialFile file = folder.create(new Id128(1, name.charAt(0)), SOME.head(name, true));
            SOME.bring(file, new SplittableRandom(1));
            file.finish(name);
            file.forget();
        }
        assertArrayEquals(SOME.content, Files.readAllBytes(target.resolve("a")));
        assertArrayEquals(SOME.content, Files.readAllBytes(target.resolve("b (2)")));
        assertEquals(Set.of("d/a", "d/b", "d/b (2)"), names());
    }

    @Test
    void aLinkOnTheWayIsNotEntered() throws IOException {
        final Path outside = Files.createDirectory(temporary.resolve("outside"));
        Files.createSymbolicLink(target.resolve("sub"), outside);
        Files.writeString(target.resolve("file"), "mine");
        final PartialFile file = complete(SOME, "sub/a");
        assertEquals(TransferFailure.EXISTS, failure(() -> file.finish("sub/a")));
        assertEquals(TransferFailure.EXISTS, failure(() -> file.finish("file/a")));
        assertEquals(target.resolve("other"), file.finish("other"), "another name is as good");
        file.forget();
        assertEquals(Set.of("d/sub", "d/file", "d/other"), names());
    }

    @Test
    void aFolderOfPartsThatIsALinkIsNotUsed() throws IOException {
        final Path outside = Files.createDirectory(temporary.resolve("outside"));
        Files.writeString(outside.resolve(ID + ".part"), "mine");
        Files.createSymbolicLink(target.resolve(".cutlass"), outside);
        assertEquals(TransferFailure.WRITE_FAILED, failure(() -> begin(SOME, "a")));
        assertEquals(List.of(), folder.scan(0).found());
        assertEquals(Set.of("d/.cutlass", "outside/" + ID + ".part"), names());
    }

    @ParameterizedTest
    @ValueSource(strings = {"../a", "/a", "a/../../b", "", ".", "a//b", "C:a", "a\0b", ".cutlass/x.part", ".CUTLASS/y"})
    void aNameThatIsNotSafeIsRefusedBeforeAnythingIsMade(String name) throws IOException {
        assertEquals(TransferFailure.BAD_NAME, failure(() -> begin(SOME, name)));
        final PartialFile file = complete(SOME, "a");
        assertEquals(TransferFailure.BAD_NAME, failure(() -> file.finish(name)));
        file.discard();
        assertEquals(Set.of(), names());
    }

    @Test
    void aNameThatIsTooLongWithItsFoldersIsRefused() throws IOException {
        final String longest = ("x".repeat(200) + "/").repeat(5) + "y".repeat(19);
        assertEquals(SafeNames.MAX_NAME, longest.length());
        for (int i = 0; i < 2; i++) {
            final PartialFile file = complete(SOME, longest);
            if (i == 0) {
                file.finish(longest);
                file.forget();
            } else {
                assertEquals(TransferFailure.BAD_NAME, failure(() -> file.finish(longest)), "no room for a number");
                file.discard();
            }
        }
        assertEquals(1, names().size());
    }

    @Test
    void aFolderThatVanishedIsSaidAndGivingUpWorks() throws IOException {
        final PartialFile file = complete(SOME, "a");
        Files.delete(work(".part"));
        Files.delete(work(".journal"));
        Files.delete(target.resolve(".cutlass"));
        Files.delete(target);
        assertEquals(TransferFailure.WRITE_FAILED, failure(() -> file.finish("a")));
        assertEquals(TransferFailure.WRITE_FAILED, failure(() -> begin(SOME, "b")));
        assertEquals(TransferFailure.WRITE_FAILED, failure(() -> folder.scan(0)));
        file.discard();
        assertEquals(Set.of(), names());
        assertEquals(TransferFailure.WRITE_FAILED, failure(() -> SafeFolder.of(target, false)));
    }

    @Test
    void aFolderThatMayNotBeWrittenIsSaid() throws IOException {
        assumeFalse("root".equals(System.getProperty("user.name")), "root may write everywhere");
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("r-xr-xr-x"));
        try {
            assertEquals(TransferFailure.WRITE_FAILED, failure(() -> begin(SOME, "a")));
        } finally {
            Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    @Test
    void aFolderInWhichNothingCanBeMadeIsSaid() throws IOException {
        assumeTrue(Files.isDirectory(Path.of("/proc/self")), "this system has no such folder");
        final PartialFolder odd = new PartialFolder(SafeFolder.of(Path.of("/proc"), false));
        assertEquals(TransferFailure.WRITE_FAILED, failure(() -> odd.create(ID, SOME.head("a", false))));
    }

    @Test
    void aFileOfMoreThan4GiBKeepsItsHoles() throws Exception {
        final TreeShape shape = new TreeShape(5L << 30);
        final byte[] block = random(TreeShape.BLOCK);
        final byte[] zeros = new byte[TreeShape.BLOCK];
        final long full = shape.blocks() - 3;
        final HeapHashStore store = new HeapHashStore(shape);
        final TreeBuilder builder = new TreeBuilder(shape, store);
        for (long i = 0; i < shape.blocks(); i++) {
            builder.addBlock(i == full ? block : zeros, 0, TreeShape.BLOCK);
        }
        final Root root = builder.finish();
        final HashTree tree = new HashTree(shape, store);
        final JournalRecord.Head head = new JournalRecord.Head(
                false, false, ID, Fetched.PEER, root, shape.length(), 1, shape.length(), -1, 0, "big", Id128.ZERO, 0);
        try (PartialFile file = folder.create(ID, head)) {
            for (long chapter = 0; chapter < shape.chapters(); chapter++) {
                file.noteChapter(tree.chapter(chapter));
            }
            file.noteHole(0, full);
            assertEquals(
                    shape.bytes(0, full) / 16 + shape.blocks() * 32, file.unsynced(), "zeros count less than data");
            file.sync();
        }
        final PartialFile file = only();
        assertEquals(3, file.state().gaps().missing());
        assertEquals(tree.chapter(79), file.chapter(79));
        file.write(full, Bytes.of(block));
        file.write(full + 1, Bytes.of(zeros));
        file.noteBlocks(full, full + 2);
        file.noteHole(full + 2, full + 3);
        file.finish("big");
        file.forget();
        final Path big = target.resolve("big");
        assertEquals(5L << 30, Files.size(big));
        try (RandomAccessFile bytes = new RandomAccessFile(big.toFile(), "r")) {
            bytes.seek(shape.position(full));
            final byte[] read = new byte[TreeShape.BLOCK];
            bytes.readFully(read);
            assertArrayEquals(block, read);
        }
        final Process du = new ProcessBuilder("du", "-k", big.toString()).start();
        final String used = new String(du.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assumeTrue(du.waitFor() == 0, "du cannot be run here");
        assertTrue(Long.parseLong(used.split("\\s")[0]) < 1_024, used);
    }
}
