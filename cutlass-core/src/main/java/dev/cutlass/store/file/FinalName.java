package dev.cutlass.store.file;

import dev.cutlass.event.TransferFailure;
import dev.cutlass.file.JournalRecord;
import dev.cutlass.file.SafeNames;
import dev.cutlass.wire.Utf8;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/**
 * How a part that is complete gets its name, and how that goes on after a crash. docs/files.md section 7.3. The name is written down first; then it is taken by a link, which fails if something has it; and only when the
 * link is on disk does the part go. One thread at a time.
 */
final class FinalName {
    private static final String PROBE = ".link";

    private final PartialFolder home;
    private final JournalFile journal;
    private final String id;

    /** Of a file system without links: an empty file that we made to have its name. */
    private @Nullable String placeholder;

    FinalName(PartialFolder home, JournalFile journal, String id) {
        this.home = home;
        this.journal = journal;
        this.id = id;
    }

    private String part() {
        return id + PartialFile.PART;
    }

    /**
     * Names the part, which is whole, closed and on disk.
     *
     * @param wanted relative to the target folder
     * @return the name that it got, which is on disk; the part may still be there, as another name of the same file
     */
    String take(String wanted) throws IOException {
        final String taken = placeholder;
        final boolean replaces = journal.state().head().replace();
        try (Disk.Folder work = home.work();
                Disk.Folder parent = home.target().parent(taken == null ? wanted : taken, true)) {
            if (taken != null) {
                parent.move(work, part(), SafeFolder.lastPart(taken));
                placeholder = null;
                parent.force();
                return taken;
            }
            for (int number = 1; number <= SafeNames.MAX_NUMBER; number++) {
                final String name = SafeFolder.numbered(wanted, number);
                final String last = SafeFolder.lastPart(name);
                final Disk.Stat there = parent.stat(last);
                if (there != null && !(replaces && there.isFile())) {
                    continue;
                }
                announce(name);
                if (there == null ? put(work, parent, name) : replace(work, parent, last)) {
                    parent.force();
                    return name;
                }
            }
        }
        throw new StoreException(TransferFailure.EXISTS, wanted + " exists, and so do all numbers of it");
    }

    private void announce(String name) throws IOException {
        final byte[] utf8 = Utf8.encode(name);
        if (utf8 == null || utf8.length > SafeNames.MAX_NAME) {
            throw new StoreException(TransferFailure.BAD_NAME, "a name of more than " + SafeNames.MAX_NAME + " bytes");
        }
        journal.append(new JournalRecord.Target(name));
        journal.force();
    }

    private boolean replace(Disk.Folder work, Disk.Folder parent, String last) throws IOException {
        parent.move(work, part(), last);
        return true;
    }

    private boolean put(Disk.Folder work, Disk.Folder parent, String name) throws IOException {
        final String last = SafeFolder.lastPart(name);
        try {
            if (parent.link(work, part(), last)) {
                return true;
            }
            parent.create(last).close();
        } catch (FileAlreadyExistsException e) {
            return false; // it appeared since we looked
        }
        placeholder = name;
        boolean moved = false;
        try {
            parent.move(work, part(), last);
            moved = true;
        } finally {
            if (!moved) {
                release();
            }
        }
        placeholder = null;
        return true;
    }

    /** Gives the name back that was taken and will not be used. */
    void release() throws IOException {
        final String taken = placeholder;
        if (taken != null) {
            try (Disk.Folder parent = home.target().parent(taken, false)) {
                final Disk.Stat there = parent.stat(SafeFolder.lastPart(taken));
                if (there != null && there.isFile() && there.length() == 0) {
                    parent.delete(SafeFolder.lastPart(taken));
                }
            } catch (StoreException | NoSuchFileException e) {
                // a folder on the way is gone: then it is, too
            }
            placeholder = null;
        }
    }

    /**
     * Looks how far the naming came before a crash.
     *
     * @return whether the file has its name
     */
    boolean resume(Disk.Folder work) throws IOException {
        deleteIfThere(work, id + PROBE);
        final String target = journal.state().target();
        if (target == null) {
            return false;
        }
        try (Disk.Folder parent = home.target().parent(target, false)) {
            return resume(work, parent, target);
        } catch (StoreException e) {
            return false; // a folder on the way is gone: whatever had been there is, too
        }
    }

    private boolean resume(Disk.Folder work, Disk.Folder parent, String target) throws IOException {
        final String last = SafeFolder.lastPart(target);
        final Disk.Stat named = parent.stat(last);
        final JournalRecord.Head head = journal.state().head();
        if (named == null || !named.isFile()) {
            return false;
        }
        if (work.stat(part()) == null) {
            if (named.length() != head.length() || !isWhole(parent, last)) {
                return false;
            }
        } else if (!parent.isSame(last, work, part())) {
            if (named.length() == 0 && !hasLinks(work)) {
                placeholder = target;
            }
            return false;
        }
        parent.force();
        return true;
    }

    /** The part was moved, or somebody deleted it. The content tells which. */
    private boolean isWhole(Disk.Folder parent, String last) throws IOException {
        try (Disk.OpenFile file = parent.openFile(last)) {
            return WholeHash.isOf(journal.state().head().root(), journal.state().shape(), file);
        }
    }

    private boolean hasLinks(Disk.Folder work) throws IOException {
        final boolean has = work.link(work, part(), id + PROBE);
        if (has) {
            work.delete(id + PROBE);
        }
        return has;
    }

    static void deleteIfThere(Disk.Folder folder, String name) throws IOException {
        final Disk.Stat there = folder.stat(name);
        if (there != null && there.kind() != Disk.Kind.FOLDER) {
            folder.delete(name);
        }
    }

    /**
     * Makes the folder of a folder's journal.
     *
     * @param wanted one part
     * @return its name, on disk; that of last time if it had one already
     */
    String claimFolder(String wanted) throws IOException {
        final String before = journal.state().target();
        if (before != null) {
            home.target().makeFolder(before);
            return before;
        }
        try (Disk.Folder target = home.target().parent(wanted, false)) {
            for (int number = 1; number <= SafeNames.MAX_NUMBER; number++) {
                final String name = SafeFolder.numbered(wanted, number);
                if (target.stat(name) == null) {
                    announce(name);
                    if (isMade(target, name)) {
                        return name;
                    }
                }
            }
        }
        throw new StoreException(TransferFailure.EXISTS, wanted + " exists, and so do all numbers of it");
    }

    /** False: something of this name appeared since we looked. */
    private static boolean isMade(Disk.Folder target, String name) throws IOException {
        try {
            target.makeFolder(name, false);
            target.force();
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }
}
