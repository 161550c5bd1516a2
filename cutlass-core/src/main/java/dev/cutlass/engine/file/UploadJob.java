package dev.cutlass.engine.file;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.TransferProgress;
import dev.cutlass.event.TransferState;
import dev.cutlass.file.RateMeter;
import dev.cutlass.file.TokenBucket;
import dev.cutlass.file.Upload;
import dev.cutlass.file.tree.Root;
import dev.cutlass.file.wire.Offer;
import dev.cutlass.spi.FileSource;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A file or folder that one peer is offered. Under the lock of files, but for what is volatile. */
final class UploadJob {
    final Upload machine;
    final TransferEntry entry;
    final PeerId peer;

    /** Where it is; null if the application brought a source, or if that is not decided yet. */
    @Nullable
    Path path;

    @Nullable
    FileSource source;

    /** What the peer asked for. */
    @Nullable
    String asked;

    @Nullable
    HeldFile file;

    @Nullable
    HeldFolder folder;

    /** Offered in an earlier run: what is hashed must be that. */
    @Nullable
    Offer before;

    final RateMeter rate;
    final TokenBucket limit;

    /** When the book of offers was told that something was heard of the peer, ms since 1970. */
    long notedMillis;

    /** Volatile: looked at while hashing. */
    volatile boolean over;

    long hashed;
    private long counted;
    private long notifiedAt = Long.MIN_VALUE;
    private @Nullable TransferState shown;

    UploadJob(Upload machine, TransferEntry entry, PeerId peer, long now) {
        this.machine = machine;
        this.entry = entry;
        this.peer = peer;
        this.rate = new RateMeter(now);
        this.limit = new TokenBucket(TokenBucket.UNLIMITED, now);
    }

    /** What there is of a root; null: nothing. */
    @Nullable
    HeldFile find(Root root) {
        final HeldFile single = file;
        if (single != null) {
            return single.root().equals(root) ? single : null;
        }
        return folder == null ? null : folder.find(root);
    }

    boolean has(Root root) {
        final HeldFile single = file;
        if (single != null) {
            return single.root().equals(root);
        }
        return folder != null && folder.has(root);
    }

    /** Shows the application how far it is; true if listeners are to be told. */
    boolean publish(long now) {
        final Offer offer = machine.offer();
        final long total = offer == null ? 0 : offer.total();
        final long present = offer == null ? hashed : machine.present();
        if (offer != null && present > counted) {
            rate.add(present - counted, now);
            counted = present;
        }
        final TransferState state = machine.state();
        final boolean isNew = state != shown;
        shown = state;
        entry.publish(
                state,
                new TransferProgress(
                        present,
                        total,
                        rate.perSecond(now),
                        Optional.ofNullable(state.isOver() ? null : rate.left(Math.max(0, total - present), now)),
                        offer == null ? 1 : offer.files(),
                        state == TransferState.COMPLETE && offer != null ? offer.files() : 0,
                        0,
                        0));
        if (isNew || now - notifiedAt >= FileService.NOTICE_NANOS) {
            notifiedAt = now;
            return true;
        }
        return false;
    }
}
