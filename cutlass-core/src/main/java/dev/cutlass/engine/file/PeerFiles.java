package dev.cutlass.engine.file;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.engine.ChannelEntry;
import dev.cutlass.engine.PeerEntry;
import dev.cutlass.file.tree.Root;
import dev.cutlass.file.tree.TreeShape;
import dev.cutlass.file.wire.Chunk;
import dev.cutlass.file.wire.FileMessage;
import dev.cutlass.file.wire.Get;
import dev.cutlass.wire.Id128;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What is known about one peer: the channels with it, and what it asked for and has not got. Under the lock of files. */
final class PeerFiles {
    /** Requests that wait; more are refused. */
    static final int MAX_REQUESTS = 64;

    /** Then it is not listened to any more, until its next start. */
    static final int MAX_MALFORMED = 16;

    /** FINDs without an answer that are remembered: one for each transfer that begins, so more than a peer leaves open. */
    private static final int MAX_FINDS = 256;

    /** A request that is being answered. */
    static final class Pending {
        final Get get;
        long block;
        int offset;

        /** What we share with the peer; it may be offered besides. */
        final @Nullable HeldFile shared;

        /** Known when it was begun. */
        @Nullable
        TreeShape shape;

        /** Which offer it is served for, as far as that still holds; for its limit, too. */
        @Nullable
        UploadJob job;

        Pending(Get get, @Nullable HeldFile shared) {
            this.get = get;
            this.shared = shared;
            this.block = get.first();
            this.offset = get.skip();
        }

        int blockLength() {
            final TreeShape known = shape;
            return known == null ? TreeShape.BLOCK : known.blockLength(block);
        }

        int nextLength() {
            return Chunk.length(block == get.first() && offset == get.skip(), blockLength() - offset);
        }
    }

    final PeerId id;

    @Nullable
    PeerEntry entry;

    /** Opened by the peer: for its questions, and our answers; and for what we send. */
    @Nullable
    ChannelEntry theirControl;

    @Nullable
    ChannelEntry theirData;

    /** It was known before it came. */
    boolean known;

    /** The run of its engine that we are, or were, connected with. */
    @Nullable
    Id128 boot;

    int malformed;

    /** Numbers of what we asked it to find and it did not answer: an answer to nothing is none. The eldest is given up. */
    private final Set<Long> finds = new LinkedHashSet<>();

    /** When a complaint of its was looked into. */
    long lookedAt = -1;

    private final Map<Root, Deque<Pending>> requests = new LinkedHashMap<>();
    private int waiting;

    /** A job that sends is under way, or waits for room. */
    boolean sending;

    /** What the job that sends waits for; its own. */
    @Nullable
    CompletableFuture<Void> room;

    /** Read, and there was no room. */
    @Nullable
    FileMessage unsent;

    @Nullable
    Pending unsentFor;

    PeerFiles(PeerId id) {
        this.id = id;
    }

    void asked(long find) {
        finds.add(find);
        if (finds.size() > MAX_FINDS) {
            finds.remove(finds.iterator().next());
        }
    }

    /** Whether it was asked. */
    boolean answered(long find) {
        return finds.remove(find);
    }

    /** False if there are too many. */
    boolean add(Get get, @Nullable HeldFile shared) {
        if (waiting >= MAX_REQUESTS) {
            return false;
        }
        requests.computeIfAbsent(get.root(), any -> new ArrayDeque<>()).add(new Pending(get, shared));
        waiting++;
        return true;
    }

    /** Nothing would be lost with it. */
    boolean isIdle() {
        return waiting == 0 && !sending && theirControl == null && theirData == null;
    }

    boolean hasRequests() {
        return waiting > 0;
    }

    /** The next to go on with: in turn between contents. Null: none. */
    @Nullable
    Pending next() {
        final Iterator<Map.Entry<Root, Deque<Pending>>> each =
                requests.entrySet().iterator();
        if (!each.hasNext()) {
            return null;
        }
        final Map.Entry<Root, Deque<Pending>> first = each.next();
        final Root root = first.getKey();
        final Deque<Pending> queue = first.getValue();
        each.remove();
        requests.put(root, queue);
        return queue.peek();
    }

    /** It is answered, refused or stopped. */
    void remove(Pending pending) {
        final Deque<Pending> queue = requests.get(pending.get.root());
        if (queue != null && queue.remove(pending)) {
            waiting--;
            if (queue.isEmpty()) {
                requests.remove(pending.get.root());
            }
        }
    }

    boolean isWanted(Pending pending) {
        final Deque<Pending> queue = requests.get(pending.get.root());
        return queue != null && queue.contains(pending);
    }

    void stop(long first, long last) {
        removeIf(pending -> first <= pending.get.request() && pending.get.request() <= last, pending -> {});
    }

    void removeIf(Predicate<Pending> which, Consumer<Pending> each) {
        for (Deque<Pending> queue : List.copyOf(requests.values())) {
            for (Pending pending : List.copyOf(queue)) {
                if (which.test(pending)) {
                    remove(pending);
                    each.accept(pending);
                }
            }
        }
    }

    void clear() {
        requests.clear();
        waiting = 0;
        unsent = null;
        unsentFor = null;
    }
}
