package dev.cutlass.engine.file;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.FilePolicy;
import dev.cutlass.event.TransferFailure;
import dev.cutlass.event.TransferState;
import dev.cutlass.file.Manifest;
import dev.cutlass.file.SafeNames;
import dev.cutlass.file.Upload;
import dev.cutlass.file.tree.Root;
import dev.cutlass.file.wire.Answer;
import dev.cutlass.file.wire.Ask;
import dev.cutlass.file.wire.FileMessage;
import dev.cutlass.file.wire.Find;
import dev.cutlass.file.wire.Get;
import dev.cutlass.file.wire.Held;
import dev.cutlass.file.wire.ListNames;
import dev.cutlass.file.wire.Listing;
import dev.cutlass.file.wire.Offer;
import dev.cutlass.file.wire.Refused;
import dev.cutlass.file.wire.Wrong;
import dev.cutlass.spi.FileSource;
import dev.cutlass.store.file.HeldTree;
import dev.cutlass.store.file.OfferBook;
import dev.cutlass.store.file.PathKind;
import dev.cutlass.store.file.PlacesBook;
import dev.cutlass.store.file.SourceFile;
import dev.cutlass.store.file.StoreException;
import dev.cutlass.store.file.TreeCache;
import dev.cutlass.wire.Id128;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What goes: offers, what peers ask for, and the answers to their requests for blocks. What ends in {@code Locked} is called with the lock of files. */
final class Outgoing {
    /** Open at once with one peer; more are refused. */
    private static final int MAX_OF_PEER = 64;

    private static final int MAX_HASHING = 2;
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final FileService service;
    private final Turns turns;
    private final Links links;
    private final Shares shares = new Shares();
    private final Map<Id128, UploadJob> jobs = new LinkedHashMap<>();
    private final Deque<Runnable> toHash = new ArrayDeque<>();
    private int hashing;

    Outgoing(FileService service) {
        this.service = service;
        this.turns = service.turns;
        this.links = service.links;
    }

    Shares shares() {
        return shares;
    }

    private TreeCache trees() {
        return service.home.trees();
    }

    // -- beginning

    /** Offers a file or folder. */
    TransferEntry sendLocked(PeerId to, String name, @Nullable Path path, @Nullable FileSource source, long now) {
        final Id128 id = service.engine.randomId();
        final UploadJob job = newJobLocked(Upload.pushed(id), to, name, now);
        job.path = path;
        job.source = source;
        if (!name.equals(SafeNames.single(name))) {
            failLocked(job, TransferFailure.BAD_NAME, "no name that is safe everywhere: " + name, now);
        } else {
            hashLocked(job);
        }
        return job.entry;
    }

    private UploadJob newJobLocked(Upload machine, PeerId peer, String name, long now) {
        final TransferEntry entry = service.newEntry(machine.id(), peer, true, name, machine.state());
        final UploadJob job = new UploadJob(machine, entry, peer, now);
        machine.peerThere(links.isConnectedLocked(peer));
        jobs.put(machine.id(), job);
        service.rememberLocked(entry);
        return job;
    }

    /** Offers of an earlier run: what is there is hashed again, or its tree found, and offered again. */
    void recoverLocked(OfferBook.Offered offered, long now) {
        final Offer offer = offered.offer();
        final Upload machine = offer.answer() ? Upload.asked(offer.id()) : Upload.pushed(offer.id());
        machine.allow();
        final UploadJob job = newJobLocked(machine, offered.peer(), offer.name(), now);
        job.path = offered.path();
        job.before = offer;
        hashLocked(job);
    }

    // -- hashing

    private void hashLocked(UploadJob job) {
        toHash.add(() -> hash(job));
        hashNextLocked();
    }

    private void hashNextLocked() {
        while (hashing < MAX_HASHING && !toHash.isEmpty()) {
            hashing++;
            final Runnable task = toHash.remove();
            turns.laterLocked(() -> new Strand(service.executor).run(() -> {
                try {
                    task.run();
                } finally {
                    turns.step(now -> {
                        hashing--;
                        hashNextLocked();
                    });
                }
            }));
        }
    }

