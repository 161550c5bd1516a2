package dev.cutlass.engine.file;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.TransferFailure;
import dev.cutlass.file.Upload;
import dev.cutlass.file.tree.Root;
import dev.cutlass.file.wire.FileMessage;
import dev.cutlass.file.wire.Get;
import dev.cutlass.file.wire.Offer;
import dev.cutlass.file.wire.Refused;
import dev.cutlass.store.file.OfferBook;
import dev.cutlass.store.file.StoreException;
import dev.cutlass.wire.Id128;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** All that goes and is not over: what each peer may fetch because it was offered, and how that ends. Under the lock of files. */
final class Uploads {
    /** Told to one peer and not over: the rest wait, so that no peer has to say that it is busy (it takes 64). */
    private static final int MAX_OUT = 32;

    /** The book of offers is told that a peer is alive: more often would be of no use. */
    private static final long NOTE_MILLIS = TimeUnit.DAYS.toMillis(1);

    private final FilesContext context;
    private final Turns turns;
    private final Links links;
    private final TransferList list;
    private final Map<Id128, UploadJob> jobs = new LinkedHashMap<>();

    /** For peers that were not met in this run: no more than there were offers in the book. */
    private final Map<PeerId, List<FileMessage>> lastWords = new HashMap<>();

    Uploads(FilesContext context, TransferList list) {
        this.context = context;
        this.turns = context.turns;
        this.links = context.links;
        this.list = list;
    }

    // -- transfers

    UploadJob newJobLocked(Upload machine, PeerId peer, String name, long now) {
        final TransferEntry entry = list.addLocked(machine.id(), peer, true, name, machine.state());
        final UploadJob job = new UploadJob(machine, entry, peer, now);
        machine.peerThere(links.isConnectedLocked(peer), now);
        turns.wakeByLocked(machine.nextDeadline(now));
        jobs.put(machine.id(), job);
        return job;
    }

    @Nullable
    UploadJob jobLocked(Id128 id) {
        return jobs.get(id);
    }

    /** Of this peer only. */
    @Nullable
    UploadJob jobOfLocked(PeerFiles from, Id128 id) {
        final UploadJob job = jobs.get(id);
        return job != null && job.peer.equals(from.id) ? job : null;
    }

    /** A copy: what is done with one may end it. */
    List<UploadJob> allLocked() {
        return List.copyOf(jobs.values());
    }

    List<UploadJob> allOfLocked(PeerId peer) {
        return jobs.values().stream().filter(job -> job.peer.equals(peer)).toList();
    }

    // -- offering

    /** Tells a peer of what is hashed, as much as it is to know of at once; answers at any rate. */
    void offerNextLocked(PeerId peer, long now) {
        if (context.isClosed()) {
            return;
        }
        final List<UploadJob> all = allOfLocked(peer);
        long out = all.stream()
                .filter(job -> job.machine.isOut() && !job.machine.isAnswer())
                .count();
        for (UploadJob job : all) {
            if (job.machine.isWaiting(now) && (job.machine.isAnswer() || out++ < MAX_OUT)) {
                job.machine.offerNow(now);
                sayAllLocked(job);
                refreshLocked(job, now);
            }
        }
    }

    /** For the next run; blocks. What is over meanwhile is not noted: who ended it has removed it from there already. */
    void note(UploadJob job, Offer offer) {
        final Path path = job.path;
        if (path == null || job.over) {
            return;
        }
        try {
            final long millis = context.engine.wallMillis();
            context.home.offers().add(new OfferBook.Offered(job.peer, path.toAbsolutePath(), millis, offer));
            turns.step(now -> job.notedMillis = millis);
        } catch (StoreException e) {
            context.log("an offer will not survive a restart", e);
        }
    }

    /** Of those that the peer asked for. */
    long askedOfLocked(PeerId peer) {
        return allOfLocked(peer).stream().filter(job -> job.machine.isAnswer()).count();
    }

