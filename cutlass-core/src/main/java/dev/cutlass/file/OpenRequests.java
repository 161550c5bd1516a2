package dev.cutlass.file;

import dev.cutlass.file.tree.TreeShape;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The GETs that are under way, and the bytes that they are about: each byte is counted from when it is asked for until it is given back, or its block is stored. One thread at a time. */
final class OpenRequests<H> {
    private final TreeShape shape;

    /** What is missing and neither asked for nor held. */
    private final GapTree unasked;

    private final OpenChapters<H> chapters;
    private final long keptNanos;
    private final Map<Long, FetchRequest<H>> requests = new LinkedHashMap<>();
    private final Deque<FetchWork.Halt<H>> halts = new ArrayDeque<>();
    private long inFlight;
    private long dropped;

    /** @param keptNanos how long the beginning of a block waits for its holder to come back */
    OpenRequests(TreeShape shape, GapTree unasked, OpenChapters<H> chapters, long keptNanos) {
        this.shape = shape;
        this.unasked = unasked;
        this.chapters = chapters;
        this.keptNanos = keptNanos;
    }

    /** The one with a number, if it is under way from this holder. */
    @Nullable
    FetchRequest<H> find(H holder, long number) {
        final FetchRequest<H> request = requests.get(number);
        return request != null && request.holder.id.equals(holder) ? request : null;
    }

    /** The one with a number, of anybody. */
    @Nullable
    FetchRequest<H> find(long number) {
        return requests.get(number);
    }

    /** All of them, in the order in which they were made. Not to be changed meanwhile. */
    Collection<FetchRequest<H>> all() {
        return requests.values();
    }

    long inFlight() {
        return inFlight;
    }

    long dropped() {
        return dropped;
    }

    void drop(int bytes) {
        dropped += bytes;
    }

    // -- the beginning

    FetchRequest<H> openHashes(long number, HolderState<H> holder, long chapter, long now) {
        final FetchRequest<H> request = new FetchRequest<>(number, holder, true, chapter, chapter + 1, now);
        requests.put(number, request);
        chapters.ask(chapter, request);
        return request;
    }

    /** Goes on with the block that the holder had begun, if that is the first one. */
    FetchRequest<H> openBlocks(long number, HolderState<H> holder, long first, long end, long now) {
        final FetchRequest<H> request = new FetchRequest<>(number, holder, false, first, end, now);
        final HolderState.Kept kept = holder.kept;
        if (kept != null && kept.block == first) {
            request.data = kept.data;
            request.filled = kept.filled;
            holder.kept = null;
        }
        requests.put(number, request);
        unasked.fill(first, end);
        final long bytes = shape.bytes(first, end) - request.filled;
        holder.inFlight += bytes;
        inFlight += bytes;
        return request;
    }

    // -- the end

    /** It is answered. */
    void close(FetchRequest<H> request) {
        requests.remove(request.number);
    }

    /** A block that came is stored, or was wrong. */
    void settle(long block) {
        inFlight -= shape.blockLength(block);
    }

    /** Gives back what a request has not brought. */
    void release(FetchRequest<H> request, long now) {
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
            holder.kept = new HolderState.Kept(request.next, begun, request.filled, now + keptNanos);
        } else {
            inFlight -= request.filled;
            dropped += request.filled;
        }
    }

    /** Gives up one request, and says so. */
    void stop(FetchRequest<H> request, long now) {
        release(request, now);
        halts.add(new FetchWork.Halt<>(request.holder.id, request.number, request.number));
    }

    /** Gives up all requests of a holder, and says so. */
    void stopAll(HolderState<H> holder, long now) {
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

    /** Nobody goes on with the block that the holder had begun. */
    void dropKept(HolderState<H> holder) {
        final HolderState.Kept kept = holder.kept;
        if (kept != null) {
            inFlight -= kept.filled;
            dropped += kept.filled;
            holder.kept = null;
        }
    }

    FetchWork.@Nullable Halt<H> pollStop() {
        return halts.poll();
    }
}