    private void hash(UploadJob job) {
        try {
            final Path path = job.path;
            final FileSource given = job.source;
            if (path != null) {
                final PathKind kind = PathKind.of(path);
                if (kind.folder()) {
                    hashFolder(job, path, kind);
                } else {
                    hashFile(
                            job,
                            SourceFile.open(path),
                            PlacesBook.text(path),
                            kind.modified(),
                            () -> SourceFile.open(path));
                }
            } else if (given != null) {
                final SourceFile source = SourceFile.of(given);
                hashFile(job, source, null, -1, () -> source);
            }
        } catch (StoreException e) {
            turns.step(now -> failLocked(job, e.failure(), String.valueOf(e.getMessage()), now));
        } catch (RuntimeException e) { // a source of the application may throw anything
            turns.step(now -> failLocked(job, TransferFailure.READ_FAILED, String.valueOf(e.getMessage()), now));
        }
    }

    private void hashFile(UploadJob job, SourceFile source, @Nullable String key, long modified, HeldFile.Opener opener)
            throws StoreException {
        HeldTree tree = key == null ? null : trees().find(key, source.stamp().toString());
        if (tree == null || tree.shape().length() != source.length()) {
            tree = trees().hash(source, key, () -> job.over, bytes -> onHashed(job, bytes));
        }
        final HeldFile held = HeldFile.of(trees(), source, tree, opener, key);
        final long length = source.length();
        final Offer offer = new Offer(
                job.machine.id(),
                false,
                job.machine.isAnswer(),
                tree.root(),
                length,
                1,
                length,
                modified,
                job.entry.name());
        if (job.asked != null) {
            shares.noteHashed(job.asked, held);
        }
        turns.step(now -> job.file = held);
        offer(job, offer);
    }

    private void hashFolder(UploadJob job, Path path, PathKind kind) throws StoreException {
        final HeldFolder folder = HeldFolder.build(trees(), path, () -> job.over, bytes -> onHashed(job, bytes));
        final HeldFile manifest = folder.manifest();
        final Offer offer = new Offer(
                job.machine.id(),
                true,
                job.machine.isAnswer(),
                manifest.root(),
                manifest.shape().length(),
                folder.entries(),
                folder.total(),
                kind.modified(),
                job.entry.name());
        turns.step(now -> job.folder = folder);
        offer(job, offer);
    }

    /** A single file that is shared is hashed at once, so that who looks for it elsewhere finds it here. */
    void hashShareLocked(String name, Path path) {
        toHash.add(() -> {
            try {
                if (!PathKind.of(path).folder()) {
                    final SourceFile source = SourceFile.open(path);
                    final String key = PlacesBook.text(path);
                    final HeldTree tree = HeldFile.hashed(trees(), source, key);
                    shares.noteHashed(name, HeldFile.of(trees(), source, tree, () -> SourceFile.open(path), key));
                }
            } catch (StoreException e) {
                service.log("what is shared cannot be read", e);
            }
        });
        hashNextLocked();
    }

    private void onHashed(UploadJob job, long bytes) {
        turns.step(now -> {
            job.hashed = bytes;
            refreshLocked(job, now);
        });
    }

    private void offer(UploadJob job, Offer offer) {
        final Offer before = job.before;
        if (before != null && !before.root().equals(offer.root())) {
            turns.step(now -> failLocked(job, TransferFailure.CHANGED, "the source is not what was offered", now));
            return;
        }
        final Path path = job.path;
        if (path != null && before == null) {
            service.books.run(() -> {
                try {
                    service.home.offers().add(new OfferBook.Offered(job.peer, path.toAbsolutePath(), offer));
                } catch (StoreException e) {
                    service.log("an offer will not survive a restart", e);
                }
                turns.step(now -> offeredLocked(job, offer, now));
            });
        } else {
            turns.step(now -> offeredLocked(job, offer, now));
        }
    }

    private void offeredLocked(UploadJob job, Offer offer, long now) {
        job.machine.onHashed(offer);
        sayAllLocked(job);
        refreshLocked(job, now);
    }

    // -- what the peer says

    void answerLocked(PeerFiles from, Answer answer, long now) {
        final UploadJob job = jobOfLocked(from, answer.id());
        if (job != null && job.machine.onAnswer(answer)) {
            if (job.machine.isOver()) {
                overLocked(job, now);
                noticeLocked(
                        job,
                        new CutlassEvent.FileRejected(
                                job.peer,
                                service.nickLocked(job.peer),
                                job.entry.id(),
                                job.entry.name(),
                                true,
                                failureOf(job)));
            } else {
                noticeLocked(
                        job,
                        new CutlassEvent.FileAccepted(
                                job.peer, service.nickLocked(job.peer), job.entry.id(), job.entry.name(), true));
            }
        }
        if (job != null) {
            refreshLocked(job, now);
        }
    }

