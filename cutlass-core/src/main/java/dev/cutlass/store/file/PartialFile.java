package dev.cutlass.store.file;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.TransferFailure;
import dev.cutlass.file.GapTree;
import dev.cutlass.file.JournalRecord;
import dev.cutlass.file.JournalState;
import dev.cutlass.file.tree.ChapterHashes;
import dev.cutlass.file.tree.TreeHasher;
import dev.cutlass.file.tree.TreeShape;
import dev.cutlass.wire.Bytes;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A file that comes: its part and its journal, from the first block to the final name. docs/files.md section 7. Whatever happens between two of its steps, {@link PartialFolder#scan} finds it again. A folder that comes is
 * such a file, too: its manifest, with a journal that also tells which entries are done.
 *
 * <p>Who has one does, in this order: {@link #write} a verified block, then {@link #noteBlocks}; {@link #sync} now and then; {@link #finish}; tell others that it is complete; {@link #forget}. Or {@link #discard} instead.
 * Every method that fails leaves all as it was, and may be called again.
 *
 * <p>One thread at a time; blocks.
 */
public final class PartialFile implements Closeable {
    static final String PART = ".part";
    static final String JOURNAL = ".journal";

    /** What a crash of the machine may cost: {@link #sync} is due when so much is {@link #unsynced}, in bytes. */
    public static final long SYNC_BYTES = 64L << 20;

    /** Likewise, after so long with something unsynced. */
    public static final long SYNC_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** Zeros that nobody wrote are verified faster after a crash than what was written, and have no data to sync. */
    private static final int HOLE_DISCOUNT = 16;

    private final PartialFolder home;
    private final String id;
    private final JournalFile journal;
    private final FinalName naming;
    private final PartCheck check;
    private final OpenPart part;
    private final PartSync syncing;
    private boolean named;

    private PartialFile(PartialFolder home, String id, JournalFile journal) {
        this.home = home;
        this.id = id;
        this.journal = journal;
        this.naming = new FinalName(home, journal, id);
        this.check = new PartCheck(journal);
        this.part = new OpenPart(home, id);
        this.syncing = new PartSync(home, journal, check, part);
    }

    /** Begins, behind a journal that is there. */
    static PartialFile fresh(PartialFolder home, Disk.Folder work, String id, JournalFile journal) throws IOException {
        final PartialFile file = new PartialFile(home, id, journal);
        file.part.create(work);
        file.syncing.changed(0);
        return file;
    }

    /** Goes on with what a journal says. */
    static PartialFile resumed(PartialFolder home, Disk.Folder work, String id, JournalFile journal)
            throws IOException {
        final PartialFile file = new PartialFile(home, id, journal);
        file.named = !file.head().folder() && file.naming.resume(work);
        if (!file.named) {
            file.resume(work);
        }
        return file;
    }

    private void resume(Disk.Folder work) throws IOException {
        try {
            if (work.stat(id + PART) == null) {
                journal.beginAnew();
                part.create(work);
            } else {
                check.verifyUnsynced(part.file());
            }
            syncing.changed(0);
        } finally {
            part.close(); // until it is its turn
        }
    }

    // -- what is known

    /** 32 hexadecimal digits: the name of part and journal. As {@link JournalRecord.Head#parent} of entries it says whose they are. */
    public String id() {
        return id;
    }

    /** What its journal says. To be read only. */
    public JournalState state() {
        return journal.state();
    }

    public JournalRecord.Head head() {
        return state().head();
    }

    public TreeShape shape() {
        return state().shape();
    }

    /** Whether it has its final name: after {@link #finish}, or if a crash came between that and {@link #forget}. */
    public boolean isNamed() {
        return named;
    }

    /**
     * Where it is, with its final name.
     *
     * @throws IllegalStateException if it has none yet
     */
    public Path path() {
        final String target = state().target();
        if (target == null || !(named || head().folder())) {
            throw new IllegalStateException("it has no name yet");
        }
        return home.target().path().resolve(target);
    }

    /** The folder that it belongs to. */
    public PartialFolder folder() {
        return home;
    }

    /** Bytes that a crash of the machine might cost, zeros counted less. 0: {@link #sync} would do nothing. */
    public long unsynced() {
        return syncing.unsynced();
    }

    // -- blocks

    /**
     * Writes a block that was verified. Zeros behind all that was written stay a hole.
     *
     * @throws StoreException {@link TransferFailure#NO_SPACE}, {@link TransferFailure#WRITE_FAILED}
     */
    public void write(long block, Bytes data) throws StoreException {
        if (data.length() != shape().blockLength(block)) {
            throw new IllegalArgumentException("block " + block + " of " + data.length() + " bytes");
        }
        final byte[] bytes = data.toArray();
        final long position = shape().position(block);
        try {
            if (!TreeHasher.isZero(bytes, 0, bytes.length)
                    || position < part.file().length()) {
                part.file().write(position, ByteBuffer.wrap(bytes));
            }
        } catch (IOException e) {
            throw failed("write", e);
        }
    }

    /** Notes blocks that were written: {@code first} to before {@code end}. */
    public void noteBlocks(long first, long end) throws StoreException {
        note(new JournalRecord.Present(false, first, end - first), shape().bytes(first, end));
        check.trust(first, end);
    }

    /** Notes blocks that are zeros, and were not written. */
    public void noteHole(long first, long end) throws StoreException {
        try {
            for (long block = check.nextInDoubt(first);
                    block != GapTree.NONE && block < end;
                    block = check.nextInDoubt(block + 1)) {
                part.file().write(shape().position(block), ByteBuffer.allocate(shape().blockLength(block)));
            }
        } catch (IOException e) {
            throw failed("write", e);
        }
        note(new JournalRecord.Present(false, first, end - first), shape().bytes(first, end) / HOLE_DISCOUNT);
        check.trust(first, end);
    }

    /** Keeps hashes that were verified, before any block of theirs is written. */
    public void noteChapter(ChapterHashes hashes) throws StoreException {
        note(new JournalRecord.Chapter(hashes), hashes.leaves().length());
    }

    /** Notes entries of a folder that are complete under their names. */
    public void noteEntries(long first, long end) throws StoreException {
        note(new JournalRecord.Present(true, first, end - first), 0);
    }

    public void notePaused(boolean paused) throws StoreException {
        note(new JournalRecord.Paused(paused), 0);
    }

    /** Somebody else has the file as well: to be asked after a restart. */
    public void noteHolder(PeerId holder) throws StoreException {
        note(new JournalRecord.OtherHolder(holder), 0);
    }

    private void note(JournalRecord record, long bytes) throws StoreException {
        try {
            journal.append(record);
        } catch (IOException e) {
            throw failed("note progress", e);
        }
        syncing.changed(bytes);
    }

    /** Hashes that were noted, verified again; null if there are none. */
    public @Nullable ChapterHashes chapter(long chapter) throws StoreException {
        try {
            return check.chapter(chapter);
        } catch (IOException e) {
            throw StoreException.reading(text("read hashes"), e);
        }
    }

    /**
     * Reads what was written, as {@link dev.cutlass.file.JournalReader.Input} wants it: a manifest, for example.
     *
     * @return how many bytes, 0 at the end
     */
    public int read(long position, byte[] into, int offset, int most) throws StoreException {
        final int count = (int) Math.max(0, Math.min(most, head().length() - position));
        try {
            return part.file().read(position, ByteBuffer.wrap(into, offset, count));
        } catch (IOException e) {
            throw StoreException.reading(text("read"), e);
        }
    }

    /**
     * Brings all that was noted to the disk.
     *
     * @throws StoreException likewise as with {@link #write}; what was noted since the last time counts as not synced
     */
    public void sync() throws StoreException {
        try {
            syncing.sync();
        } catch (IOException e) {
            throw failed("sync", e);
        }
    }

    /**
     * Reads and verifies all that is noted as present.
     *
     * @return how many blocks are wrong: they are missing from now on
     */
    public long verifyAll() throws StoreException {
        final long before = state().gaps().missing();
        try {
            check.verifyAll(part.file());
        } catch (IOException e) {
            throw StoreException.reading(text("verify"), e);
        }
        return state().gaps().missing() - before;
    }

    /** Gives back what writing needs, while it waits for its turn. Whatever comes next opens it again. */
    public void closePart() throws StoreException {
        try {
            part.close();
        } catch (IOException e) {
            throw failed("close", e);
        }
    }

    // -- the end

    /**
     * Makes the folder that a folder's files go into.
     *
     * @param wanted a safe single part; a number is added if something has this name
     * @return its name, the same each time
     */
    public String claimFolder(String wanted) throws StoreException {
        if (!head().folder()) {
            throw new IllegalStateException("it is a file");
        }
        checkName(wanted);
        try {
            return naming.claimFolder(wanted);
        } catch (IOException e) {
            throw failed("make folder " + wanted, e);
        }
    }

    /**
     * Gives the file its name: all blocks are there. On return it is on disk, and nobody else's file was replaced unless the head says that it may be. A second call changes nothing.
     *
     * @param wanted safe, relative to the target folder; a number is added to its last part if something has this name
     * @return where it is
     * @throws StoreException {@link TransferFailure#EXISTS}, {@link TransferFailure#NO_SPACE}, {@link TransferFailure#WRITE_FAILED}, {@link TransferFailure#BAD_NAME}
     */
    public Path finish(String wanted) throws StoreException {
        if (named) {
            return path();
        }
        if (head().folder() || !state().gaps().isComplete()) {
            throw new IllegalStateException("not all of it is there");
        }
        checkName(wanted);
        try {
            part.file().setLength(head().length());
            syncing.forcePart(true);
            part.close();
            if (head().modified() >= 0) {
                part.setModified(head().modified());
            }
            naming.take(wanted);
        } catch (IOException e) {
            throw failed("name it " + wanted, e);
        }
        named = true;
        return path();
    }

    private static void checkName(String wanted) throws StoreException {
        if (!SafeFolder.isSafe(wanted)) {
            throw new StoreException(TransferFailure.BAD_NAME, "no safe name");
        }
    }

    /**
     * Removes what is left of the transfer, but for the file. If {@link #finish} has brought a name and others were told, or all entries of a folder are done.
     *
     * @throws StoreException what is left is removed with the next start
     */
    public void forget() throws StoreException {
        if (!named && !(head().folder() && state().entryGaps().isComplete())) {
            throw new IllegalStateException("it is not complete");
        }
        remove();
    }

    /** Removes all of it, unless it has its name. A folder's files that are complete stay. */
    public void discard() throws StoreException {
        try {
            naming.release();
        } catch (NoSuchFileException e) {
            // gone as a whole
        } catch (IOException e) {
            throw failed("remove", e);
        }
        remove();
    }

    /** First the journal: without it the part counts for nothing, and is swept. The other way round the transfer would begin anew. */
    private void remove() throws StoreException {
        try {
            try (Disk.Folder work = home.work()) {
                FinalName.deleteIfThere(work, id + JOURNAL);
                close();
                FinalName.deleteIfThere(work, id + PART);
            }
            home.removeIfEmpty();
        } catch (NoSuchFileException e) {
            close(); // the folder is gone, and with it what was to be removed
        } catch (IOException e) {
            throw failed("remove", e);
        }
    }

    private String text(String what) {
        return "cannot " + what + ", " + id + " in " + home.target().path();
    }

    private StoreException failed(String what, IOException cause) {
        return home.failed(text(what), cause);
    }

    /** Lets it be for now: part and journal stay. */
    @Override
    public void close() throws StoreException {
        try {
            try {
                closePart();
            } finally {
                journal.close();
            }
        } catch (IOException e) {
            throw failed("close", e);
        }
    }
}
