package dev.cutlass.file;

import dev.cutlass.file.tree.TreeShape;
import dev.cutlass.file.wire.Get;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Chooses what is asked next, and of whom: the lowest missing block, of the fastest holder that has room. docs/files.md section 4. One thread at a time. */
final class NextAsk<H> {
    private final TreeShape shape;
    private final GapTree unasked;
    private final SchedulerLimits limits;
    private final LongSupplier numbers;
    private final Holders<H> holders;
    private final OpenRequests<H> requests;
    private final OpenChapters<H> chapters;

    /** Who was wrong about a block: others are asked first. */
    private final Map<Long, HolderState<H>> wrongBy = new HashMap<>();

    NextAsk(
            TreeShape shape,
            GapTree unasked,
            SchedulerLimits limits,
            LongSupplier numbers,
            Holders<H> holders,
            OpenRequests<H> requests,
            OpenChapters<H> chapters) {
        this.shape = shape;
        this.unasked = unasked;
        this.limits = limits;
        this.numbers = numbers;
        this.holders = holders;
        this.requests = requests;
        this.chapters = chapters;
    }

    void onWrong(long block, HolderState<H> bad) {
        wrongBy.put(block, bad);
    }

    void onStored(long block) {
        wrongBy.remove(block);
    }

    /** See {@link BlockScheduler#next}. */
    FetchWork.@Nullable Ask<H> choose(long budget, long now) {
        for (HolderState<H> holder : holders.fastestFirst(now)) {
            final FetchWork.Ask<H> ask = nextOf(holder, budget, now);
            if (ask != null) {
                return ask;
            }
        }
        return null;
    }

    private FetchWork.@Nullable Ask<H> nextOf(HolderState<H> holder, long budget, long now) {
        final boolean isTakenOver = unasked.isComplete() && takesOver(holder, budget, now);
        final long first = unasked.nextMissing(0);
        if (first == GapTree.NONE || isBetterLeftToOthers(first, holder, now)) {
            return null;
        }
        final long chapter = TreeShape.chapterOf(first);
        if (shape.blocks() > 1) {
            final long lacking = chapterToAskFor(first, chapter);
            if (lacking != GapTree.NONE) {
                return hashes(holder, lacking, now);
            }
            final FetchRequest<H> asked = chapters.asked(chapter);
            if (chapters.verified(chapter) == null
                    && (asked == null || asked.holder != holder || !chapters.noneIsVerified())) {
                return null; // only at the very start blocks are asked for together with their hashes, which come
                // before them
            }
        }
        return blocks(holder, first, chapter, budget, isTakenOver, now);
    }

    private long room(HolderState<H> holder, long budget, long now) {
        final long window = holder.pace.window(limits, now);
        return Math.min(budget, Math.min(window - holder.inFlight, limits.maxInFlight() - requests.inFlight()));
    }

    /** Only what it is asked for at once: else whoever had it would be asked again, and it would take it over again, without end. */
    private boolean takesOver(HolderState<H> idle, long budget, long now) {
        final FetchRequest<H> slowest = room(idle, budget, now) < TreeShape.BLOCK
                ? null
                : TakeOver.choose(requests.all(), idle, block -> isAskable(block, idle, now), shape, now);
        if (slowest == null) {
            return false;
        }
        requests.stop(slowest, now);
        return true;
    }

    /** Whether a holder would be asked for a block if it had room. */
    boolean isAskable(long block, HolderState<H> holder, long now) {
        return !isBetterLeftToOthers(block, holder, now)
                && (shape.blocks() == 1 || chapters.verified(TreeShape.chapterOf(block)) != null);
    }

    private boolean isBetterLeftToOthers(long block, HolderState<H> holder, long now) {
        return wrongBy.get(block) == holder && holders.isOtherUsable(holder, now);
    }

    /** The chapter of the next block; or, in its second half, the one after it. NONE if there is nothing to ask for, or no room. */
    private long chapterToAskFor(long first, long chapter) {
        if (!chapters.hasRoom()) {
            return GapTree.NONE;
        }
        if (!chapters.isOpen(chapter)) {
            return chapter;
        }
        if (first - TreeShape.firstBlock(chapter) < TreeShape.CHAPTER / 2) {
            return GapTree.NONE;
        }
        final long later = unasked.nextMissing(TreeShape.firstBlock(chapter + 1));
        return later == GapTree.NONE || chapters.isOpen(TreeShape.chapterOf(later))
                ? GapTree.NONE
                : TreeShape.chapterOf(later);
    }

    private FetchWork.Ask<H> hashes(HolderState<H> holder, long chapter, long now) {
        final FetchRequest<H> request = requests.openHashes(numbers.getAsLong(), holder, chapter, now);
        return new FetchWork.Ask<>(request.number, holder.id, true, chapter, 1, 0);
    }

    private FetchWork.@Nullable Ask<H> blocks(
            HolderState<H> holder, long first, long chapter, long budget, boolean isTakenOver, long now) {
        final long room = room(holder, budget, now);
        if (room < shape.blockLength(first)) {
            return null;
        }
        final long most = Math.min(room, Math.max(holder.pace.window(limits, now) / 2, TreeShape.BLOCK));
        final long limit = Math.min(unasked.endOfGap(first), TreeShape.firstBlock(chapter + 1));
        final HolderState.Kept kept = holder.kept;
        final long begun = kept == null ? GapTree.NONE : kept.block; // only a run that begins with it can go on with it
        long end = first + 1;
        while (end < limit && end != begun && end - first < Get.MAX_BLOCKS && shape.bytes(first, end + 1) <= most) {
            end++;
        }
        final FetchRequest<H> request = requests.openBlocks(numbers.getAsLong(), holder, first, end, now);
        request.isTakenOver = isTakenOver;
        return new FetchWork.Ask<>(request.number, holder.id, false, first, (int) (end - first), request.filled);
    }
}