    private static TransferFailure failureOf(UploadJob job) {
        final TransferFailure known = job.machine.failure();
        return known == null ? TransferFailure.OTHER : known;
    }

    void progressLocked(PeerFiles from, Id128 id, long present, boolean paused, long now) {
        final UploadJob job = jobOfLocked(from, id);
        if (job != null) {
            job.machine.onProgress(present, paused);
            refreshLocked(job, now);
        }
    }

    void doneLocked(PeerFiles from, Id128 id, long code, long now) {
        final UploadJob job = jobOfLocked(from, id);
        if (job != null && job.machine.onDone(code)) {
            overLocked(job, now);
            if (job.machine.failure() == null) {
                noticeLocked(
                        job,
                        new CutlassEvent.FileSent(
                                job.peer,
                                service.nickLocked(job.peer),
                                job.entry.id(),
                                job.entry.name(),
                                job.machine.present()));
            } else {
                noticeAbortedLocked(job, failureOf(job), "the other side gave up");
            }
            refreshLocked(job, now);
        }
    }

    private @Nullable UploadJob jobOfLocked(PeerFiles from, Id128 id) {
        final UploadJob job = jobs.get(id);
        return job != null && job.peer.equals(from.id) ? job : null;
    }

    /** Looks for what is asked for: on the executor, without the lock. */
    void onAsk(PeerFiles from, Ask ask) {
        final boolean permitted = service.isPermitted(from);
        final Path path = permitted ? shares.find(from.id, ask.name()) : null;
        turns.step(now -> askedLocked(from, ask, permitted, path, now));
    }

    private void askedLocked(PeerFiles from, Ask ask, boolean permitted, @Nullable Path path, long now) {
        final UploadJob known = jobs.get(ask.id());
        if (known != null) {
            if (known.peer.equals(from.id) && !known.machine.isOver()) {
                known.machine.renew();
                sayAllLocked(known);
            }
            return;
        }
        final FilePolicy policy = service.config.requestPolicy();
        final TransferFailure refusal;
        if (!permitted) {
            refusal = TransferFailure.NOT_PERMITTED;
        } else if (path == null) {
            refusal = TransferFailure.NOT_FOUND;
        } else if (policy == FilePolicy.REFUSE || (policy == FilePolicy.ACCEPT_KNOWN && !from.known)) {
            refusal = TransferFailure.DECLINED;
        } else if (openWithLocked(from.id) >= MAX_OF_PEER) {
            refusal = TransferFailure.BUSY;
        } else {
            refusal = null;
        }
        if (refusal != null || path == null) {
            links.sayLocked(
                    from.id,
                    new Answer(ask.id(), (refusal == null ? TransferFailure.NOT_FOUND : refusal).code(), 0),
                    false);
            return;
        }
        final String last = ask.name().substring(ask.name().lastIndexOf('/') + 1);
        final UploadJob job = newJobLocked(Upload.asked(ask.id()), from.id, last, now);
        job.path = path;
        job.asked = ask.name();
        if (policy == FilePolicy.ASK) {
            service.noticeLocked(
                    from.id,
                    new CutlassEvent.FileRequested(from.id, service.nickLocked(from.id), job.entry.id(), ask.name()));
        } else {
            job.machine.allow();
            hashLocked(job);
        }
        refreshLocked(job, now);
    }

    private long openWithLocked(PeerId peer) {
        return jobs.values().stream()
                .filter(job -> job.peer.equals(peer) && !job.machine.isOver())
                .count();
    }

    /** Somebody here decided about a request. */
    void decideLocked(Id128 id, boolean allowed, long now) {
        final UploadJob job = jobs.get(id);
        if (job != null && job.machine.state() == TransferState.DECIDING) {
            if (allowed) {
                job.machine.allow();
                hashLocked(job);
                refreshLocked(job, now);
            } else {
                failLocked(job, TransferFailure.DECLINED, "", now);
            }
        }
    }

    /** On the executor, without the lock. */
    void onList(PeerFiles from, ListNames question) {
        final FileMessage answer;
        if (!service.isPermitted(from)) {
            answer = new Refused(question.question(), TransferFailure.NOT_PERMITTED.code());
        } else {
            final String after = question.after();
            final List<Listing.Entry> entries = shares.list(from.id, question.under()).stream()
                    .filter(entry -> after.isEmpty() || Manifest.compare(entry.name(), after) > 0)
                    .toList();
            answer = Listing.of(question.question(), entries, false);
        }
        turns.step(now -> links.sayLocked(from.id, answer, false));
    }

