package dev.cutlass.file;

import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * One fetcher and one holder, packet by packet in virtual time, of which either is killed again and again. What the holder sends is held back by acknowledgements, as a congestion control in its steady state does it: so
 * many bytes are under way as the path and a short queue hold. What was noted survives the fetcher, nothing else does.
 */
final class KilledTransfer {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final double SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final String HOLDER = "holder";
    private static final int PACKET = 1_200;

    /** Until a process is there again. The packets that were under way are gone by then. */
    private static final long RESTART = 500 * MILLI;

    /**
     * A path.
     *
     * @param bytesPerSecond of its narrowest link
     * @param roundTrip nanoseconds
     * @param writing nanoseconds to verify, write and note a block
     */
    record Path(double bytesPerSecond, long roundTrip, long writing) {
        /** Bytes under way with a queue of a quarter of the round trip, between 5 and 15 ms: docs/transport.md, what bulk does. */
        long window() {
            final long queue = Math.max(5 * MILLI, Math.min(15 * MILLI, roundTrip / 4));
            return (long) (bytesPerSecond * ((roundTrip + queue) / SECOND));
        }
    }

    private record Event(long at, long order, Runnable action) {}

    /** Of the holder's, in the order of its channel. */
    private static final class Message {
        final Runnable whenWhole;
        int toSend;
        int toArrive;

        Message(int length, Runnable whenWhole) {
            this.toSend = length;
            this.toArrive = length;
            this.whenWhole = whenWhole;
        }
    }

    private final Path path;
    private final TreeShape shape;
    private final HashTree tree;
    private final Root root;
    private final TreeHasher hasher = new TreeHasher();
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
    private final AtomicLong numbers = new AtomicLong();
    private long order;
    private long now;

    // what survives the fetcher
    private final GapTree noted;
    private final Map<Long, ChapterHashes> notedChapters = new HashMap<>();

    // a life of the fetcher
    private BlockScheduler<String> scheduler;
    private int fetcherLife;
    private boolean fetcherLives = true;
    private long strandFreeAt;

    // a life of the holder
    private final Deque<Message> outbox = new ArrayDeque<>();
    private int holderLife;
    private boolean holderLives = true;
    private long unacknowledged;
    private long linkFreeAt;

    private long sent;

