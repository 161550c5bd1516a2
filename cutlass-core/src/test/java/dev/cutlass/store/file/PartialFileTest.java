package dev.cutlass.store.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cutlass.event.TransferFailure;
import dev.cutlass.file.JournalCodec;
import dev.cutlass.file.JournalRecord;
import dev.cutlass.file.Manifest;
import dev.cutlass.file.SafeNames;
import dev.cutlass.file.tree.HashTree;
import dev.cutlass.file.tree.HeapHashStore;
import dev.cutlass.file.tree.Root;
import dev.cutlass.file.tree.TreeBuilder;
import dev.cutlass.file.tree.TreeShape;
import dev.cutlass.fixtures.Seeds;
import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.Id128;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** On the disk of this machine. Crashes are in {@link CrashTest}. */
final class PartialFileTest {
    private static final Id128 ID = new Id128(0x0123456789abcdefL, 0xfedcba9876543210L);
    private static final Fetched SOME = new Fetched(random(3 * TreeShape.BLOCK + 5));

    @TempDir
    Path temporary;

    private Path target;
    private PartialFolder folder;

    private static byte[] random(int length) {
        final byte[] bytes = new byte[length];
        new SplittableRandom(7).nextBytes(bytes);
        return bytes;
    }

    static LongStream seeds() {
        return Seeds.oneIn(10);
    }

    @BeforeEach
    void makeTarget() throws IOException {
        target = Files.createDirectory(temporary.toRealPath().resolve("d"));
        folder = new PartialFolder(SafeFolder.of(target, false));
    }

    private PartialFile begin(Fetched what, String name) throws IOException {
        return folder.create(ID, what.head(name, false));
    }

    private PartialFile complete(Fetched what, String name) throws IOException {
        final PartialFile file = begin(what, name);
        what.bring(file, new SplittableRandom(1));
        return file;
    }

    private Path work(String suffix) {
        return target.resolve(".cutlass").resolve(ID + suffix);
    }

    private Set<String> names() throws IOException {
        try (Stream<Path> all = Files.walk(temporary)) {
            return all.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .map(path -> temporary.relativize(path).toString().replace('\\', '/'))
                    .collect(Collectors.toSet());
        }
    }

    private PartialFile only() throws IOException {
        final PartialFolder.Scan scan = folder.scan(0);
        assertEquals(List.of(), scan.failed());
        assertEquals(1, scan.found().size());
        return scan.found().get(0);
    }

    private static TransferFailure failure(Executable call) {
        return assertThrows(StoreException.class, call).failure();
    }

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
    void afterARestartItGoesOnWhereItWas() throws IOException {
        try (PartialFile file = begin(SOME, "a")) {
            file.noteChapter(SOME.tree.chapter(0));
            file.write(2, SOME.block(2));
            file.noteBlocks(2, 3);
            file.sync();
            file.write(0, SOME.block(0));
            file.noteBlocks(0, 1);
            file.write(1, SOME.block(1)); // not noted: does not count
            file.notePaused(true);
            file.noteHolder(Fetched.PEER);
            assertEquals(TreeShape.BLOCK, file.unsynced());
        }
        final PartialFile file = only();
        assertEquals(SOME.head("a", false), file.head());
        assertEquals("[1, 2) [3, 4)", file.state().gaps().toString());
        assertTrue(file.state().isPaused());
        assertEquals(SOME.tree.chapter(0), file.chapter(0));
        assertNull(file.chapter(1));
        assertEquals(ID.toString(), file.id());
        file.closePart();
        SOME.bring(file, new SplittableRandom(2));
        file.finish("a");
        file.forget();
        assertArrayEquals(SOME.content, Files.readAllBytes(target.resolve("a")));
    }

