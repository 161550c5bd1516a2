package dev.cutlass.engine.file;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.TransferFailure;
import dev.cutlass.file.BlockScheduler;
import dev.cutlass.file.FetchWork;
import dev.cutlass.file.GapTree;
import dev.cutlass.file.SchedulerLimits;
import dev.cutlass.file.tree.ChapterHashes;
import dev.cutlass.file.tree.Root;
import dev.cutlass.file.tree.TreeHasher;
import dev.cutlass.file.tree.TreeShape;
import dev.cutlass.file.wire.Chunk;
import dev.cutlass.file.wire.Get;
import dev.cutlass.file.wire.Stop;
import dev.cutlass.file.wire.Wrong;
import dev.cutlass.store.file.StoreException;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One content that comes: asks for its blocks, has them verified and written. What ends in {@code Locked} is called with the lock of files; the rest runs on the strand of the transfer. */
final class Fetch {
    /** Numbers of its requests have its index above these bits: so a STOP from one to another of them stops nobody else's. */
    static final int INDEX_SHIFT = 32;

    private static final long NUMBERS = (1L << INDEX_SHIFT) - 1;

    /** The transfer that it belongs to. All under the lock. */
    interface Owner {
        /** So many more bytes are asked for, or in memory; or fewer. */
        void inFlightLocked(long more);

        /** Bytes that may be asked for now. */
        long roomLocked(long now);

        /** When there may be more, if room was what was missing. */
        long roomAtLocked(long now);

        void askedLocked(long bytes, long now);

        void storedLocked(long bytes, long now);

        void allThereLocked(Fetch fetch, long now);

        void failedLocked(Fetch fetch, TransferFailure why, String text, long now);

        /** Somebody is not asked for this content any more; others may come. */
        void bannedLocked(Fetch fetch, TransferFailure why, long now);

        /** Nobody who has it is there, and who was will not give it. */
        boolean isRunningLocked();
    }

    private final Turns turns;
    private final Links links;
    private final Owner owner;
    private final Strand strand;
    private final BlockTarget target;
    private final Root root;
    private final TreeShape shape;
    private final long index;
    private final BlockScheduler<PeerId> scheduler;

    /** On the strand. */
    private final TreeHasher hasher = new TreeHasher();

    /** Whether the journal may have hashes. */
    private final boolean recovered;

    private final Set<PeerId> holders = new LinkedHashSet<>();
    private long numbers;
    private long present;

    /** Of what is in flight, what the owner knows. */
    private long counted;

    private boolean allThere;

    /** Volatile: written under the lock, looked at on the strand before work that nobody wants any more. */
    private volatile boolean closed;

    Fetch(
            Turns turns,
            Links links,
            Owner owner,
            Strand strand,
            BlockTarget target,
            Root root,
            TreeShape shape,
            GapTree gaps,
            SchedulerLimits limits,
            long index,
            boolean recovered) {
        this.turns = turns;
        this.links = links;
        this.owner = owner;
        this.strand = strand;
        this.target = target;
        this.root = root;
        this.shape = shape;
        this.index = index;
        this.recovered = recovered;
        this.present = shape.length();
        gaps.forEach((first, end) -> present -= shape.bytes(first, end));
        this.scheduler = new BlockScheduler<>(shape, root, gaps, limits, this::nextNumber);
    }

    private long nextNumber() {
        numbers = numbers + 1 & NUMBERS;
        return index << INDEX_SHIFT | numbers;
    }

    Root root() {
        return root;
    }

    BlockTarget target() {
        return target;
    }

    long index() {
        return index;
    }

    long presentLocked() {
        return present;
    }

    long wrongLocked() {
        return scheduler.wrongBlocks();
    }

    long droppedLocked() {
        return scheduler.dropped();
    }

    boolean isCompleteLocked() {
        return scheduler.isComplete();
    }

    // -- holders

    boolean isBannedLocked(PeerId peer) {
        return scheduler.isBanned(peer);
    }

    boolean hasHolderLocked(PeerId peer) {
        return holders.contains(peer);
    }

    void addHolderLocked(PeerId peer, long now) {
        if (scheduler.addHolder(peer)) {
            holders.add(peer);
            scheduler.setPaused(peer, false, now);
        }
        pumpLocked(now);
    }

    void removeHolderLocked(PeerId peer, long now) {
        if (holders.remove(peer)) {
            scheduler.removeHolder(peer, now);
            pumpLocked(now);
        }
    }

    void pausedLocked(PeerId peer, boolean paused, long now) {
        scheduler.setPaused(peer, paused, now);
        pumpLocked(now);
    }

    /** Everything that is under way is stopped; holders have to be added anew. */
    void haltLocked(long now) {
        for (PeerId peer : Set.copyOf(holders)) {
            holders.remove(peer);
            scheduler.removeHolder(peer, now);
        }
        pumpLocked(now);
    }

    /** No more of it. */
    void closeLocked(long now) {
        closed = true;
        haltLocked(now);
    }

    // -- what comes

    void chunkLocked(PeerId from, Chunk chunk, long now) {
        if (!scheduler.onChunk(from, chunk, now)) {
            lookAtHoldersLocked(from, TransferFailure.WRONG_DATA, now);
        }
        pumpLocked(now);
    }

    void hashesLocked(PeerId from, long number, ChapterHashes hashes, long now) {
        if (scheduler.onHashes(from, number, hashes, now)) {
            onStrandLocked(() -> target.noteHashes(hashes), () -> {});
        } else {
            lookAtHoldersLocked(from, TransferFailure.WRONG_DATA, now);
        }
        pumpLocked(now);
    }

