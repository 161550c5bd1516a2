package dev.cutlass.engine.file;

import dev.cutlass.engine.ChannelEntry;
import dev.cutlass.engine.PeerEntry;
import dev.cutlass.engine.Sending;
import dev.cutlass.event.DeliveryState;
import dev.cutlass.event.TransferFailure;
import dev.cutlass.file.TokenBucket;
import dev.cutlass.file.tree.TreeShape;
import dev.cutlass.file.wire.Chunk;
import dev.cutlass.file.wire.FileMessage;
import dev.cutlass.file.wire.Get;
import dev.cutlass.file.wire.Hashes;
import dev.cutlass.store.file.StoreException;
import dev.cutlass.wire.Bytes;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers requests for blocks: a job for each peer at a time, on the handler executor, as long as the outbox has room. One chunk for each peer is read and not yet sent, at most. Any thread; no lock may
 * be held.
 */
final class Sender {
    /** What is next for a peer. */
    private record Piece(PeerFiles.Pending pending, HeldFile held) {}

    /** What the last attempt came to. */
    private enum Outcome {
        SENT,
        NO_ROOM,
        NOTHING
    }

    private static final Logger LOG = LoggerFactory.getLogger(Sender.class);

    private final FilesContext context;
    private final Turns turns;
    private final Uploads uploads;
    private final TokenBucket limit;

    /** Under the lock. */
    private final Set<PeerFiles> limited = new LinkedHashSet<>();

    Sender(FilesContext context, Uploads uploads, long now) {
        this.context = context;
        this.turns = context.turns;
        this.uploads = uploads;
        this.limit = new TokenBucket(context.config.sendPerSecond(), now);
    }

    void limitLocked(long perSecond, long now) {
        limit.limit(perSecond, now);
    }

    /** Something is to be sent, perhaps. */
    void wake(PeerFiles peer) {
        final boolean[] begins = new boolean[1];
        turns.step(now -> {
            begins[0] = !peer.sending && peer.hasRequests() && peer.theirData != null && peer.entry != null;
            peer.sending |= begins[0];
        });
        if (begins[0]) {
            start(peer);
        }
    }

    private void start(PeerFiles peer) {
        new Strand(context.executor).run(() -> send(peer));
    }

    private void send(PeerFiles peer) {
        Outcome outcome = Outcome.SENT;
        boolean isOver = true;
        try {
            while (outcome == Outcome.SENT) {
                outcome = sendNext(peer);
            }
            isOver = outcome == Outcome.NOTHING;
        } catch (IllegalStateException e) {
            LOG.debug("the engine is closed", e);
        } finally {
            if (isOver) {
                turns.step(now -> peer.sending = false);
            }
        }
        if (outcome == Outcome.NOTHING && hasWorkAgain(peer)) {
            wake(peer);
        }
    }

    /** A request may have come between the last look and the end. */
    private boolean hasWorkAgain(PeerFiles peer) {
        final boolean[] has = new boolean[1];
        turns.step(now -> has[0] =
                !peer.sending && peer.hasRequests() && peer.theirData != null && isAffordableLocked(peer, now));
        return has[0];
    }

    /** Else its turn comes with the limit. */
    private boolean isAffordableLocked(PeerFiles peer, long now) {
        final PeerFiles.Pending pending = peer.next();
        if (pending == null) {
            return false;
        }
        final UploadJob job = uploads.servingLocked(peer.id, pending);
        return limit.available(now) >= Chunk.MAX_DATA && (job == null || job.limit.available(now) >= Chunk.MAX_DATA);
    }

    private Outcome sendNext(PeerFiles peer) {
        final @Nullable Piece[] chosen = new @Nullable Piece[1];
        final @Nullable FileMessage[] ready = new @Nullable FileMessage[1];
        final @Nullable ChannelEntry[] over = new @Nullable ChannelEntry[1];
        turns.step(now -> {
            over[0] = peer.theirData;
            final PeerFiles.Pending unsentFor = peer.unsentFor;
            if (peer.unsent != null && unsentFor != null && peer.isWanted(unsentFor)) {
                ready[0] = peer.unsent;
            } else {
                peer.unsent = null;
                peer.unsentFor = null;
                chosen[0] = chooseLocked(peer, now);
            }
        });
        final ChannelEntry channel = over[0];
        final PeerEntry entry = peer.entry;
        FileMessage message = ready[0];
        final Piece piece = chosen[0];
        if (channel == null || entry == null || (message == null && piece == null)) {
            return Outcome.NOTHING;
        }
        if (message == null && piece != null) {
            message = read(peer, piece);
            if (message == null) {
                return Outcome.SENT; // refused: on with the next
            }
        }
        if (message == null) {
            return Outcome.NOTHING;
        }
        return trySend(peer, entry, channel, message, piece == null ? null : piece.pending());
    }

