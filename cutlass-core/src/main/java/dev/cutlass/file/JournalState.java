package dev.cutlass.file;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.file.tree.TreeShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a journal says: fed with its records, those that are read at the start and those that are written later. Some 8 bytes for each chapter of the file, and 100 for each gap. One thread at a
 * time.
 */
public final class JournalState implements JournalReader.Visitor {
    /** Other holders that are remembered. */
    static final int MAX_HOLDERS = 8;

    private static final long NO_OFFSET = -1;

    private JournalRecord.@Nullable Head head;
    private GapTree gaps = GapTree.none();
    private GapTree entryGaps = GapTree.none();

    /** Used the other way round: what is in there was written since the last SYNC. */
    private GapTree unsynced = GapTree.none();

    private long[] chapterOffsets = {};
    private boolean paused;
    private @Nullable String target;
    private final Set<PeerId> holders = new LinkedHashSet<>();

    @Override
    public void onRecord(JournalRecord record, long offset) {
        if (record instanceof JournalRecord.Head first) {
            head = first;
            gaps = GapTree.all(shape().blocks());
            entryGaps = first.folder() ? GapTree.all(first.files()) : GapTree.none();
            holders.add(first.peer());
        } else if (record instanceof JournalRecord.Present present) {
            onPresent(present);
        } else if (record instanceof JournalRecord.Chapter chapter) {
            note(chapter.hashes().chapter(), offset);
        } else if (record instanceof JournalRecord.Sync) {
            unsynced = GapTree.none();
        } else if (record instanceof JournalRecord.Paused pause) {
            paused = pause.paused();
        } else if (record instanceof JournalRecord.Target name) {
            target = name.name();
        } else if (record instanceof JournalRecord.OtherHolder other && holders.size() < MAX_HOLDERS) {
            holders.add(other.peer());
        }
    }

    private void onPresent(JournalRecord.Present present) {
        final long limit = present.entries() ? head().files() : shape().blocks();
        if (present.first() > limit || present.count() > limit - present.first()) {
            return; // not of this file: nobody wrote it on purpose
        }
        final long end = present.first() + present.count();
        if (present.entries()) {
            entryGaps.fill(present.first(), end);
        } else {
            gaps.fill(present.first(), end);
            unsynced.open(present.first(), end);
        }
    }

    private void note(long chapter, long offset) {
        if (chapter >= shape().chapters()) {
            return;
        }
        final int index = Math.toIntExact(chapter);
        if (index >= chapterOffsets.length) {
            final int before = chapterOffsets.length;
            final long wanted = Math.min(shape().chapters(), Math.max(index + 1L, before * 2L));
            chapterOffsets = Arrays.copyOf(chapterOffsets, Math.toIntExact(wanted));
            Arrays.fill(chapterOffsets, before, chapterOffsets.length, NO_OFFSET);
        }
        chapterOffsets[index] = offset;
    }

    /**
     * What is fetched, and from whom.
     *
     * @throws IllegalStateException if nothing was read
     */
    public JournalRecord.Head head() {
        final JournalRecord.Head known = head;
        if (known == null) {
            throw new IllegalStateException("a journal without a head");
        }
        return known;
    }

    public TreeShape shape() {
        return new TreeShape(head().length());
    }

    /** The blocks that are missing. The journal's own: whoever changes it takes a {@link GapTree#copy}. */
    public GapTree gaps() {
        return gaps;
    }

    /** The entries that are missing, of a folder. */
    public GapTree entryGaps() {
        return entryGaps;
    }

    /** Blocks that are noted as present, and not yet known to be on disk: after a crash these are read and verified. Ranges of first and end, exclusive. */
    public List<long[]> unsynced() {
        final List<long[]> ranges = new ArrayList<>();
        unsynced.forEach((first, end) -> ranges.add(new long[] {first, end}));
        return ranges;
    }

    /** These turned out not to be there. */
    public void notPresent(long first, long end) {
        gaps.open(first, end);
        unsynced.fill(first, end);
    }

    public boolean isPaused() {
        return paused;
    }

    /** The name that the file was about to get. */
    public @Nullable String target() {
        return target;
    }

    /** Who had the file: who offered it first. */
    public List<PeerId> holders() {
        return List.copyOf(holders);
    }

    /** Where in the journal the hashes of a chapter stand; -1 if nowhere. */
    public long chapterOffset(long chapter) {
        return chapter < chapterOffsets.length ? chapterOffsets[Math.toIntExact(chapter)] : NO_OFFSET;
    }
}
