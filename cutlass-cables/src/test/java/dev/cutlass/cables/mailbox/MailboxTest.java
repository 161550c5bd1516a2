package dev.cutlass.cables.mailbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.cables.queue.MemoryVolume;
import dev.cutlass.cables.queue.Volume;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each mail is put in once, whatever the process and the user do between two attempts. */
final class MailboxTest {
    private static final Path FOLDER = Path.of("/mail/inbox");
    private static final Path JOURNAL = Path.of("/books/mail");
    private static final String KEY = "0123456789012345678901234567890123456789";
    private static final byte[] MAIL = "Subject: hello\n\nhello\n".getBytes(StandardCharsets.UTF_8);

    private final MemoryVolume volume = new MemoryVolume(() -> Instant.EPOCH);

    MailboxTest() throws IOException {
        volume.createDirectory(JOURNAL.getParent());
    }

    private interface Opening {
        Mailbox open(Volume volume) throws IOException;
    }

    private static Mailbox maildir(Volume volume) throws IOException {
        return Maildir.create(volume, FOLDER, JOURNAL);
    }

    private static Mailbox mh(Volume volume) throws IOException {
        return MhFolder.create(volume, FOLDER, JOURNAL);
    }

    static LongStream changes() {
        return LongStream.range(0, 8); // more than a delivery makes: the last ones do not happen
    }

    private void demandOnceWhateverTheUserDoes(Opening opening, Path part, long change) throws IOException {
        for (boolean afterIt : new boolean[] {false, true}) {
            for (boolean userDeletesIt : new boolean[] {false, true}) {
                final MemoryVolume disk = new MemoryVolume(() -> Instant.EPOCH);
                disk.createDirectory(JOURNAL.getParent());
                final Mailbox first = opening.open(disk);
                disk.crashAt(change, afterIt);
                boolean crashed = false;
                try {
                    first.deliver(KEY, MAIL);
                } catch (MemoryVolume.Crash e) {
                    crashed = true;
                }
                disk.revive();
                int seen = mails(disk, part).size();
                if (userDeletesIt) {
                    for (Path mail : mails(disk, part)) {
                        disk.delete(mail);
                    }
                }
                final Mailbox again = opening.open(disk);
                again.deliver(KEY, MAIL);
                again.deliver(KEY, MAIL);
                final int now = mails(disk, part).size();
                final String what = "change " + change + " after it " + afterIt + " crashed " + crashed;
                assertEquals(1, userDeletesIt ? seen + now : now, what);
                assertEquals(Set.of(), disk.names(FOLDER.resolve(Prepared.DIRECTORY)), what);
            }
        }
    }

    /** Whole mails; the empty file that takes a number in MH is none. */
    private static List<Path> mails(MemoryVolume disk, Path part) {
        return disk.names(part).stream()
                .map(part::resolve)
                .filter(file -> !disk.names(part.getParent()).isEmpty() && !disk.isEmpty(file))
                .filter(file -> !file.endsWith(Prepared.DIRECTORY))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("changes")
    void aMaildirHasAMailOnceAfterDeathAtAnyChange(long change) throws IOException {
        demandOnceWhateverTheUserDoes(MailboxTest::maildir, FOLDER.resolve("new"), change);
    }

    @ParameterizedTest
    @MethodSource("changes")
    void anMhFolderHasAMailOnceAfterDeathAtAnyChange(long change) throws IOException {
        demandOnceWhateverTheUserDoes(MailboxTest::mh, FOLDER, change);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":2,", ":2,RS", ",S=22:2,S", ";2,S", "!2,S"})
    void aMailThatAMailProgramMovedToCurIsKnownWithoutTheJournal(String flags) throws IOException {
        maildir(volume).deliver(KEY, MAIL);
        volume.rename(FOLDER.resolve("new").resolve(KEY), FOLDER.resolve("cur").resolve(KEY + flags));
        volume.delete(JOURNAL);
        maildir(volume).deliver(KEY, MAIL);
        assertEquals(Set.of(), volume.names(FOLDER.resolve("new")));
        assertEquals(Set.of(KEY + flags), volume.names(FOLDER.resolve("cur")));
    }