    /** Round robin between contents. */
    private @Nullable Piece chooseLocked(PeerFiles peer, long now) {
        if (limit.available(now) < Chunk.MAX_DATA) {
            limitedLocked(peer, limit.readyAt(Chunk.MAX_DATA, now));
            return null;
        }
        for (int tries = PeerFiles.MAX_REQUESTS; tries > 0; tries--) {
            final PeerFiles.Pending pending = peer.next();
            if (pending == null) {
                return null;
            }
            final Get get = pending.get;
            final UploadJob job = uploads.servingLocked(peer.id, pending);
            final HeldFile offered = job == null ? null : job.find(get.root());
            final HeldFile held = offered == null ? pending.shared : offered;
            pending.shape = held == null ? null : held.shape();
            if (job != null) {
                uploads.evictLocked(job);
            }
            if (held == null || !isInRange(get, held.shape())) {
                peer.remove(pending);
                uploads.refuseLocked(peer, get, held == null ? whyNotLocked(peer, get) : TransferFailure.BAD_REQUEST);
                continue;
            }
            if (job != null && job.limit.available(now) < Chunk.MAX_DATA) {
                limitedLocked(peer, job.limit.readyAt(Chunk.MAX_DATA, now));
                continue;
            }
            return new Piece(pending, held);
        }
        return null;
    }

    private TransferFailure whyNotLocked(PeerFiles peer, Get get) {
        return uploads.isHeldBackLocked(peer.id, get.root()) ? TransferFailure.PAUSED : TransferFailure.NOT_FOUND;
    }

    private void limitedLocked(PeerFiles peer, long until) {
        limited.add(peer);
        turns.wakeByLocked(until);
    }

    /** Whom a limit stopped, and who may go on. */
    List<PeerFiles> takeLimitedLocked() {
        final List<PeerFiles> taken = List.copyOf(limited);
        limited.clear();
        return taken;
    }

    private static boolean isInRange(Get get, TreeShape shape) {
        if (get.hashes()) {
            return get.first() < shape.chapters();
        }
        return get.first() < shape.blocks()
                && get.count() <= shape.blocks() - get.first()
                && get.skip() < shape.blockLength(get.first());
    }

    /** Null if it cannot be read: then it was refused. */
    private @Nullable FileMessage read(PeerFiles peer, Piece piece) {
        final PeerFiles.Pending pending = piece.pending();
        final Get get = pending.get;
        try {
            if (get.hashes()) {
                return new Hashes(get.request(), piece.held().chapter(get.first()));
            }
            final byte[] data = piece.held().read(pending.block, pending.offset, pending.nextLength());
            return new Chunk(get.request(), pending.block, pending.offset, Bytes.of(data));
        } catch (StoreException e) {
            lost(peer, pending, e.failure(), e);
        } catch (RuntimeException e) { // a source of the application may throw anything
            lost(peer, pending, TransferFailure.READ_FAILED, e);
        }
        return null;
    }

    private void lost(PeerFiles peer, PeerFiles.Pending pending, TransferFailure why, Exception e) {
        final Get get = pending.get;
        turns.step(now -> {
            peer.remove(pending);
            uploads.refuseLocked(peer, get, why);
            uploads.lostLocked(get.root(), why, String.valueOf(e.getMessage()), now);
        });
    }

    private Outcome trySend(
            PeerFiles peer,
            PeerEntry entry,
            ChannelEntry channel,
            FileMessage message,
            PeerFiles.@Nullable Pending fresh) {
        final Sending sending = context.messaging.tryServe(entry, channel, message.toMessage());
        final boolean isLost = sending != null && sending.state() == DeliveryState.FAILED;
        turns.step(now -> {
            final PeerFiles.Pending pending = fresh == null ? peer.unsentFor : fresh;
            if (sending == null || isLost) {
                peer.unsent = message;
                peer.unsentFor = pending;
                if (isLost && peer.theirData == channel) {
                    peer.theirData = null; // it is closed; another one is opened
                }
                return;
            }
            peer.unsent = null;
            peer.unsentFor = null;
            if (pending != null) {
                advanceLocked(peer, pending, message, now);
            }
        });
        if (sending == null) {
            peer.room = context.messaging.whenRoom(entry, channel).whenComplete((nothing, e) -> {
                if (e == null) {
                    start(peer);
                } else {
                    turns.step(now -> peer.sending = false);
                }
            });
            return Outcome.NO_ROOM;
        }
        return isLost ? Outcome.NOTHING : Outcome.SENT;
    }

    private void advanceLocked(PeerFiles peer, PeerFiles.Pending pending, FileMessage message, long now) {
        if (message instanceof Chunk chunk) {
            final int length = chunk.data().length();
            limit.take(length, now);
            final UploadJob job = pending.job;
            if (job != null) {
                job.limit.take(length, now);
            }
            pending.offset += length;
            if (pending.offset >= pending.blockLength()) {
                pending.block++;
                pending.offset = 0;
            }
            if (pending.block < pending.get.first() + pending.get.count()) {
                return;
            }
        }
        peer.remove(pending);
    }
}
