package dev.cutlass.store.file;

import dev.cutlass.file.JournalRecord;
import java.io.IOException;

/** What of a partial file is on the disk, and how the rest gets there. docs/files.md section 7.3. One thread at a time. */
final class PartSync {
    private final PartialFolder home;
    private final JournalFile journal;
    private final PartCheck check;
    private final OpenPart part;
    private boolean inFolders;
    private boolean changed;
    private long unsynced;

    PartSync(PartialFolder home, JournalFile journal, PartCheck check, OpenPart part) {
        this.home = home;
        this.journal = journal;
        this.check = check;
        this.part = part;
    }

    /** Something was written to the journal, or found there after a crash. */
    void changed(long bytes) {
        changed = true;
        unsynced += bytes;
    }

    /** Bytes that a crash of the machine might cost; 0: nothing is to be done. */
    long unsynced() {
        return changed ? Math.max(1, unsynced) : 0;
    }

    /** Brings all to the disk: first the content, then what says that it is there. */
    void sync() throws IOException {
        if (!changed) {
            return;
        }
        forcePart(false);
        if (!inFolders) {
            forceFolders();
            inFolders = true;
        }
        if (!check.isInDoubt()) {
            journal.append(new JournalRecord.Sync());
        }
        journal.force();
        changed = false;
        unsynced = 0;
    }

    /** After a failed fsync nobody knows what is on disk, and the next one says that all is well. So nothing that is not synced counts any more. */
    void forcePart(boolean all) throws IOException {
        boolean forced = false;
        try {
            part.file().force(all);
            forced = true;
        } finally {
            if (!forced) {
                for (long[] range : journal.state().unsynced()) {
                    check.distrust(range[0], range[1]);
                }
            }
        }
    }

    /** The names of part and journal, and that of the folder they are in. */
    private void forceFolders() throws IOException {
        try (Disk.Folder work = home.work();
                Disk.Folder target = home.disk().open(home.target().path())) {
            work.force();
            target.force();
        }
    }
}
