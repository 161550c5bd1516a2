package dev.cutlass.store.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.file.JournalCodec;
import dev.cutlass.file.JournalRecord;
import dev.cutlass.file.Manifest;
import dev.cutlass.file.tree.Root;
import dev.cutlass.file.tree.TreeShape;
import dev.cutlass.fixtures.Seeds;
import dev.cutlass.wire.Id128;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What an earlier run left on the disk of this machine. Crashes are in {@link CrashTest}. */
final class PartialFileRestartTest extends PartialFileScene {
    static LongStream seeds() {
        return Seeds.oneIn(10);
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
    void closingItTwiceTakesItFromNobody() throws IOException {
        final PartialFile first = complete(SOME, "a");
        first.close();
        try (PartialFile second = only()) {
            first.close();
            assertEquals(List.of(), folder.scan(0).found());
            assertFalse(second.isNamed());
        }
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
