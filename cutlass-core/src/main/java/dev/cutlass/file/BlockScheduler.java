package dev.cutlass.file;

import dev.cutlass.event.TransferFailure;
import dev.cutlass.file.tree.ChapterHashes;
import dev.cutlass.file.tree.Root;
import dev.cutlass.file.tree.TreeShape;
import dev.cutlass.file.wire.Chunk;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
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
    private final Holders<H> holders = new Holders<>();
    private final OpenChapters<H> chapters = new OpenChapters<>();
    private final OpenRequests<H> requests;
    private final NextAsk<H> asking;
    private final Arrivals<H> arrivals;
    private final Deque<FetchWork.Hole> holes = new ArrayDeque<>();
    private long received;
    private long wrong;

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
        this.requests = new OpenRequests<>(shape, unasked, chapters, limits.blockTimeoutNanos());
        this.asking = new NextAsk<>(shape, unasked, limits, numbers, holders, requests, chapters);
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
            requests.stopAll(holder, now);
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
                requests.stopAll(holder, now);
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
        requests.stopAll(holder, now);
        requests.dropKept(holder);
        holders.endRests(now + BUSY_NANOS);
    }

    // -- asking

    /**
     * The next thing to ask for.
     *
     * @param budget bytes that may be asked for beside the limits of this transfer; less than a block: no block is
     * @return null if nothing is to be asked now
     */
    public FetchWork.@Nullable Ask<H> next(long budget, long now) {
        return asking.choose(budget, now);
    }

    // -- what comes

    /** A part of a block came. False if nobody asked for it, or for it next: it is dropped. */
    public boolean onChunk(H from, Chunk chunk, long now) {
        final FetchRequest<H> request = requests.find(from, chunk.request());
        final int length = chunk.data().length();
        if (request == null || request.hashes) {
            requests.drop(length);
            return false;
        }
        final HolderState<H> holder = request.holder;
        final int blockLength = shape.blockLength(request.next);
        if (chunk.block() != request.next
                || chunk.offset() != request.filled
                || chunk.offset() + length > blockLength) {
            requests.drop(length);
            requests.stop(request, now);
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
            request.holder.pace.onFirstBytes(now - request.askedAt, request.inFlightBefore < limits.minWindow(), now);
        }
        request.holder.lastByteAt = now;
    }

    private void complete(FetchRequest<H> request, byte[] data, long now) {
        final long block = request.next;
        request.next++;
        request.data = null;
        request.filled = 0;
        if (request.next == request.end) {
            requests.close(request);
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
        final FetchRequest<H> request = requests.find(from, number);
        if (request == null || !request.hashes) {
            requests.drop(hashes.leaves().length());
            return false;
        }
        sign(request, now);
        if (onKnownHashes(number, hashes)) {
            return true;
        }
        requests.release(request, now);
        requests.drop(hashes.leaves().length());
        strike(request.holder, now);
        return false;
    }

    /**
     * Likewise, but they were found in the journal, so that nobody need be asked.
     *
     * @return false if they are not what is wanted: then the holder is to be asked
     */
    public boolean onKnownHashes(long number, ChapterHashes hashes) {
        final FetchRequest<H> request = requests.find(number);
        if (request == null || !request.hashes || hashes.chapter() != request.next || !hashes.verifies(shape, root)) {
            return false;
        }
        requests.close(request);
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
        final FetchRequest<H> request = requests.find(from, number);
        if (request == null) {
            return false;
        }
        requests.release(request, now);
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
        requests.settle(block);
        gaps.fill(block, block + 1);
        asking.onStored(block);
        chapters.closeIfComplete(TreeShape.chapterOf(block), gaps);
        arrivals.onStored();
    }

    /** A block that arrived is not what it should be. */
    public void onWrong(long block, long now) {
        final HolderState<H> bad = arrivals.remove(block);
        if (bad == null) {
            return;
        }
        requests.settle(block);
        wrong++;
        asking.onWrong(block, bad);
        unasked.open(block, block + 1);
        strike(bad, now);
    }

    // -- time

    /** Does what is due; early and repeated calls do nothing. */
    public void handleTimeout(long now) {
        for (HolderState<H> holder : holders.all()) {
            final HolderState.Kept kept = holder.kept;
            if (kept != null && now >= kept.until) {
                requests.dropKept(holder);
            }
        }
        for (FetchRequest<H> request : List.copyOf(requests.all())) {
            if (requests.find(request.number) != null
                    && now - request.lastSign() >= limits.blockTimeoutNanos()
                    && holders.isOtherUsable(request.holder, now)) {
                requests.stopAll(request.holder, now);
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
        for (FetchRequest<H> request : requests.all()) {
            for (HolderState<H> other : usable) {
                if (other != request.holder) {
                    deadline = Math.min(deadline, request.lastSign() + limits.blockTimeoutNanos());
                    if (unasked.isComplete() && asking.isAskable(request.next, other, now)) {
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
        return requests.pollStop();
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
        return requests.inFlight();
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
        return requests.dropped();
    }
}