    KilledTransfer(long length, Path path) {
        this.path = path;
        this.shape = new TreeShape(length);
        final HeapHashStore store = new HeapHashStore(shape);
        final TreeBuilder builder = new TreeBuilder(shape, store);
        try {
            for (long block = 0; block < shape.blocks(); block++) {
                builder.addBlock(content(block), 0, shape.blockLength(block));
            }
            root = builder.finish();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        tree = new HashTree(shape, store);
        noted = GapTree.all(shape.blocks());
        scheduler = begin();
    }

    private byte[] content(long block) {
        final byte[] content = new byte[shape.blockLength(block)];
        ByteBuffer.wrap(content).putInt((int) block + 1);
        return content;
    }

    private BlockScheduler<String> begin() {
        final BlockScheduler<String> fresh =
                new BlockScheduler<>(shape, root, noted.copy(), SchedulerLimits.DEFAULT, numbers::incrementAndGet);
        fresh.addHolder(HOLDER);
        return fresh;
    }

    private void at(long time, Runnable action) {
        events.add(new Event(Math.max(now, time), order++, action));
    }

    long now() {
        return now;
    }

    /** Data and hashes that left the holder beyond those that had to. */
    long repeated() {
        long needed = shape.length();
        for (long chapter = 0; chapter < shape.chapters(); chapter++) {
            needed += hashesLength(chapter);
        }
        return sent - needed;
    }

    /** Goes on to the end. */
    void run() {
        runUntil(noted::isComplete);
    }

    /** Kills one of them each time after so many bytes of the file, and a moment. */
    void run(long[] kills, SplittableRandom random, BooleanSupplier isFetcher) {
        for (long kill : kills) {
            runUntil(() -> noted.isComplete() || shape.length() - noted.missing() * TreeShape.BLOCK >= kill);
            final long moment = now + random.nextLong((long) (4 * TreeShape.BLOCK / path.bytesPerSecond() * SECOND));
            runUntil(() -> noted.isComplete() || now >= moment);
            if (isFetcher.getAsBoolean()) {
                killFetcher();
            } else {
                killHolder();
            }
        }
        run();
    }

    private void runUntil(BooleanSupplier isReached) {
        pump();
        while (!isReached.getAsBoolean()) {
            final Event next = events.poll();
            assertTrue(next != null, () -> "nothing happens any more: " + noted);
            now = next.at();
            next.action().run();
            pump();
        }
    }

    // -- killing

    private void killFetcher() {
        fetcherLife++;
        fetcherLives = false;
        at(now + RESTART, () -> {
            outbox.clear(); // of a channel that ended with its engine
            unacknowledged = 0;
            holderLife++; // what it sent to the old one is of no more interest
            fetcherLives = true;
            strandFreeAt = now;
            scheduler = begin();
        });
        runUntil(() -> fetcherLives);
    }

    private void killHolder() {
        holderLives = false;
        outbox.clear();
        at(now + RESTART, () -> {
            holderLife++;
            unacknowledged = 0;
            holderLives = true;
            scheduler.removeHolder(HOLDER, now);
            scheduler.addHolder(HOLDER);
        });
        runUntil(() -> holderLives);
    }

    // -- the fetcher

    private void pump() {
        if (!fetcherLives) {
            return;
        }
        for (FetchWork.Arrived<String> block; (block = scheduler.pollArrived()) != null; ) {
            store(block);
        }
        while (scheduler.pollStop() != null) { // only to a holder that is not there any more
        }
        if (holderLives) {
            for (FetchWork.Ask<String> ask; (ask = scheduler.next(Long.MAX_VALUE, now)) != null; ) {
                final FetchWork.Ask<String> asked = ask;
                final ChapterHashes known = ask.hashes() ? notedChapters.get(ask.first()) : null;
                if (known != null) {
                    assertTrue(scheduler.onKnownHashes(ask.request(), known));
                } else {
                    final int life = holderLife;
                    at(now + path.roundTrip() / 2, () -> answer(asked, life));
                }
            }
        }
    }

    private void store(FetchWork.Arrived<String> block) {
        final BlockScheduler<String> mine = scheduler;
        final int life = fetcherLife;
        strandFreeAt = Math.max(now, strandFreeAt) + path.writing();
        at(strandFreeAt, () -> {
            if (life == fetcherLife) {
                assertTrue(block.isGood(hasher, root));
                noted.fill(block.block(), block.block() + 1);
                mine.onStored(block.block());
            }
        });
    }

    // -- the holder

    private void answer(FetchWork.Ask<String> ask, int life) {
        if (life != holderLife || !holderLives) {
            return;
        }
        if (ask.hashes()) {
            outbox.add(new Message(hashesLength(ask.first()), () -> bringHashes(ask)));
        } else {
            int from = ask.skip();
            boolean isFirst = true;
            for (long block = ask.first(); block < ask.first() + ask.count(); block++) {
                while (from < shape.blockLength(block)) {
                    final long current = block;
                    final int offset = from;
                    final int length = Chunk.length(isFirst, shape.blockLength(block) - from);
                    outbox.add(new Message(length, () -> bringChunk(ask, current, offset, length)));
                    from += length;
                    isFirst = false;
                }
                from = 0;
            }
        }
        send();
    }

    private int hashesLength(long chapter) {
        return (shape.chapterBlocks(chapter) + shape.proofLength(chapter)) * Root.LENGTH;
    }

    private void send() {
        while (holderLives && !outbox.isEmpty() && unacknowledged < path.window()) {
            final Message message = outbox.element();
            final int size = Math.min(PACKET, message.toSend);
            message.toSend -= size;
            if (message.toSend == 0) {
                outbox.remove();
            }
            sent += size;
            unacknowledged += size;
            linkFreeAt = Math.max(now, linkFreeAt) + (long) (size / path.bytesPerSecond() * SECOND);
            final int from = holderLife;
            final int to = fetcherLife;
            at(linkFreeAt + path.roundTrip() / 2, () -> arrive(message, size, from, to));
        }
    }

    private void arrive(Message message, int size, int from, int to) {
        if (to != fetcherLife || !fetcherLives) {
            return; // nobody is there, so nobody acknowledges it
        }
        at(now + path.roundTrip() / 2, () -> {
            if (from == holderLife) {
                unacknowledged -= size;
                send();
            }
        });
        message.toArrive -= size;
        if (message.toArrive == 0) {
            message.whenWhole.run();
        }
    }

    private void bringHashes(FetchWork.Ask<String> ask) {
        try {
            final ChapterHashes hashes = tree.chapter(ask.first());
            if (scheduler.onHashes(HOLDER, ask.request(), hashes, now)) {
                notedChapters.put(ask.first(), hashes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void bringChunk(FetchWork.Ask<String> ask, long block, int offset, int length) {
        scheduler.onChunk(
                HOLDER, new Chunk(ask.request(), block, offset, Bytes.of(content(block), offset, length)), now);
    }
}