    @Test
    void whatWasNotSyncedAndIsWrongIsAskedForAgainAndNoSyncHidesThat() throws IOException {
        try (PartialFile file = complete(SOME, "a")) {
            assertEquals(0, file.state().gaps().missing());
        }
        // The journal without its SYNCs, as if the machine had crashed before any
        withoutSyncs();
        flip(work(".part"), TreeShape.BLOCK + 7);
        for (int i = 0; i < 3; i++) {
            try (PartialFile file = only()) {
                assertEquals("[1, 2)", file.state().gaps().toString());
                file.sync();
            }
        }
        final PartialFile file = only();
        SOME.bring(file, new SplittableRandom(2));
        file.sync();
        file.finish("a");
        file.forget();
        assertArrayEquals(SOME.content, Files.readAllBytes(target.resolve("a")));
    }

    private void withoutSyncs() throws IOException {
        final PartialFolder other =
                new PartialFolder(SafeFolder.of(Files.createDirectory(temporary.resolve("x")), false));
        try (PartialFile copy = other.create(ID, SOME.head("a", false))) {
            copy.noteChapter(SOME.tree.chapter(0));
            copy.noteBlocks(0, 4);
        }
        Files.move(
                temporary.resolve("x/.cutlass/" + ID + ".journal"),
                work(".journal"),
                StandardCopyOption.REPLACE_EXISTING);
    }

