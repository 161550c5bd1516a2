package dev.cutlass.file;

import dev.cutlass.file.tree.ChapterHashes;
import dev.cutlass.file.tree.TreeShape;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Blocks that came whole and are not stored yet: they wait for their hash, for their turn, or for the disk. One thread at a time. */
final class Arrivals<H> {
    private final TreeShape shape;
    private final GapTree gaps;
    private final OpenChapters<H> chapters;
    private final boolean inOrder;
    private final TreeMap<Long, Held<H>> held = new TreeMap<>();
    private final Deque<FetchWork.Arrived<H>> ready = new ArrayDeque<>();

    private static final class Held<H> {
        final HolderState<H> holder;
        final byte[] data;
        boolean handedOver;

        Held(HolderState<H> holder, byte[] data) {
            this.holder = holder;
            this.data = data;
        }
    }

    Arrivals(TreeShape shape, GapTree gaps, OpenChapters<H> chapters, boolean inOrder) {
        this.shape = shape;
        this.gaps = gaps;
        this.chapters = chapters;
        this.inOrder = inOrder;
    }

    void add(long block, HolderState<H> holder, byte[] data) {
        held.put(block, new Held<>(holder, data));
        handOver(block);
    }

    /** Hands over a block if it is here, its hash is known, and it has its turn. */
    private void handOver(long block) {
        final Held<H> candidate = held.get(block);
        if (candidate == null || candidate.handedOver || (inOrder && gaps.nextMissing(0) != block)) {
            return;
        }
        byte[] leaf = null;
        if (shape.blocks() > 1) {
            final ChapterHashes hashes = chapters.verified(TreeShape.chapterOf(block));
            if (hashes == null) {
                return;
            }
            leaf = hashes.leaf(block);
        }
        candidate.handedOver = true;
        ready.add(new FetchWork.Arrived<>(block, candidate.data, leaf, candidate.holder.id));
    }

    /** The hashes of a chapter are there. */
    void onVerified(long chapter) {
        final long first = TreeShape.firstBlock(chapter);
        for (long block :
                List.copyOf(held.subMap(first, first + TreeShape.CHAPTER).keySet())) {
            handOver(block);
        }
    }

    /** A block was stored: the next one has its turn. */
    void onStored() {
        if (inOrder && !gaps.isComplete()) {
            handOver(gaps.nextMissing(0));
        }
    }

    /** Forgets a block; answers who brought it, or null if it is not here. */
    @Nullable
    HolderState<H> remove(long block) {
        final Held<H> removed = held.remove(block);
        return removed == null ? null : removed.holder;
    }

    FetchWork.@Nullable Arrived<H> poll() {
        return ready.poll();
    }
}