    @Test
    void aReceiptIsAnotherMailThanTheMessage() throws IOException {
        final Mailbox box = maildir(volume);
        box.deliver(KEY + ".receipt", MAIL);
        box.deliver(KEY, MAIL);
        assertEquals(new TreeSet<>(Set.of(KEY, KEY + ".receipt")), new TreeSet<>(volume.names(FOLDER.resolve("new"))));
    }

    @Test
    void aFolderThatIsAwayIsNotMadeAnew() throws IOException {
        for (Opening opening : List.<Opening>of(MailboxTest::maildir, MailboxTest::mh)) {
            final MemoryVolume disk = new MemoryVolume(() -> Instant.EPOCH);
            disk.createDirectory(JOURNAL.getParent());
            final Mailbox box = opening.open(disk);
            disk.away(FOLDER, true);
            assertThrows(IOException.class, () -> box.deliver(KEY, MAIL));
            disk.away(FOLDER, false);
            box.deliver(KEY, MAIL);
            assertEquals(
                    1,
                    mails(disk, FOLDER.resolve("new")).size()
                            + mails(disk, FOLDER).stream()
                                    .filter(file -> file.endsWith("1"))
                                    .count());
        }
    }

    @Test
    void aFolderThatIsOpenedAndNotThereIsNotMade(@TempDir Path temp) throws IOException {
        for (Mailbox box : List.of(
                Maildir.open(temp.resolve("a"), temp.resolve("j")),
                MhFolder.open(temp.resolve("a"), temp.resolve("j")))) {
            assertThrows(IOException.class, () -> box.deliver(KEY, MAIL));
        }
        assertTrue(Files.notExists(temp.resolve("a")));
        Maildir.create(temp.resolve("a"), temp.resolve("j"));
        Maildir.open(temp.resolve("a"), temp.resolve("j")).deliver(KEY, MAIL);
        assertTrue(Files.exists(temp.resolve("a/new").resolve(KEY)));
    }

    @Test
    void aFullDiskCostsNothingButTime() throws IOException {
        for (Opening opening : List.<Opening>of(MailboxTest::maildir, MailboxTest::mh)) {
            final MemoryVolume disk = new MemoryVolume(() -> Instant.EPOCH);
            disk.createDirectory(JOURNAL.getParent());
            final Mailbox box = opening.open(disk);
            disk.full(true);
            assertThrows(IOException.class, () -> box.deliver(KEY, MAIL));
            disk.full(false);
            box.deliver(KEY, MAIL);
            box.deliver(KEY, MAIL);
            assertEquals(Set.of(), disk.names(FOLDER.resolve(Prepared.DIRECTORY)));
        }
    }

    @Test
    void mhCountsOnFromTheHighestNumberAndOverwritesNothing() throws IOException {
        volume.createDirectory(FOLDER);
        for (String name : List.of("7", "12", ",99", "012", "13x", "cur")) {
            volume.write(FOLDER.resolve(name), MAIL);
        }
        final Mailbox box = mh(volume);
        box.deliver(KEY, MAIL);
        box.deliver(KEY + ".receipt", MAIL);
        assertTrue(volume.names(FOLDER).containsAll(Set.of("7", "12", "13", "14", ",99")));
        assertArrayEquals(MAIL, volume.read(FOLDER.resolve("14"), 100));
    }

    @Test
    void filesOnARealDiskAreForTheirOwnerAlone(@TempDir Path temp) throws IOException {
        final Maildir box = Maildir.create(temp.resolve("Maildir"), temp.resolve("journal"));
        box.deliver(KEY, MAIL);
        final MhFolder folder = MhFolder.create(temp.resolve("inbox"), temp.resolve("journal.mh"));
        folder.deliver(KEY, MAIL);
        for (Path file : List.of(temp.resolve("Maildir/new/" + KEY), temp.resolve("inbox/1"))) {
            assertArrayEquals(MAIL, Files.readAllBytes(file));
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        }
    }

    @Test
    void mailInMemoryIsThereOnceAlsoAfterItWasTaken() {
        final MemoryMailbox box = new MemoryMailbox();
        box.deliver(KEY, MAIL);
        box.deliver(KEY, MAIL);
        assertEquals(List.of(KEY), box.keys());
        assertArrayEquals(MAIL, box.take().get(0).bytes());
        box.deliver(KEY, MAIL);
        assertEquals(List.of(), box.take());
    }
}