    void refusedLocked(PeerId from, long number, TransferFailure why, long now) {
        if (why == TransferFailure.NOT_FOUND) { // it was restarted, perhaps: it offers it again, or does not
            holders.remove(from);
            scheduler.removeHolder(from, now);
        } else {
            scheduler.onRefused(from, number, why, now);
            lookAtHoldersLocked(from, why, now);
        }
        pumpLocked(now);
    }

    private void lookAtHoldersLocked(PeerId suspect, TransferFailure why, long now) {
        if (!closed && scheduler.isBanned(suspect)) {
            owner.bannedLocked(this, why, now);
        }
    }

    // -- what is to be done

    void timeoutLocked(long now) {
        scheduler.handleTimeout(now);
        pumpLocked(now);
    }

    void pumpLocked(long now) {
        for (FetchWork.Halt<PeerId> halt = scheduler.pollStop(); halt != null; halt = scheduler.pollStop()) {
            links.sayLocked(halt.holder(), new Stop(halt.first(), halt.last()), true);
        }
        if (!closed) {
            handOverLocked(now);
            if (scheduler.isComplete()) {
                if (!allThere) {
                    allThere = true;
                    owner.allThereLocked(this, now);
                }
            } else if (owner.isRunningLocked()) {
                askLocked(now);
            }
        }
        countLocked();
    }

    /** What came goes to the strand. */
    private void handOverLocked(long now) {
        for (FetchWork.Hole hole = scheduler.pollHole(); hole != null; hole = scheduler.pollHole()) {
            final FetchWork.Hole zeros = hole;
            onStrandLocked(() -> target.hole(zeros.first(), zeros.end()), () -> {});
            storedLocked(shape.bytes(hole.first(), hole.end()), now);
        }
        for (FetchWork.Arrived<PeerId> block = scheduler.pollArrived();
                block != null;
                block = scheduler.pollArrived()) {
            final FetchWork.Arrived<PeerId> arrived = block;
            turns.laterLocked(() -> strand.run(() -> store(arrived)));
        }
    }

    private void countLocked() {
        final long inFlight = closed ? 0 : scheduler.inFlight();
        owner.inFlightLocked(inFlight - counted);
        counted = inFlight;
    }

    private void askLocked(long now) {
        for (FetchWork.Ask<PeerId> ask = scheduler.next(owner.roomLocked(now), now);
                ask != null;
                ask = scheduler.next(owner.roomLocked(now), now)) {
            final FetchWork.Ask<PeerId> asked = ask;
            countLocked();
            if (ask.hashes() && recovered) {
                turns.laterLocked(() -> strand.run(() -> lookForHashes(asked)));
            } else {
                getLocked(asked);
            }
            if (!ask.hashes()) {
                owner.askedLocked(shape.bytes(ask.first(), ask.first() + ask.count()) - ask.skip(), now);
            }
        }
        turns.wakeByLocked(scheduler.nextDeadline(now));
        if (owner.roomLocked(now) < TreeShape.BLOCK) {
            turns.wakeByLocked(owner.roomAtLocked(now));
        }
    }

    private void getLocked(FetchWork.Ask<PeerId> ask) {
        links.getLocked(
                ask.holder(),
                new Get(ask.request(), root, ask.hashes(), ask.first(), ask.count(), ask.skip()),
                () -> turns.step(now -> refusedLocked(ask.holder(), ask.request(), TransferFailure.BUSY, now)));
    }

    private void storedLocked(long bytes, long now) {
        present += bytes;
        owner.storedLocked(bytes, now);
    }

    // -- on the strand

    /** Something with the disk. */
    interface DiskWork {
        void run() throws IOException;
    }

    /** Under the lock: to be done on the strand; what fails ends the transfer. */
    void onStrandLocked(DiskWork work, Runnable afterwards) {
        turns.laterLocked(() -> strand.run(() -> {
            if (!closed && succeeds(work)) {
                afterwards.run();
            }
        }));
    }

    private boolean succeeds(DiskWork work) {
        try {
            work.run();
            return true;
        } catch (IOException | RuntimeException e) { // a sink of the application may throw anything
            turns.step(now -> owner.failedLocked(this, failureOf(e), String.valueOf(e.getMessage()), now));
            return false;
        }
    }

    static TransferFailure failureOf(Exception e) {
        return e instanceof StoreException known ? known.failure() : TransferFailure.WRITE_FAILED;
    }

    private void lookForHashes(FetchWork.Ask<PeerId> ask) {
        if (closed) {
            return;
        }
        final @Nullable ChapterHashes[] found = new @Nullable ChapterHashes[1];
        if (!succeeds(() -> found[0] = target.knownHashes(ask.first()))) {
            return;
        }
        turns.step(now -> {
            final ChapterHashes hashes = found[0];
            if (hashes == null || !scheduler.onKnownHashes(ask.request(), hashes)) {
                getLocked(ask);
            }
            pumpLocked(now);
        });
    }

    private void store(FetchWork.Arrived<PeerId> arrived) {
        if (closed) {
            return;
        }
        final long block = arrived.block();
        if (!arrived.isGood(hasher, root)) {
            turns.step(now -> {
                scheduler.onWrong(block, now);
                links.sayLocked(arrived.holder(), new Wrong(root, block), true);
                lookAtHoldersLocked(arrived.holder(), TransferFailure.WRONG_DATA, now);
                pumpLocked(now);
            });
        } else if (succeeds(() -> writeAndSync(block, arrived.data()))) {
            turns.step(now -> {
                scheduler.onStored(block);
                storedLocked(shape.blockLength(block), now);
                pumpLocked(now);
            });
        }
    }

    private void writeAndSync(long block, byte[] data) throws IOException {
        target.write(block, data);
        if (target.isSyncDue()) {
            target.sync();
        }
    }
}
