package dev.cutlass.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.event.TransferFailure;
import dev.cutlass.file.tree.ChapterHashes;
import dev.cutlass.file.tree.HashTree;
import dev.cutlass.file.tree.HeapHashStore;
import dev.cutlass.file.tree.Root;
import dev.cutlass.file.tree.TreeBuilder;
import dev.cutlass.file.tree.TreeHasher;
import dev.cutlass.file.tree.TreeShape;
import dev.cutlass.file.wire.Chunk;
import dev.cutlass.wire.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A fetcher and its holders in virtual time: each holder answers in order, after its latency, at its rate, and may lie, pause, vanish and come back. */
final class Swarm {
    static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** At one time: more than all windows together have blocks. */
    private static final int MAX_ASKS = 2_000;

    /** How a holder is. */
    static final class Holder {
        final String name;
        long latency = 20 * MILLI;
        double bytesPerSecond = 10 << 20;
        double wrongShare;
        boolean silent;
        boolean wrongHashes;
        boolean there = true;
        private int life;
        private long freeAt;
        private final List<FetchWork.Halt<String>> halts = new ArrayList<>();
        long sent;

        Holder(String name) {
            this.name = name;
        }

        private boolean isStopped(long request) {
            return halts.stream().anyMatch(halt -> halt.first() <= request && request <= halt.last());
        }
    }

    private record Event(long at, long order, Runnable action) {}

    final TreeShape shape;
    final byte[] content;
    final Root root;
    final HashTree tree;
    final GapTree gaps;
    final BlockScheduler<String> scheduler;
    final Map<String, Holder> holders = new HashMap<>();
    final BitSet stored = new BitSet();
    final List<Long> storedInOrder = new ArrayList<>();
    long now;
    long holeBlocks;
    int mostRanges;

    /** How often each was wrong, in what the scheduler had asked it for. */
    final Map<String, Integer> struck = new HashMap<>();

    private final Set<String> refused = new HashSet<>();

    /** What each has sent of the blocks that are not through yet. */
    private final Map<String, Map<Long, byte[]>> sentBy = new HashMap<>();

    private final SplittableRandom random;
    private final SchedulerLimits limits;
    private final AtomicLong numbers = new AtomicLong();
    private final TreeHasher hasher = new TreeHasher();
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
    private long order;