    private static void flip(Path file, long place) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(place);
            final int was = bytes.read();
            bytes.seek(place);
            bytes.write(was ^ 1);
        }
    }

    @Test
    void whatWasSyncedIsTrustedUnlessAllIsVerified() throws IOException {
        try (PartialFile file = complete(SOME, "a")) {
            file.sync();
        }
        flip(work(".part"), 3 * TreeShape.BLOCK);
        final PartialFile file = only();
        assertTrue(file.state().gaps().isComplete());
        assertEquals(1, file.verifyAll());
        assertEquals("[3, 4)", file.state().gaps().toString());
        SOME.bring(file, new SplittableRandom(2));
        assertEquals(0, file.verifyAll());
        file.finish("a");
        file.forget();
        assertArrayEquals(SOME.content, Files.readAllBytes(target.resolve("a")));
    }

    @Test
    void withoutItsPartATransferBeginsAnewAndStaysThatWay() throws IOException {
        try (PartialFile file = complete(SOME, "a")) {
            file.notePaused(true);
            file.sync();
        }
        Files.delete(work(".part"));
        for (int i = 0; i < 2; i++) {
            try (PartialFile file = only()) {
                assertEquals(4, file.state().gaps().missing());
                assertTrue(file.state().isPaused());
            }
        }
        only().discard();
        assertEquals(Set.of(), names());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aJournalThatIsCutOrDamagedAnywhereCostsNoMoreThanWhatIsBehind(long seed) {
        Seeds.run(seed, s -> {
            final SplittableRandom random = new SplittableRandom(s);
            final Fetched what = Fetched.any(random);
            final PartialFile before = begin(what, "a");
            what.bring(before, random);
            before.close();
            final byte[] journal = Files.readAllBytes(work(".journal"));
            if (random.nextBoolean()) {
                Files.write(work(".journal"), Arrays.copyOf(journal, random.nextInt(journal.length)));
            } else {
                flip(work(".journal"), random.nextInt(journal.length));
            }
            final List<PartialFile> found = folder.scan(0).found();
            final PartialFile file = found.isEmpty() ? begin(what, "a") : found.get(0);
            what.bring(file, random);
            file.finish("a");
            file.forget();
            assertTrue(what.isContent(Files.readAllBytes(target.resolve("a"))));
            assertEquals(Set.of("d/a"), names());
            Files.delete(target.resolve("a"));
        });
    }

    @Test
    void aJournalWithUnsafeNamesIsRemoved() throws IOException {
        begin(SOME, "a").close();
        final JournalRecord.Head evil = SOME.head("../../x", false);
        Files.write(work(".journal"), JournalCodec.encode(evil, 0));
        assertEquals(List.of(), folder.scan(0).found());
        assertEquals(Set.of(), names());
    }

    @Test
    void leftoversAreSweptAndWhatIsNotOursIsLetBe() throws IOException {
        final Path work = Files.createDirectory(target.resolve(".cutlass"));
        Files.writeString(work.resolve(ID + ".part"), "no journal");
        Files.writeString(work.resolve(new Id128(0, 1) + ".journal"), "void");
        Files.writeString(work.resolve(new Id128(0, 1) + ".part"), "its part");
        Files.writeString(work.resolve(new Id128(0, 2) + ".journal"), "");
        Files.createSymbolicLink(work.resolve(new Id128(0, 3) + ".part"), temporary);
        Files.writeString(work.resolve("notes.txt"), "mine");
        assertEquals(List.of(), folder.scan(0).found());
        assertEquals(Set.of("d/.cutlass/notes.txt"), names());
        Files.delete(work.resolve("notes.txt"));
        assertEquals(List.of(), folder.scan(0).failed());
        assertFalse(Files.exists(work));
    }

    @Test
    void whatIsTooOldIsRemovedAndTold() throws IOException {
        complete(SOME, "a").close();
        final long touched = Files.getLastModifiedTime(work(".journal")).toMillis();
        only().close();
        Files.setLastModifiedTime(work(".journal"), FileTime.fromMillis(touched));
        final PartialFolder.Scan young = folder.scan(touched + PartialFolder.MAX_AGE_MILLIS);
        assertEquals(1, young.found().size());
        young.found().get(0).close();
        Files.setLastModifiedTime(work(".journal"), FileTime.fromMillis(touched));
        final PartialFolder.Scan old = folder.scan(touched + PartialFolder.MAX_AGE_MILLIS + 1);
        assertEquals(List.of(), old.found());
        assertEquals(List.of(SOME.head("a", false)), old.expired());
        assertEquals(Set.of(), names());
    }

    @Test
    void whatOneHasNobodyElseTakes() throws IOException {
        final PartialFile file = complete(SOME, "a");
        assertEquals(List.of(), folder.scan(0).found());
        assertEquals(
                List.of(),
                new PartialFolder(SafeFolder.of(target, false)).scan(0).found());
        file.finish("a");
        file.forget();
        assertEquals(Set.of("d/a"), names());
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

    @Test
    void aFolderKeepsItsNameItsManifestAndWhichEntriesAreDone() throws IOException {
        final byte[] start = Manifest.start();
        final byte[] entry = Manifest.encode(new Manifest.Entry(true, 0, -1, new Root(0, 0, 0, 0), "sub"));
        final byte[] manifest = Arrays.copyOf(start, start.length + entry.length);
        System.arraycopy(entry, 0, manifest, start.length, entry.length);
        final Fetched list = new Fetched(manifest);
        final JournalRecord.Head head = new JournalRecord.Head(
                true, false, ID, Fetched.PEER, list.root, manifest.length, 3, 100, -1, 0, "photos", Id128.ZERO, 0);
        Files.createDirectory(target.resolve("photos"));
        try (PartialFile file = folder.create(ID, head)) {
            list.bring(file, new SplittableRandom(1));
            assertEquals("photos (2)", file.claimFolder("photos"));
            assertEquals("photos (2)", file.claimFolder("photos"));
            assertEquals(target.resolve("photos (2)"), file.path());
            file.noteEntries(0, 2);
            assertThrows(IllegalStateException.class, file::forget);
            assertThrows(IllegalStateException.class, () -> file.finish("photos"));
        }
        Files.delete(target.resolve("photos (2)"));
        try (PartialFile file = only()) {
            assertEquals("[2, 3)", file.state().entryGaps().toString());
            assertEquals("photos (2)", file.claimFolder("photos"), "the name of last time");
            final Manifest.Reader reader = new Manifest.Reader(file::read);
            assertEquals("sub", Objects.requireNonNull(reader.next()).name());
            assertNull(reader.next());
            assertFalse(reader.isMalformed());
        }
        Files.delete(work(".part"));
        try (PartialFile file = only()) {
            assertEquals("[2, 3)", file.state().entryGaps().toString(), "what is done is done");
            assertEquals(1, file.state().gaps().missing());
            assertEquals("photos (2)", file.claimFolder("photos"));
        }
        final PartialFile file = only();
        file.noteEntries(2, 3);
        file.forget();
        assertFalse(Files.exists(target.resolve(".cutlass")));
        assertTrue(Files.isDirectory(target.resolve("photos (2)")));
    }
}