    /** Likewise. */
    void onFind(PeerFiles from, Find question) {
        final List<Root> held = new ArrayList<>();
        if (service.isPermitted(from)) {
            final List<Root> shared = question.roots().stream()
                    .filter(root -> shares.held(from.id, root) != null)
                    .toList();
            turns.step(now -> {
                for (Root root : question.roots()) {
                    if (shared.contains(root) || offeredLocked(from.id, root) != null) {
                        held.add(root);
                    }
                }
            });
        }
        turns.step(now -> links.sayLocked(from.id, new Held(question.question(), held), false));
    }

    /** Likewise. */
    void onGet(PeerFiles from, Get get) {
        final boolean permitted = service.isPermitted(from);
        final HeldFile shared = shares.held(from.id, get.root());
        turns.step(now -> {
            if (!permitted) {
                refuseLocked(from, get, TransferFailure.NOT_PERMITTED);
            } else if (shared == null && isHeldBackLocked(from.id, get.root())) {
                refuseLocked(from, get, TransferFailure.PAUSED);
            } else if (!from.add(get, shared)) {
                refuseLocked(from, get, TransferFailure.BUSY);
            }
        });
        service.sender.wake(from);
    }

    void refuseLocked(PeerFiles to, Get get, TransferFailure why) {
        links.sayLocked(to.id, new Refused(get.request(), why.code()), false);
    }

    /** Likewise: a block that we sent was wrong, they say. */
    void onWrong(PeerFiles from, Wrong wrong) {
        final HeldFile shared = shares.held(from.id, wrong.root());
        final @Nullable HeldFile[] suspect = new @Nullable HeldFile[1];
        turns.step(now -> {
            if (from.lookedAt < 0 || now - from.lookedAt >= LOOK_NANOS) {
                from.lookedAt = now;
                final HeldFile offered = offeredLocked(from.id, wrong.root());
                suspect[0] = offered == null ? shared : offered;
            }
        });
        final HeldFile held = suspect[0];
        if (held == null || wrong.block() < 0 || wrong.block() >= held.shape().blocks()) {
            return;
        }
        try {
            if (!held.isGood(wrong.block())) {
                turns.step(now -> lostLocked(wrong.root(), TransferFailure.CHANGED, "the source has changed", now));
            }
        } catch (StoreException e) {
            turns.step(now -> lostLocked(wrong.root(), e.failure(), String.valueOf(e.getMessage()), now));
        }
    }

    // -- what is held

