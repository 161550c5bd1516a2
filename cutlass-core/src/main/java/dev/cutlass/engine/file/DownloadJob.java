package dev.cutlass.engine.file;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.TransferFailure;
import dev.cutlass.event.TransferProgress;
import dev.cutlass.event.TransferState;
import dev.cutlass.file.Download;
import dev.cutlass.file.RateMeter;
import dev.cutlass.file.SchedulerLimits;
import dev.cutlass.file.TokenBucket;
import dev.cutlass.file.tree.TreeShape;
import dev.cutlass.file.wire.Offer;
import dev.cutlass.store.file.PartialFile;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A file or folder that comes. Under the lock of files, but for what its strand does. */
final class DownloadJob implements Fetch.Owner {
    static final int DEFAULT_PRIORITY = 5;

    final Download machine;
    final TransferEntry entry;
    final Strand strand;
    final TokenBucket limit;
    final RateMeter rate;

    /** In which order it came. */
    final long order;

    /** What is fetched; null while an offer is to come. */
    @Nullable
    Offer offer;

    /** Where it goes; both null while that is not decided. */
    @Nullable
    Path folder;

    @Nullable
    SinkTarget sink;

    /** Who has it, and in which run that was known: the run alone can make it void. */
    final Map<PeerId, Object> holders = new HashMap<>();

    int priority = DEFAULT_PRIORITY;

    /** What we asked for, and whom. */
    @Nullable
    String asked;

    /** The file, or the manifest. */
    @Nullable
    Fetch main;

    /** Null unless it is a folder whose manifest is there. */
    @Nullable
    FolderFetch entries;

    /** Who offered it was not known then. */
    boolean ofStranger;

    /** The part is being made. */
    boolean opening;

    /** Volatile: written under the lock, looked at on the strand and by the books before what cannot be undone. */
    volatile boolean givenUp;

    /** Likewise: cancelled while it was about to get its name. */
    volatile boolean cancelled;

    /** Who is told what its contents came to. Under the lock. */
    interface Course {
        void allThereLocked(DownloadJob job, Fetch fetch, long now);

        void failedLocked(DownloadJob job, TransferFailure why, String text, long now);
    }

    private final Downloads downloads;
    private final Course course;

    /** Parts of files of this folder that an earlier run left. */
    private List<PartialFile> left = List.of();

    /** Of all its contents together. */
    private long inFlight;

    private long notifiedAt = Long.MIN_VALUE;
    private @Nullable TransferState shown;

    DownloadJob(
            Downloads downloads,
            Course course,
            Download machine,
            TransferEntry entry,
            Strand strand,
            long order,
            long now) {
        this.downloads = downloads;
        this.course = course;
        this.machine = machine;
        this.entry = entry;
        this.strand = strand;
        this.order = order;
        this.limit = new TokenBucket(TokenBucket.UNLIMITED, now);
        this.rate = new RateMeter(now);
    }

    PeerId peer() {
        return entry.peer();
    }

    /** Accepted, and not over. */
    boolean isUnderWay() {
        return !machine.isDeciding() && !machine.isOver();
    }

    /** Whether both end as the same file. */
    boolean goesWhere(DownloadJob other) {
        return sink == null && other.sink == null && Objects.equals(folder, other.folder);
    }

    void left(List<PartialFile> parts) {
        left = parts;
    }

    /** Whoever takes them works on them, or gives them back. */
    List<PartialFile> takeLeft() {
        final List<PartialFile> taken = left;
        left = List.of();
        return taken;
    }

    boolean isFolder() {
        final Offer known = offer;
        return known != null && known.folder();
    }

    long present() {
        final FolderFetch all = entries;
        if (all != null) {
            return all.presentLocked();
        }
        final Fetch one = main;
        return one == null || isFolder() ? 0 : one.presentLocked();
    }

    /** The roots that are missing now. */
    void forEachFetch(Consumer<Fetch> each) {
        final Fetch one = main;
        if (one != null) {
            each.accept(one);
        }
        if (entries != null) {
            entries.forEachLocked(each);
        }
    }

    // -- of its fetches

    @Override
    public void inFlightLocked(long more) {
        inFlight += more;
        downloads.inFlightLocked(more);
    }

    @Override
    public long roomLocked(long now) {
        final long own = SchedulerLimits.DEFAULT.maxInFlight() - inFlight;
        return Math.max(0, Math.min(Math.min(own, limit.available(now)), downloads.roomLocked(now)));
    }

    @Override
    public long roomAtLocked(long now) {
        return limit.available(now) < TreeShape.BLOCK
                ? limit.readyAt(TreeShape.BLOCK, now)
                : downloads.roomAtLocked(now);
    }

    @Override
    public void askedLocked(long bytes, long now) {
        limit.take(bytes, now);
        downloads.askedLocked(bytes, now);
    }

    @Override
    public void storedLocked(long bytes, long now) {
        rate.add(bytes, now);
        machine.onPresent(present(), now);
        downloads.refreshLocked(this, now);
    }

    @Override
    public void allThereLocked(Fetch fetch, long now) {
        course.allThereLocked(this, fetch, now);
    }

    @Override
    public void failedLocked(Fetch fetch, TransferFailure why, String text, long now) {
        course.failedLocked(this, why, text, now);
    }

    @Override
    public void bannedLocked(Fetch fetch, TransferFailure why, long now) {
        if (givers().allMatch(fetch::isBannedLocked)) {
            failedLocked(fetch, why, "nobody else has it", now);
        } else {
            downloads.placesLocked();
            downloads.refreshLocked(this, now);
        }
    }

    /** Who has it or said so, there or not. */
    private Stream<PeerId> givers() {
        return Stream.concat(machine.offers().stream().map(Download.From::peer), holders.keySet().stream());
    }

    /** Whether nobody is left of whom it could come. */
    boolean isForsaken() {
        return givers().findAny().isEmpty();
    }

    @Override
    public boolean isRunningLocked() {
        return machine.isRunning();
    }

    // -- for the application

    /** Shows the application how far it is; true if listeners are to be told. */
    boolean publish(long now) {
        final Offer known = offer;
        final long total = known == null ? 0 : known.total();
        final long[] counts = new long[2];
        forEachFetch(fetch -> {
            counts[0] += fetch.wrongLocked();
            counts[1] += fetch.droppedLocked();
        });
        final TransferState state = machine.state();
        final boolean isNew = state != shown;
        shown = state;
        final long present = state == TransferState.COMPLETE ? total : machine.present();
        final long files = known == null ? 1 : known.files();
        entry.publish(
                state,
                new TransferProgress(
                        present,
                        total,
                        rate.perSecond(now),
                        Optional.ofNullable(state.isOver() ? null : rate.left(Math.max(0, total - present), now)),
                        files,
                        state == TransferState.COMPLETE ? files : entries == null ? 0 : entries.doneLocked(),
                        counts[0],
                        counts[1]));
        if (isNew || now - notifiedAt >= FileService.NOTICE_NANOS) {
            notifiedAt = now;
            return true;
        }
        return false;
    }

    boolean isHolderThere(Links links) {
        return holders.keySet().stream().anyMatch(peer -> links.isConnectedLocked(peer) && mayGive(peer));
    }

    /** Whether it is asked for some of what is missing. */
    private boolean mayGive(PeerId peer) {
        final boolean[] seen = new boolean[2];
        forEachFetch(fetch -> seen[fetch.isBannedLocked(peer) ? 0 : 1] = true);
        return seen[1] || !seen[0];
    }

    long connectedHolders(Links links) {
        return holders.keySet().stream().filter(links::isConnectedLocked).count();
    }
}
