package dev.cutlass.engine.file;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.file.Download;
import dev.cutlass.file.GapTree;
import dev.cutlass.file.TokenBucket;
import dev.cutlass.file.tree.Root;
import dev.cutlass.file.tree.TreeShape;
import dev.cutlass.file.wire.Offer;
import dev.cutlass.wire.Id128;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All that comes and is not over, by the ids of transfers and by the numbers of requests, and how much of it may be under way together. Under the lock of files. */
final class Downloads {
    /** Not over, from one peer and in all: strangers may not fill memory. */
    private static final int MAX_OF_PEER = 64;

    private static final int MAX_JOBS = 1_024;

    /** Of peers that were not known when they offered it: nobody may keep out those who are. */
    private static final int MAX_OF_STRANGERS = 256;

    /** Of more the rest goes on with the next start only. */
    private static final int MAX_KEPT = 1_024;

    /** Bytes that are asked for, or in memory, in all. */
    private static final long MAX_IN_FLIGHT = 16 << 20;

    private final FilesContext context;
    private final TransferList list;
    private final TokenBucket limit;
    private final Map<Id128, DownloadJob> jobs = new LinkedHashMap<>();
    private final Map<Long, Fetch> fetches = new HashMap<>();

    /** Contents of which something is left, since the transfer failed in a way that may pass. */
    private final Set<Root> kept = new HashSet<>();

    private long fetchIndex;
    private long orders;
    private long inFlight;
    private boolean placesAreDue;

    Downloads(FilesContext context, TransferList list, long now) {
        this.context = context;
        this.list = list;
        this.limit = new TokenBucket(context.config.receivePerSecond(), now);
    }

    // -- transfers

    DownloadJob newJobLocked(
            DownloadJob.Course course, Download machine, PeerId peer, Id128 id, String name, long now) {
        final TransferEntry entry = list.addLocked(id, peer, false, name, machine.state());
        final DownloadJob job =
                new DownloadJob(this, course, machine, entry, new Strand(context.executor), orders++, now);
        jobs.put(id, job);
        context.turns.wakeByLocked(machine.nextDeadline());
        return job;
    }

    /** What came of it stays on the disk. */
    void keptLocked(Root root) {
        if (kept.size() < MAX_KEPT) {
            kept.add(root);
        }
    }

    /** Whether something of it may be left. */
    boolean takeKeptLocked(Root root) {
        return kept.remove(root);
    }

    @Nullable
    DownloadJob jobLocked(Id128 id) {
        return jobs.get(id);
    }

    /** A copy: what is done with one may end it. */
    List<DownloadJob> allLocked() {
        return List.copyOf(jobs.values());
    }

    /** It is over: it has its last state for the application to see. */
    void removeLocked(DownloadJob job, long now) {
        jobs.remove(job.entry.key(), job);
        job.publish(now);
        list.overLocked(job.entry);
        placesLocked();
    }

    /** It is the same as another one, which is under way: one result for both. */
    void followLocked(DownloadJob job, DownloadJob same) {
        jobs.remove(job.entry.key(), job);
        list.followLocked(job.entry, same.entry);
        context.turns.laterLocked(job.entry::tellListeners);
    }

    /** Whether a peer's offer has to wait. */
    boolean isFullLocked(PeerFiles from) {
        final long ofPeer =
                jobs.values().stream().filter(job -> job.peer().equals(from.id)).count();
        return ofPeer >= MAX_OF_PEER || jobs.size() >= MAX_JOBS || (!from.known && ofStrangers() >= MAX_OF_STRANGERS);
    }

    private long ofStrangers() {
        return jobs.values().stream().filter(job -> job.ofStranger).count();
    }

    /** What is under way already: by id, or by root and name. */
    @Nullable
    DownloadJob sameLocked(PeerId from, Offer offer) {
        final DownloadJob byId = jobs.get(offer.id());
        if (byId != null) {
            final Offer known = byId.offer;
            return known != null && known.root().equals(offer.root()) && byId.machine.isOfferedBy(from) ? byId : null;
        }
        return sameContentLocked(offer);
    }

    /** Likewise, by root and name alone. */
    @Nullable
    DownloadJob sameContentLocked(Offer offer) {
        for (DownloadJob job : jobs.values()) {
            final Offer known = job.offer;
            if (known != null
                    && known.root().equals(offer.root())
                    && known.name().equals(offer.name())
                    && known.folder() == offer.folder()
                    && job.isUnderWay()) {
                return job;
            }
        }
        return null;
    }

    // -- contents

    Fetch newFetchLocked(
            DownloadJob job,
            BlockTarget target,
            Root root,
            TreeShape shape,
            GapTree gaps,
            boolean inOrder,
            boolean recovered) {
        final long index = ++fetchIndex;
        final Fetch fetch = new Fetch(
                context.turns,
                context.links,
                job,
                job.strand,
                target,
                root,
                shape,
                gaps,
                FolderFetch.limits(inOrder),
                index,
                recovered);
        fetches.put(index, fetch);
        return fetch;
    }

    void forgetLocked(Fetch fetch) {
        fetches.remove(fetch.index());
    }

    /** Whose request a number is; null: nobody's any more. */
    @Nullable
    Fetch fetchLocked(long number) {
        return fetches.get(number >>> Fetch.INDEX_SHIFT);
    }

    // -- how much at once

    void limitLocked(long perSecond, long now) {
        limit.limit(perSecond, now);
    }

    void inFlightLocked(long more) {
        inFlight += more;
    }

    long roomLocked(long now) {
        return Math.min(MAX_IN_FLIGHT - inFlight, limit.available(now));
    }

    long roomAtLocked(long now) {
        return limit.available(now) < TreeShape.BLOCK ? limit.readyAt(TreeShape.BLOCK, now) : Turns.NEVER;
    }

    void askedLocked(long bytes, long now) {
        limit.take(bytes, now);
    }

    /** Something changed that decides whose turn it is: looked at before the lock is given back. */
    void placesLocked() {
        placesAreDue = true;
    }

    /** Whether something changed since this was asked. */
    boolean takePlacesLocked() {
        final boolean due = placesAreDue;
        placesAreDue = false;
        return due;
    }

    // -- what is heard of them

    void sayAllLocked(DownloadJob job) {
        for (Download.Say say = job.machine.poll(); say != null; say = job.machine.poll()) {
            context.links.sayLocked(say.to(), say.message(), false);
        }
    }

    void refreshLocked(DownloadJob job, long now) {
        context.turns.wakeByLocked(job.machine.nextDeadline());
        if (job.publish(now)) {
            context.turns.laterLocked(job.entry::tellListeners);
        }
    }
}