    /** Whether there may be one more that a peer asked for; whoever is away for longest gives way to it. */
    boolean hasRoomLocked(int most, long now) {
        final List<UploadJob> asked =
                jobs.values().stream().filter(job -> job.machine.isAnswer()).toList();
        if (asked.size() < most) {
            return true;
        }
        final Optional<UploadJob> away = asked.stream()
                .filter(job -> !links.isConnectedLocked(job.peer))
                .min(Comparator.comparingLong(job -> job.machine.heardAt()));
        away.ifPresent(job -> failLocked(job, TransferFailure.EXPIRED, "others asked, and it was away", now));
        return away.isPresent();
    }

    /** The peer asks for some of it. */
    void heardLocked(PeerId peer, Root root, long now) {
        final UploadJob job = servingLocked(peer, root);
        if (job != null) {
            job.machine.onRequest(now);
            heardLocked(job);
        }
    }

    /** The peer is alive, and wants it. */
    void heardLocked(UploadJob job) {
        final Offer offer = job.machine.offer();
        final long millis = context.engine.wallMillis();
        if (offer != null && job.path != null && millis - job.notedMillis >= NOTE_MILLIS) {
            job.notedMillis = millis;
            turns.laterLocked(() -> context.books.run(() -> note(job, offer)));
        }
    }

    // -- what is held

    /** The transfer that a root is served for. */
    @Nullable
    UploadJob servingLocked(PeerId peer, Root root) {
        for (UploadJob job : jobs.values()) {
            if (job.peer.equals(peer) && job.machine.isServing() && job.has(root)) {
                return job;
            }
        }
        return null;
    }

    /** The transfer that a request is served for: that of last time, if it still is. */
    @Nullable
    UploadJob servingLocked(PeerId peer, PeerFiles.Pending pending) {
        final UploadJob before = pending.job;
        if (before == null || !before.machine.isServing() || !before.has(pending.get.root())) {
            pending.job = servingLocked(peer, pending.get.root());
        }
        return pending.job;
    }

    /** What a peer may fetch because we offered it. */
    @Nullable
    HeldFile offeredLocked(PeerId peer, Root root) {
        final UploadJob job = servingLocked(peer, root);
        final HeldFile found = job == null ? null : job.find(root);
        if (job != null) {
            evictLocked(job);
        }
        return found;
    }

    boolean isHeldBackLocked(PeerId peer, Root root) {
        boolean back = false;
        for (UploadJob job : jobs.values()) {
            if (job.peer.equals(peer) && job.has(root)) {
                if (job.machine.isServing()) {
                    return false;
                }
                back |= job.machine.isHeldBack();
            }
        }
        return back;
    }

    /** Files of a folder that were not asked for lately are forgotten: who asks for one again finds it by its root. */
    void evictLocked(UploadJob job) {
        final HeldFolder folder = job.folder;
        if (folder == null) {
            return;
        }
        for (HeldFile old = folder.evict(); old != null; old = folder.evict()) {
            turns.laterLocked(old::close);
        }
    }

    /** What a peer asked for of something that is over, or held back, is refused; unless it may have it for another reason. */
    void refuseAllLocked(UploadJob job, TransferFailure why) {
        final PeerFiles peer = links.peerLocked(job.peer);
        peer.removeIf(
                pending -> pending.shared == null
                        && job.has(pending.get.root())
                        && servingLocked(job.peer, pending.get.root()) == null,
                pending -> refuseLocked(peer, pending.get, why));
        evictLocked(job);
    }

    void refuseLocked(PeerFiles to, Get get, TransferFailure why) {
        links.sayLocked(to.id, new Refused(get.request(), why.code()), false);
    }

    // -- how they end

    /** A content cannot be had any more. */
    void lostLocked(Root root, TransferFailure why, String text, long now) {
        for (UploadJob job : allLocked()) {
            if (!job.machine.isOver() && job.has(root)) {
                failLocked(job, why, text, now);
            }
        }
    }