    /** A file of random bytes with some holes. */
    Swarm(long length, double holes, long seed, SchedulerLimits limits) {
        this.limits = limits;
        random = new SplittableRandom(seed);
        shape = new TreeShape(length);
        content = new byte[(int) length];
        final HeapHashStore store = new HeapHashStore(shape);
        final TreeBuilder builder = new TreeBuilder(shape, store);
        try {
            for (long block = 0; block < shape.blocks(); block++) {
                final int at = (int) shape.position(block);
                if (random.nextDouble() >= holes) {
                    for (int i = 0; i < shape.blockLength(block); i += 1 + random.nextInt(5_000)) {
                        content[at + i] = (byte) random.nextInt(1, 256);
                    }
                }
                builder.addBlock(content, at, shape.blockLength(block));
            }
            root = builder.finish();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        tree = new HashTree(shape, store);
        gaps = GapTree.all(shape.blocks());
        scheduler = new BlockScheduler<>(shape, root, gaps, limits, numbers::incrementAndGet);
    }

    Holder holder(String name) {
        final Holder holder = holders.computeIfAbsent(name, Holder::new);
        scheduler.addHolder(name);
        return holder;
    }

    void at(long time, Runnable action) {
        events.add(new Event(Math.max(now, time), order++, action));
    }

    void vanish(Holder holder) {
        holder.there = false;
        holder.life++;
        scheduler.removeHolder(holder.name, now);
    }

    void comeBack(Holder holder) {
        holder.there = true;
        scheduler.addHolder(holder.name);
    }

    /** Runs until the file is there, or nothing happens any more, or the time is over. */
    void run(long until) {
        work();
        while (!scheduler.isComplete()) {
            final Event next = events.peek();
            final long deadline = scheduler.nextDeadline(now);
            final long at = Math.min(next == null ? Long.MAX_VALUE : next.at(), deadline);
            if (at > until) {
                return;
            }
            now = Math.max(now, at);
            if (next != null && next.at() <= now) {
                events.poll().action().run();
            } else {
                scheduler.handleTimeout(now);
            }
            work();
        }
    }

    private void work() {
        for (FetchWork.Halt<String> halt; (halt = scheduler.pollStop()) != null; ) {
            holders.get(halt.holder()).halts.add(halt);
        }
        for (FetchWork.Hole hole; (hole = scheduler.pollHole()) != null; ) {
            for (long block = hole.first(); block < hole.end(); block++) {
                assertTrue(TreeHasher.isZero(content, (int) shape.position(block), shape.blockLength(block)));
                store(block);
                holeBlocks++;
            }
        }
        for (FetchWork.Arrived<String> block; (block = scheduler.pollArrived()) != null; ) {
            final FetchWork.Arrived<String> arrived = block;
            at(now + random.nextLong(MILLI), () -> onArrived(arrived)); // as a disk would
        }
        int asks = 0;
        for (FetchWork.Ask<String> ask; (ask = scheduler.next(Long.MAX_VALUE, now)) != null; ) {
            assertTrue(++asks < MAX_ASKS, "asks and stops for ever");
            answer(ask);
        }
        assertTrue(scheduler.inFlight() >= 0 && scheduler.inFlight() <= limits.maxInFlight(), "bounded");
        mostRanges = Math.max(mostRanges, gaps.ranges());
        for (String name : holders.keySet()) {
            assertEquals(strikes(name) >= HolderState.MAX_STRIKES || refused.contains(name), scheduler.isBanned(name));
        }
    }

    private int strikes(String name) {
        return struck.getOrDefault(name, 0);
    }

    private void strike(String name) {
        struck.merge(name, 1, Integer::sum);
    }

    private void onArrived(FetchWork.Arrived<String> arrived) {
        assertArrayEquals(
                sentBy.get(arrived.holder()).get(arrived.block()), arrived.data(), "all of it, and nobody else's");
        if (arrived.isGood(hasher, root)) {
            final int at = (int) shape.position(arrived.block());
            assertArrayEquals(Arrays.copyOfRange(content, at, at + shape.blockLength(arrived.block())), arrived.data());
            store(arrived.block());
            scheduler.onStored(arrived.block());
        } else {
            strike(arrived.holder());
            scheduler.onWrong(arrived.block(), now);
        }
        sentBy.get(arrived.holder()).remove(arrived.block());
    }

    private void store(long block) {
        assertTrue(!stored.get((int) block), "block " + block + " is stored once");
        stored.set((int) block);
        storedInOrder.add(block);
    }

    private void answer(FetchWork.Ask<String> ask) {
        final Holder holder = holders.get(ask.holder());
        assertTrue(holder.there, "only who is there is asked");
        assertTrue(strikes(holder.name) < HolderState.MAX_STRIKES, "who was wrong too often is not asked");
        assertTrue(ask.hashes() || ask.first() + ask.count() <= shape.blocks());
        if (holder.silent) {
            return;
        }
        final int life = holder.life;
        long free = Math.max(holder.freeAt, now + holder.latency / 2);
        if (ask.hashes()) {
            free += (long) (33_000 / holder.bytesPerSecond * SECOND);
            deliver(holder, life, ask, free, () -> sendHashes(holder, ask));
        } else {
            int from = ask.skip();
            boolean isFirst = true;
            for (long block = ask.first(); block < ask.first() + ask.count(); block++) {
                final long current = block;
                final boolean wrong = random.nextDouble() < holder.wrongShare;
                while (from < shape.blockLength(block)) {
                    final int offset = from;
                    final int length = Chunk.length(isFirst, shape.blockLength(block) - from);
                    free += (long) (length / holder.bytesPerSecond * SECOND);
                    deliver(holder, life, ask, free, () -> sendChunk(holder, ask, current, offset, length, wrong));
                    from += length;
                    isFirst = false;
                }
                from = 0;
            }
        }
        holder.freeAt = free;
    }

    private void deliver(Holder holder, int life, FetchWork.Ask<String> ask, long at, Runnable action) {
        at(at + holder.latency / 2, () -> {
            if (holder.life == life && !holder.isStopped(ask.request())) {
                action.run();
            }
        });
    }

    private void sendHashes(Holder holder, FetchWork.Ask<String> ask) {
        try {
            final ChapterHashes good = tree.chapter(ask.first());
            final byte[] leaves = good.leaves().toArray();
            if (holder.wrongHashes) {
                leaves[random.nextInt(leaves.length)]++;
            }
            final boolean isTaken = scheduler.onHashes(
                    holder.name, ask.request(), new ChapterHashes(ask.first(), good.proof(), Bytes.of(leaves)), now);
            assertEquals(!holder.wrongHashes, isTaken);
            if (!isTaken) {
                strike(holder.name);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void sendChunk(
            Holder holder, FetchWork.Ask<String> ask, long block, int offset, int length, boolean wrong) {
        final byte[] data = new byte[length];
        System.arraycopy(content, (int) shape.position(block) + offset, data, 0, length);
        if (wrong) {
            data[random.nextInt(length)]++;
        }
        holder.sent += length;
        final byte[] whole = sentBy.computeIfAbsent(holder.name, any -> new HashMap<>())
                .computeIfAbsent(block, any -> new byte[shape.blockLength(block)]);
        System.arraycopy(data, 0, whole, offset, length);
        scheduler.onChunk(holder.name, new Chunk(ask.request(), block, offset, Bytes.of(data)), now);
    }

    void refuse(Holder holder, long number, TransferFailure why) {
        if (why != TransferFailure.PAUSED && why != TransferFailure.BUSY) {
            refused.add(holder.name);
        }
        scheduler.onRefused(holder.name, number, why, now);
    }

    /** All is there, once, and nothing is left over. */
    void assertWhole() {
        assertTrue(scheduler.isComplete(), gaps + " at " + now);
        assertEquals(shape.blocks(), stored.cardinality());
    }

    long sentInAll() {
        return holders.values().stream().mapToLong(holder -> holder.sent).sum();
    }
}
