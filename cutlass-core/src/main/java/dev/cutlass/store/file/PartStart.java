package dev.cutlass.store.file;

import dev.cutlass.event.TransferFailure;
import dev.cutlass.file.JournalRecord;
import dev.cutlass.file.JournalState;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** How a partial file begins, and how it goes on with what an earlier run left. docs/files.md section 7.3. */
final class PartStart {
    private PartStart() {}

    /** Makes journal and part, in this order: a part without a journal is swept. */
    static PartialFile create(PartialFolder home, Disk.Folder work, String id, JournalRecord.Head head)
            throws IOException {
        final Disk.OpenFile alone = work.openAlone(id + PartialFile.JOURNAL, true);
        if (alone == null) {
            throw new StoreException(TransferFailure.BUSY, "somebody else has " + id + PartialFile.JOURNAL);
        }
        try {
            return PartialFile.fresh(home, work, id, JournalFile.begin(alone, head));
        } catch (IOException e) {
            try (alone) {
                work.delete(id + PartialFile.JOURNAL);
            } catch (IOException more) {
                e.addSuppressed(more);
            }
            throw e;
        }
    }

    /** Goes on with what was left; null if it is somebody else's, or was void and is removed. */
    static @Nullable PartialFile recover(PartialFolder home, Disk.Folder work, String id) throws IOException {
        final Disk.OpenFile alone = work.openAlone(id + PartialFile.JOURNAL, false);
        if (alone == null) {
            return null;
        }
        PartialFile found = null;
        try {
            final JournalFile journal = JournalFile.read(alone);
            if (journal == null || !isSane(journal.state()) || !isFileOrNothing(work.stat(id + PartialFile.PART))) {
                work.delete(id + PartialFile.JOURNAL);
                FinalName.deleteIfThere(work, id + PartialFile.PART);
                return null;
            }
            found = PartialFile.resumed(home, work, id, journal);
            return found;
        } finally {
            if (found == null) {
                alone.close();
            }
        }
    }

    /** A journal may have come with a folder from somewhere else, so its names are untrusted as all others. */
    private static boolean isSane(JournalState state) {
        final String target = state.target();
        return SafeFolder.isSafe(state.head().name()) && (target == null || SafeFolder.isSafe(target));
    }

    private static boolean isFileOrNothing(Disk.@Nullable Stat there) {
        return there == null || there.isFile();
    }
}
