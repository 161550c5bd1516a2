package dev.cutlass.file;

import dev.cutlass.event.TransferFailure;
import dev.cutlass.file.tree.ChapterHashes;
import dev.cutlass.file.tree.Root;
import dev.cutlass.file.tree.TreeShape;
import dev.cutlass.file.wire.Chunk;
import dev.cutlass.file.wire.Get;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which block of one file is asked of which holder. docs/files.md section 4: the lowest missing block of the fastest holder that has room; what a holder does not bring is asked of another; a holder
 * that is wrong three times is not asked again.
 *
 * <p>After every input: {@link #pollStop}, {@link #pollHole} and {@link #pollArrived} until null, {@link #next} until null, then {@link #nextDeadline}. What arrived is to be verified and written, and
 * then reported with {@link #onStored} or {@link #onWrong}. One thread at a time; times in ticker nanos.
 *
 * @param <H> what stands for a holder, compared by {@code equals}
 */
public final class BlockScheduler<H> {
    /** What {@link #nextDeadline} answers when there is none. */
    public static final long NO_DEADLINE = Long.MAX_VALUE;

    private static final long BUSY_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** What is due and has no room is looked at again so soon. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** How long a holder is passed over that sent nothing while it should. */
    private static final long STALL_REST_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final TreeShape shape;
    private final Root root;
    private final GapTree gaps;

    /** What is missing and neither asked for nor held. */
    private final GapTree unasked;

    private final SchedulerLimits limits;
    private final LongSupplier numbers;
    private final Holders<H> holders = new Holders<>();
    private final Map<Long, FetchRequest<H>> requests = new LinkedHashMap<>();
    private final OpenChapters<H> chapters = new OpenChapters<>();
    private final Arrivals<H> arrivals;

    /** Who was wrong about a block: others are asked first. */
    private final Map<Long, HolderState<H>> wrongBy = new HashMap<>();

    private final Deque<FetchWork.Halt<H>> halts = new ArrayDeque<>();
    private final Deque<FetchWork.Hole> holes = new ArrayDeque<>();
    private long inFlight;
    private long received;
    private long wrong;
    private long dropped;

    /**
     * Begins, or goes on.
     *
     * @param gaps what is missing; filled here as blocks are stored
     * @param numbers of requests, from one counter of the engine
     */
    public BlockScheduler(TreeShape shape, Root root, GapTree gaps, SchedulerLimits limits, LongSupplier numbers) {
        this.shape = shape;
        this.root = root;
        this.gaps = gaps;
        this.unasked = gaps.copy();
        this.limits = limits;
        this.numbers = numbers;
        this.arrivals = new Arrivals<>(shape, gaps, chapters, limits.inOrder());
    }

    // -- holders

    /** Somebody has the file and is there. False if it is not asked because it was wrong too often, or there are too many. */
    public boolean addHolder(H id) {
        return holders.add(id);
    }

    /** It is away, was restarted, or is not to be asked for now. What was asked of it is asked of others, or of it when it is back. */
    public void removeHolder(H id, long now) {
        final HolderState<H> holder = holders.get(id);
        if (holder != null && holder.present) {
            releaseAll(holder, now);
            holder.present = false;
            holders.endRests(now + BUSY_NANOS);
        }
    }

    /** It holds the file back, or no longer. */
    public void setPaused(H id, boolean paused, long now) {
        final HolderState<H> holder = holders.get(id);
        if (holder != null) {
            holder.paused = paused;
            if (paused) {
                releaseAll(holder, now);
            }
        }
    }

    /** Whether anybody is there who can be asked, now or after a rest. */
    public boolean hasHolder() {
        return holders.anybodyIsThere();
    }

    /** Whether a holder was wrong too often, or said that it does not have the file. */
    public boolean isBanned(H id) {
        final HolderState<H> holder = holders.get(id);
        return holder != null && holder.banned;
    }

    private void strike(HolderState<H> holder, long now) {
        holder.strikes++;
        if (holder.strikes >= HolderState.MAX_STRIKES) {
            ban(holder, now);
        }
    }

    private void ban(HolderState<H> holder, long now) {
        holder.banned = true;
        releaseAll(holder, now);
        dropKept(holder);
        holders.endRests(now + BUSY_NANOS);
    }

    private void releaseAll(HolderState<H> holder, long now) {
        long first = Long.MAX_VALUE;
        long last = 0;
        for (FetchRequest<H> request : List.copyOf(requests.values())) {
            if (request.holder == holder) {
                release(request, now);
                first = Math.min(first, request.number);
                last = request.number;
            }
        }
        if (last > 0) {
            halts.add(new FetchWork.Halt<>(holder.id, first, last));
        }
    }

    /** Gives back what a request has not brought. */
    private void release(FetchRequest<H> request, long now) {
        requests.remove(request.number);
        if (request.hashes) {
            chapters.notAsked(request.next);
            return;
        }
        final HolderState<H> holder = request.holder;
        final long rest = shape.bytes(request.next, request.end) - request.filled;
        holder.inFlight -= rest;
        inFlight -= rest;
        unasked.open(request.next, request.end);
        final byte[] begun = request.data;
        if (begun != null && holder.kept == null) {
            holder.kept = new HolderState.Kept(request.next, begun, request.filled, now + limits.blockTimeoutNanos());
        } else {
            inFlight -= request.filled;
        }
    }

    private void dropKept(HolderState<H> holder) {
        final HolderState.Kept kept = holder.kept;
        if (kept != null) {
            inFlight -= kept.filled;
            dropped += kept.filled;
            holder.kept = null;
        }
    }

    // -- asking

    /**
     * The next thing to ask for.
     *
     * @param budget bytes that may be asked for beside the limits of this transfer; less than a block: no block is
     * @return null if nothing is to be asked now
     */
    public FetchWork.@Nullable Ask<H> next(long budget, long now) {
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
        if (needsHashes()) {
            final long lacking = chapterToAskFor(first, chapter);
            if (lacking != GapTree.NONE) {
                return askForHashes(holder, lacking, now);
            }
            final FetchRequest<H> asked = chapters.asked(chapter);
            if (chapters.verified(chapter) == null
                    && (asked == null || asked.holder != holder || !chapters.noneIsVerified())) {
                return null; // only at the very start blocks are asked for together with their hashes, which come
                // before them
            }
        }
        return askForBlocks(holder, first, chapter, budget, isTakenOver, now);
    }

    private boolean needsHashes() {
        return shape.blocks() > 1;
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

    private FetchWork.Ask<H> askForHashes(HolderState<H> holder, long chapter, long now) {
        final FetchRequest<H> request =
                new FetchRequest<>(numbers.getAsLong(), holder, true, chapter, chapter + 1, now);
        requests.put(request.number, request);
        chapters.ask(chapter, request);
        return new FetchWork.Ask<>(request.number, holder.id, true, chapter, 1, 0);
    }

    private FetchWork.@Nullable Ask<H> askForBlocks(
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
        final FetchRequest<H> request = new FetchRequest<>(numbers.getAsLong(), holder, false, first, end, now);
        request.isTakenOver = isTakenOver;
        if (kept != null && begun == first) {
            request.data = kept.data;
            request.filled = kept.filled;
            holder.kept = null;
        }
        requests.put(request.number, request);
        unasked.fill(first, end);
        final long bytes = shape.bytes(first, end) - request.filled;
        holder.inFlight += bytes;
        inFlight += bytes;
        return new FetchWork.Ask<>(request.number, holder.id, false, first, (int) (end - first), request.filled);
    }

    private long room(HolderState<H> holder, long budget, long now) {
        final long window = holder.pace.window(limits, now);
        return Math.min(budget, Math.min(window - holder.inFlight, limits.maxInFlight() - inFlight));
    }

    /** Only what it is asked for at once: else whoever had it would be asked again, and it would take it over again, without end. */
    private boolean takesOver(HolderState<H> idle, long budget, long now) {
        final FetchRequest<H> slowest = room(idle, budget, now) < TreeShape.BLOCK
                ? null
                : TakeOver.choose(requests.values(), idle, block -> isAskable(block, idle, now), shape, now);
        if (slowest == null) {
            return false;
        }
        stop(slowest, now);
        return true;
    }

    private boolean isAskable(long block, HolderState<H> holder, long now) {
        return !isBetterLeftToOthers(block, holder, now)
                && (!needsHashes() || chapters.verified(TreeShape.chapterOf(block)) != null);
    }

    /** Gives up one request, and says so. */
    private void stop(FetchRequest<H> request, long now) {
        release(request, now);
        halts.add(new FetchWork.Halt<>(request.holder.id, request.number, request.number));
    }

    // -- what comes

    /** A part of a block came. False if nobody asked for it, or for it next: it is dropped. */
    public boolean onChunk(H from, Chunk chunk, long now) {
        final FetchRequest<H> request = requests.get(chunk.request());
        final int length = chunk.data().length();
        if (request == null || request.hashes || !request.holder.id.equals(from)) {
            dropped += length;
            return false;
        }
        final HolderState<H> holder = request.holder;
        final int blockLength = shape.blockLength(request.next);
        if (chunk.block() != request.next
                || chunk.offset() != request.filled
                || chunk.offset() + length > blockLength) {
            dropped += length;
            stop(request, now);
            strike(holder, now);
            return false;
        }
        sign(request, now);
        holder.pace.onBytes(length);
        holder.inFlight -= length;
        received += length;
        final byte[] begun = request.data;
        final byte[] data = begun == null ? new byte[blockLength] : begun;
        chunk.data().copyTo(0, data, request.filled, length);
        request.filled += length;
        request.data = data;
        if (request.filled == blockLength) {
            complete(request, data, now);
        }
        return true;
    }

    private void sign(FetchRequest<H> request, long now) {
        if (!request.started) {
            request.started = true;
            request.holder.pace.onFirstByte(now - request.askedAt, request.inFlightBefore < limits.minWindow(), now);
        }
        request.holder.lastByteAt = now;
    }

    private void complete(FetchRequest<H> request, byte[] data, long now) {
        final long block = request.next;
        request.next++;
        request.data = null;
        request.filled = 0;
        if (request.next == request.end) {
            requests.remove(request.number);
            request.holder.pace.onFinished(
                    request.holder.pace.delivered() - request.deliveredBefore, now - request.askedAt);
        }
        arrivals.add(block, request.holder, data);
    }

    /**
     * The hashes of a chapter came. Verifies them, which takes half a millisecond.
     *
     * @return whether they are what was asked for: then a journal may keep them
     */
    public boolean onHashes(H from, long number, ChapterHashes hashes, long now) {
        final FetchRequest<H> request = requests.get(number);
        if (request == null || !request.hashes || !request.holder.id.equals(from)) {
            dropped += hashes.leaves().length();
            return false;
        }
        sign(request, now);
        if (onKnownHashes(number, hashes)) {
            return true;
        }
        release(request, now);
        dropped += hashes.leaves().length();
        strike(request.holder, now);
        return false;
    }

    /**
     * Likewise, but they were found in the journal, so that nobody need be asked.
     *
     * @return false if they are not what is wanted: then the holder is to be asked
     */
    public boolean onKnownHashes(long number, ChapterHashes hashes) {
        final FetchRequest<H> request = requests.get(number);
        if (request == null || !request.hashes || hashes.chapter() != request.next || !hashes.verifies(shape, root)) {
            return false;
        }
        requests.remove(number);
        chapters.verify(hashes);
        if (!limits.inOrder()) {
            findHoles(hashes);
        }
        arrivals.onVerified(hashes.chapter());
        chapters.closeIfComplete(hashes.chapter(), gaps);
        return true;
    }

    private void findHoles(ChapterHashes hashes) {
        final long first = TreeShape.firstBlock(hashes.chapter());
        final long end = first + hashes.blocks();
        long block = first;
        while (block < end) {
            final long from = block;
            while (block < end && unasked.isMissing(block) && hashes.isZero(block)) {
                block++;
            }
            if (block > from) {
                unasked.fill(from, block);
                gaps.fill(from, block);
                holes.add(new FetchWork.Hole(from, block));
            } else {
                block++;
            }
        }
    }

    /** A holder will not answer a request. False if it is none of ours. */
    public boolean onRefused(H from, long number, TransferFailure why, long now) {
        final FetchRequest<H> request = requests.get(number);
        if (request == null || !request.holder.id.equals(from)) {
            return false;
        }
        release(request, now);
        if (why == TransferFailure.PAUSED) {
            setPaused(from, true, now);
        } else if (why == TransferFailure.BUSY) {
            request.holder.restUntil = now + BUSY_NANOS;
        } else {
            ban(request.holder, now);
        }
        return true;
    }

    /** A block that arrived was verified and written. */
    public void onStored(long block) {
        if (arrivals.remove(block) == null) {
            return;
        }
        inFlight -= shape.blockLength(block);
        gaps.fill(block, block + 1);
        wrongBy.remove(block);
        chapters.closeIfComplete(TreeShape.chapterOf(block), gaps);
        arrivals.onStored();
    }

    /** A block that arrived is not what it should be. */
    public void onWrong(long block, long now) {
        final HolderState<H> bad = arrivals.remove(block);
        if (bad == null) {
            return;
        }
        inFlight -= shape.blockLength(block);
        wrong++;
        wrongBy.put(block, bad);
        unasked.open(block, block + 1);
        strike(bad, now);
    }

    // -- time

    /** Does what is due; early and repeated calls do nothing. */
    public void handleTimeout(long now) {
        for (HolderState<H> holder : holders.all()) {
            final HolderState.Kept kept = holder.kept;
            if (kept != null && now >= kept.until) {
                dropKept(holder);
            }
        }
        for (FetchRequest<H> request : List.copyOf(requests.values())) {
            if (requests.containsKey(request.number)
                    && now - request.lastSign() >= limits.blockTimeoutNanos()
                    && holders.isOtherUsable(request.holder, now)) {
                releaseAll(request.holder, now);
                request.holder.restUntil = now + STALL_REST_NANOS;
            }
        }
    }

    /** When {@link #handleTimeout} and {@link #next} are to be called again if nothing else happens. */
    public long nextDeadline(long now) {
        long deadline = NO_DEADLINE;
        for (HolderState<H> holder : holders.all()) {
            if (holder.kept != null) {
                deadline = Math.min(deadline, holder.kept.until);
            }
            if (holder.isThere() && holder.restUntil > now) {
                deadline = Math.min(deadline, holder.restUntil);
            }
        }
        final List<HolderState<H>> usable = holders.fastestFirst(now);
        for (FetchRequest<H> request : requests.values()) {
            for (HolderState<H> other : usable) {
                if (other != request.holder) {
                    deadline = Math.min(deadline, request.lastSign() + limits.blockTimeoutNanos());
                    if (unasked.isComplete() && isAskable(request.next, other, now)) {
                        deadline = Math.min(
                                deadline, Math.max(now + LOOK_NANOS, TakeOver.latest(request, other, shape, now)));
                    }
                }
            }
        }
        return deadline;
    }

    // -- outputs

    /** A block to verify and write; null: none. */
    public FetchWork.@Nullable Arrived<H> pollArrived() {
        return arrivals.poll();
    }

    /** A STOP to send; null: none. */
    public FetchWork.@Nullable Halt<H> pollStop() {
        return halts.poll();
    }

    /** Zeros to note; null: none. */
    public FetchWork.@Nullable Hole pollHole() {
        return holes.poll();
    }

    /** Whether nothing is missing any more. */
    public boolean isComplete() {
        return gaps.isComplete();
    }

    /** Bytes that were asked for and did not come, and those in memory. */
    public long inFlight() {
        return inFlight;
    }

    /** Bytes that came and were wanted. */
    public long received() {
        return received;
    }

    /** Blocks that came and were wrong. */
    public long wrongBlocks() {
        return wrong;
    }

    /** Bytes that came for nothing: unasked for, stopped too late, or half a block whose holder did not come back. */
    public long dropped() {
        return dropped;
    }
}