    void failLocked(UploadJob job, TransferFailure why, String text, long now) {
        if (job.machine.fail(why)) {
            job.entry.failed(why, text);
            sayAllLocked(job);
            overLocked(job, now);
            noticeAbortedLocked(job, why, text);
        }
    }

    /** It gave up by itself. */
    void expiredLocked(UploadJob job, long now) {
        final String text = job.machine.isAccepted() || job.machine.offer() == null
                ? "nothing was heard of it for too long"
                : "nobody there answered for too long";
        job.entry.failed(failureOf(job), text);
        sayAllLocked(job);
        overLocked(job, now);
        noticeAbortedLocked(job, failureOf(job), text);
    }

    /** The machine says so. */
    void overLocked(UploadJob job, long now) {
        job.over = true;
        jobs.remove(job.machine.id());
        final TransferFailure failure = job.machine.failure();
        if (failure != null && job.entry.failure() == null) {
            job.entry.failed(failure, "the other side said so");
        }
        giveBackLocked(job);
        if (job.path != null && failure != TransferFailure.CLOSED) {
            forgetLocked(job);
        }
        job.publish(now);
        turns.laterLocked(job.entry::tellListeners);
        turns.laterLocked(
                failure == null ? () -> job.entry.completed(Optional.empty()) : job.entry::completedExceptionally);
        list.overLocked(job.entry);
        offerNextLocked(job.peer, now);
    }

    private void giveBackLocked(UploadJob job) {
        final HeldFile file = job.file;
        final HeldFolder folder = job.folder;
        if (job.machine.failure() != null) {
            refuseAllLocked(job, failureOf(job));
        }
        if (file != null) {
            turns.laterLocked(file::close);
        }
        if (folder != null) {
            closeLocked(folder);
        }
    }

    void closeLocked(HeldFolder folder) {
        final List<HeldFile> open = folder.closeAll();
        turns.laterLocked(() -> open.forEach(HeldFile::close));
    }

    /** It is not offered again after a restart. */
    private void forgetLocked(UploadJob job) {
        turns.laterLocked(() -> context.books.run(() -> {
            try {
                context.home.offers().done(job.machine.id());
            } catch (StoreException e) {
                context.log("an offer that is over will be made again after a restart", e);
            }
        }));
    }

    static TransferFailure failureOf(UploadJob job) {
        final TransferFailure known = job.machine.failure();
        return known == null ? TransferFailure.OTHER : known;
    }

    // -- what is heard of them

    void noticeAbortedLocked(UploadJob job, TransferFailure why, String text) {
        if (why != TransferFailure.CLOSED) { // else it goes on with the next start
            context.noticeLocked(
                    job.peer,
                    new CutlassEvent.FileAborted(
                            job.peer, context.nickLocked(job.peer), job.entry.id(), job.entry.name(), true, why, text));
        }
    }

    void sayAllLocked(UploadJob job) {
        for (FileMessage message = job.machine.poll(); message != null; message = job.machine.poll()) {
            if (job.machine.isOver() && links.peerLocked(job.peer).entry == null) {
                lastWords.computeIfAbsent(job.peer, any -> new ArrayList<>()).add(message);
            } else {
                links.sayLocked(job.peer, message, !job.machine.isAnswer());
            }
        }
    }

    /** A peer came: it hears what ended before it was met in this run. */
    void metLocked(PeerId peer) {
        final List<FileMessage> words = lastWords.remove(peer);
        if (words != null) {
            words.forEach(message -> links.sayLocked(peer, message, true));
        }
    }

    void refreshLocked(UploadJob job, long now) {
        turns.wakeByLocked(job.machine.nextDeadline(now));
        if (job.publish(now)) {
            turns.laterLocked(job.entry::tellListeners);
        }
    }
}
