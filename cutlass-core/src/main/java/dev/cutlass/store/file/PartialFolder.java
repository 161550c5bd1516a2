package dev.cutlass.store.file;

import dev.cutlass.event.TransferFailure;
import dev.cutlass.file.JournalRecord;
import dev.cutlass.wire.Id128;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What is under way into a folder: {@code .cutlass} in it, a part and a journal for each file. docs/files.md section 7.1. Several engines may use one folder; each journal is locked by the one whose it is. Any
 * thread; blocks.
 */
public final class PartialFolder {
    /** A part on which nothing was done for so long is removed. */
    public static final long MAX_AGE_MILLIS = TimeUnit.DAYS.toMillis(30);

    /** So many times the folder may vanish between being made and being used, because another engine's last file was done. */
    private static final int ATTEMPTS = 5;

    /** With less than that left a write that failed without saying why failed for want of space. */
    private static final long FULL_BELOW = 1L << 20;

    private static final Pattern OURS = Pattern.compile("[0-9a-f]{32}\\.(part|journal|link)");
    private static final int ID_LENGTH = 32;

    /**
     * What was left from earlier.
     *
     * @param found goes on; each is to be closed, forgotten or discarded
     * @param expired was removed, being too old
     * @param failed could not be read: it stays for the next time
     */
    public record Scan(List<PartialFile> found, List<JournalRecord.Head> expired, List<StoreException> failed) {}

    private final SafeFolder target;

    /** Of a target folder. Nothing is made before it is needed. */
    public PartialFolder(SafeFolder target) {
        this.target = target;
    }

    /** Where complete files go. */
    public SafeFolder target() {
        return target;
    }

    Disk disk() {
        return target.disk();
    }

    /** Opens the folder of parts, which must be there. */
    Disk.Folder work() throws IOException {
        try (Disk.Folder folder = disk().open(target.path())) {
            return folder.folder(SafeFolder.WORK);
        }
    }

    /**
     * Begins a file.
     *
     * @param id random
     * @param head what it is; its name is safe
     * @throws StoreException {@link TransferFailure#BAD_NAME}, {@link TransferFailure#NO_SPACE}, {@link TransferFailure#WRITE_FAILED}; nothing is left then
     */
    public PartialFile create(Id128 id, JournalRecord.Head head) throws StoreException {
        if (!SafeFolder.isSafe(head.name())) {
            throw new StoreException(TransferFailure.BAD_NAME, "no safe name");
        }
        try {
            for (int attempt = 1; ; attempt++) {
                try (Disk.Folder work = madeWork()) {
                    return PartStart.create(this, work, id.toString(), head);
                } catch (NoSuchFileException e) {
                    if (attempt == ATTEMPTS) {
                        throw e;
                    }
                }
            }
        } catch (IOException e) {
            final StoreException failure = StoreException.writing("cannot begin a file in " + target.path(), e);
            try {
                removeIfEmpty();
            } catch (IOException more) {
                failure.addSuppressed(more);
            }
            throw failure;
        }
    }

    private Disk.Folder madeWork() throws IOException {
        try (Disk.Folder folder = disk().open(target.path())) {
            if (folder.stat(SafeFolder.WORK) == null) {
                try {
                    folder.makeFolder(SafeFolder.WORK, true);
                } catch (FileAlreadyExistsException e) {
                    // somebody was faster, which is as good
                }
            }
            return folder.folder(SafeFolder.WORK);
        }
    }

    /**
     * Finds what is to go on, verifies what a crash may have lost of it, and removes what nobody needs any more: parts without a journal, journals that say nothing, what is too old. What another engine works on is let be.
     *
     * @param nowMillis since 1970
     * @throws StoreException {@link TransferFailure#WRITE_FAILED} if the folder is not there, or may not be written: try again later
     */
    public Scan scan(long nowMillis) throws StoreException {
        final Scan scan = new Scan(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        boolean done = false;
        try {
            try (Disk.Folder folder = disk().open(target.path())) {
                final Disk.Stat there = folder.stat(SafeFolder.WORK);
                if (there == null || there.kind() != Disk.Kind.FOLDER) {
                    done = true;
                    return scan;
                }
                try (Disk.Folder work = folder.folder(SafeFolder.WORK)) {
                    scan(work, nowMillis, scan);
                }
            }
            removeIfEmpty();
            done = true;
            return scan;
        } catch (IOException e) {
            throw StoreException.writing("cannot look for unfinished files in " + target.path(), e);
        } finally {
            if (!done) {
                for (PartialFile file : scan.found()) {
                    file.close();
                }
            }
        }
    }

    private void scan(Disk.Folder work, long nowMillis, Scan scan) throws IOException {
        final SortedSet<String> names = work.names().stream()
                .filter(name -> OURS.matcher(name).matches())
                .collect(Collectors.toCollection(TreeSet::new));
        for (String name : names) {
            final String id = name.substring(0, ID_LENGTH);
            if (name.endsWith(PartialFile.JOURNAL)) {
                recover(work, id, nowMillis, scan);
            } else if (!names.contains(id + PartialFile.JOURNAL) && work.stat(id + PartialFile.JOURNAL) == null) {
                FinalName.deleteIfThere(
                        work, name); // a journal is made before its part, and the folder was read before this
            }
        }
    }

    private void recover(Disk.Folder work, String id, long nowMillis, Scan scan) {
        try {
            final Disk.Stat journal = work.stat(id + PartialFile.JOURNAL);
            if (journal == null || !journal.isFile()) {
                return;
            }
            final PartialFile file = PartStart.recover(this, work, id);
            if (file == null) {
                return;
            }
            scan.found().add(file);
            if (nowMillis - journal.modified() > MAX_AGE_MILLIS && !file.isNamed()) {
                scan.found().remove(file);
                scan.expired().add(file.head());
                file.discard();
            }
        } catch (NoSuchFileException e) {
            return; // another engine was done with it just now
        } catch (IOException e) {
            scan.failed().add(StoreException.reading("cannot go on with " + id + " in " + target.path(), e));
        }
    }

    /** What a write under this folder that failed means: {@link TransferFailure#NO_SPACE} if there is none left, whatever the system said. */
    StoreException failed(String what, IOException cause) {
        final StoreException failure = StoreException.writing(what, cause);
        try {
            return failure.failure() == TransferFailure.WRITE_FAILED && target.usableSpace() < FULL_BELOW
                    ? failure.asNoSpace()
                    : failure;
        } catch (StoreException gone) {
            failure.addSuppressed(gone);
            return failure;
        }
    }

    /** Removes the folder of parts if there is none in it. */
    void removeIfEmpty() throws IOException {
        try (Disk.Folder folder = disk().open(target.path())) {
            final Disk.Stat there = folder.stat(SafeFolder.WORK);
            if (there != null && there.kind() == Disk.Kind.FOLDER) {
                folder.deleteFolder(SafeFolder.WORK);
            }
        } catch (DirectoryNotEmptyException | NoSuchFileException e) {
            return; // somebody needs it still, or it is gone
        }
    }
}