    /** What a peer may fetch because we offered it. */
    @Nullable
    HeldFile offeredLocked(PeerId peer, Root root) {
        for (UploadJob job : jobs.values()) {
            if (job.peer.equals(peer) && job.machine.isServing()) {
                final HeldFile found = job.find(root);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    private boolean isHeldBackLocked(PeerId peer, Root root) {
        boolean back = false;
        for (UploadJob job : jobs.values()) {
            if (job.peer.equals(peer) && job.find(root) != null) {
                if (job.machine.isServing()) {
                    return false;
                }
                back |= job.machine.isHeldBack();
            }
        }
        return back;
    }

    /** The job that a root is served for, for its limit. */
    @Nullable
    UploadJob jobServingLocked(PeerId peer, Root root) {
        for (UploadJob job : jobs.values()) {
            if (job.peer.equals(peer) && job.machine.isServing() && job.find(root) != null) {
                return job;
            }
        }
        return null;
    }

    /** Files of folders that were not asked for lately are closed. */
    void evictLocked() {
        for (UploadJob job : jobs.values()) {
            final HeldFolder folder = job.folder;
            for (HeldFile old = folder == null ? null : folder.evict();
                    old != null && folder != null;
                    old = folder.evict()) {
                turns.laterLocked(old::close);
            }
        }
    }

    /** A content cannot be had any more. */
    void lostLocked(Root root, TransferFailure why, String text, long now) {
        for (UploadJob job : List.copyOf(jobs.values())) {
            if (!job.machine.isOver() && job.find(root) != null) {
                failLocked(job, why, text, now);
            }
        }
    }

    // -- what happens to the peer

    void connectedLocked(PeerFiles peer, boolean isNewRun, long now) {
        for (UploadJob job : jobs.values()) {
            if (job.peer.equals(peer.id)) {
                job.machine.peerThere(true);
                if (isNewRun) {
                    job.machine.renew();
                    sayAllLocked(job);
                }
                refreshLocked(job, now);
            }
        }
    }

    void disconnectedLocked(PeerFiles peer, long now) {
        for (UploadJob job : jobs.values()) {
            if (job.peer.equals(peer.id)) {
                job.machine.peerThere(false);
                refreshLocked(job, now);
            }
        }
    }

    /** The peer does not take part. */
    void refusedLocked(PeerFiles peer, TransferFailure why, long now) {
        for (UploadJob job : List.copyOf(jobs.values())) {
            if (job.peer.equals(peer.id) && !job.machine.isAnswer()) {
                failLocked(job, why, "", now);
            }
        }
    }

    // -- what somebody here wants

    boolean pauseLocked(Id128 id, boolean pause, long now) {
        final UploadJob job = jobs.get(id);
        if (job == null) {
            return false;
        }
        if (pause) {
            job.machine.pause();
            final PeerFiles peer = links.peerLocked(job.peer);
            final HeldFile file = job.file;
            if (file != null) {
                peer.removeAll(file.root(), pending -> refuseLocked(peer, pending.get, TransferFailure.PAUSED));
            }
        } else {
            job.machine.resume();
        }
        sayAllLocked(job);
        refreshLocked(job, now);
        return true;
    }

    boolean cancelLocked(Id128 id, long now) {
        final UploadJob job = jobs.get(id);
        if (job == null) {
            return false;
        }
        failLocked(job, TransferFailure.CANCELLED, "", now);
        return true;
    }

    boolean limitLocked(Id128 id, long perSecond, long now) {
        final UploadJob job = jobs.get(id);
        if (job == null) {
            return false;
        }
        job.limit.limit(perSecond, now);
        return true;
    }

    // -- ending

    void failLocked(UploadJob job, TransferFailure why, String text, long now) {
        if (job.machine.fail(why)) {
            job.entry.failed(why, text);
            sayAllLocked(job);
            overLocked(job, now);
            noticeAbortedLocked(job, why, text);
            refreshLocked(job, now);
        }
    }

    private void overLocked(UploadJob job, long now) {
        job.over = true;
        jobs.remove(job.machine.id());
        final PeerFiles peer = links.peerLocked(job.peer);
        final HeldFile file = job.file;
        final HeldFolder folder = job.folder;
        if (file != null) {
            if (offeredLocked(job.peer, file.root()) == null && job.machine.failure() != null) {
                peer.removeAll(file.root(), pending -> refuseLocked(peer, pending.get, failureOf(job)));
            }
            turns.laterLocked(file::close);
        }
        if (folder != null) {
            turns.laterLocked(() -> folder.closeAll().forEach(HeldFile::close));
        }
        final TransferFailure failure = job.machine.failure();
        if (failure != null && job.entry.failure() == null) {
            job.entry.failed(failure, "the other side said so");
        }
        if (job.path != null && failure != TransferFailure.CLOSED) {
            turns.laterLocked(() -> service.books.run(() -> {
                try {
                    service.home.offers().done(job.machine.id());
                } catch (StoreException e) {
                    service.log("an offer that is over will be made again after a restart", e);
                }
            }));
        }
        job.publish(now);
        turns.laterLocked(
                failure == null ? () -> job.entry.completed(Optional.empty()) : job.entry::completedExceptionally);
        service.overLocked(job.entry);
    }

    private void noticeAbortedLocked(UploadJob job, TransferFailure why, String text) {
        if (why == TransferFailure.CLOSED) {
            return; // it goes on with the next start
        }
        noticeLocked(
                job,
                new CutlassEvent.FileAborted(
                        job.peer, service.nickLocked(job.peer), job.entry.id(), job.entry.name(), true, why, text));
    }

    private void noticeLocked(UploadJob job, CutlassEvent event) {
        service.noticeLocked(job.peer, event);
    }

    private void sayAllLocked(UploadJob job) {
        for (FileMessage message = job.machine.poll(); message != null; message = job.machine.poll()) {
            links.sayLocked(job.peer, message, !job.machine.isAnswer());
        }
    }

    private void refreshLocked(UploadJob job, long now) {
        if (job.publish(now)) {
            turns.laterLocked(job.entry::tellListeners);
        }
    }

    void timeoutLocked(long now) {
        for (UploadJob job : jobs.values()) {
            if (job.machine.state() == TransferState.RUNNING) {
                refreshLocked(job, now);
            }
        }
        evictLocked();
    }

    void closeLocked(long now) {
        for (UploadJob job : List.copyOf(jobs.values())) {
            failLocked(job, TransferFailure.CLOSED, "", now);
        }
    }
}
