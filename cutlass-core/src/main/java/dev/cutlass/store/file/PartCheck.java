package dev.cutlass.store.file;

import dev.cutlass.file.GapTree;
import dev.cutlass.file.JournalState;
import dev.cutlass.file.tree.ChapterHashes;
import dev.cutlass.file.tree.TreeHasher;
import dev.cutlass.file.tree.TreeShape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds out whether what a journal says about a part is so. One thread at a time. */
final class PartCheck {
    private final JournalFile journal;
    private final TreeHasher hasher = new TreeHasher();

    /** Blocks that are noted since the last SYNC and turned out not to be there: no SYNC may say that they are. */
    private final GapTree doubtful = GapTree.none();

    private @Nullable ChapterHashes last;

    PartCheck(JournalFile journal) {
        this.journal = journal;
    }

    /** Whether some blocks are noted that are not there, and did not come again. */
    boolean isInDoubt() {
        return !doubtful.isComplete();
    }

    /** The least of these from a number on, or {@link GapTree#NONE}. */
    long nextInDoubt(long from) {
        return doubtful.nextMissing(from);
    }

    /** Nobody knows any more whether these are there. */
    void distrust(long first, long end) {
        doubtful.open(first, end);
        journal.state().notPresent(first, end);
    }

    /** These came again, and were noted. */
    void trust(long first, long end) {
        doubtful.fill(first, end);
    }

    /** Reads what was noted since the last SYNC. */
    void verifyUnsynced(Disk.OpenFile part) throws IOException {
        for (long[] range : journal.state().unsynced()) {
            verify(part, range[0], range[1]);
        }
    }

    /** Reads all that was noted. */
    void verifyAll(Disk.OpenFile part) throws IOException {
        final JournalState state = journal.state();
        final GapTree present = GapTree.all(state.shape().blocks());
        state.gaps().forEach(present::fill);
        final List<long[]> ranges = new ArrayList<>();
        present.forEach((first, end) -> ranges.add(new long[] {first, end}));
        for (long[] range : ranges) {
            verify(part, range[0], range[1]);
        }
    }

    private void verify(Disk.OpenFile part, long first, long end) throws IOException {
        for (long block = first; block < end; block++) {
            if (!isGood(part, block)) {
                distrust(block, block + 1);
            }
        }
    }

    private boolean isGood(Disk.OpenFile part, long block) throws IOException {
        final TreeShape shape = journal.state().shape();
        final byte[] data = new byte[shape.blockLength(block)];
        part.read(shape.position(block), ByteBuffer.wrap(data)); // behind its end are zeros, as there will be
        if (shape.blocks() == 1) {
            return hasher.rootOfBlock(data, 0, data.length)
                    .equals(journal.state().head().root());
        }
        final ChapterHashes hashes = chapter(TreeShape.chapterOf(block));
        return hashes != null && hasher.isLeafOf(hashes.leaf(block), data, 0, data.length);
    }

    /** The hashes that were noted, if they are those of the file. */
    @Nullable
    ChapterHashes chapter(long chapter) throws IOException {
        final ChapterHashes known = last;
        if (known != null && known.chapter() == chapter) {
            return known;
        }
        final ChapterHashes read = journal.chapter(chapter);
        if (read == null
                || read.chapter() != chapter
                || !read.verifies(
                        journal.state().shape(), journal.state().head().root())) {
            return null;
        }
        last = read;
        return read;
    }
}
