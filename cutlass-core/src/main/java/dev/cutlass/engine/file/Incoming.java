package dev.cutlass.engine.file;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.FilePolicy;
import dev.cutlass.event.HolderPolicy;
import dev.cutlass.event.TransferFailure;
import dev.cutlass.file.Download;
import dev.cutlass.file.GapTree;
import dev.cutlass.file.JournalRecord;
import dev.cutlass.file.Manifest;
import dev.cutlass.file.SafeNames;
import dev.cutlass.file.TokenBucket;
import dev.cutlass.file.tree.Root;
import dev.cutlass.file.tree.TreeShape;
import dev.cutlass.file.wire.Answer;
import dev.cutlass.file.wire.Ask;
import dev.cutlass.file.wire.Change;
import dev.cutlass.file.wire.Done;
import dev.cutlass.file.wire.Find;
import dev.cutlass.file.wire.Held;
import dev.cutlass.file.wire.Offer;
import dev.cutlass.spi.FileSink;
import dev.cutlass.store.file.PartialFile;
import dev.cutlass.store.file.PartialFolder;
import dev.cutlass.store.file.SafeFolder;
import dev.cutlass.store.file.StoreException;
import dev.cutlass.wire.Id128;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What comes: offers, requests of ours, whose turn it is, and what becomes of it. What ends in {@code Locked} is called with the lock of files. */
final class Incoming {
    /** Not over, from one peer and in all. */
    private static final int MAX_OF_PEER = 64;

    private static final int MAX_JOBS = 1_024;

    /** Bytes that are asked for, or in memory, in all. */
    private static final long MAX_IN_FLIGHT = 16 << 20;

    private final FileService service;
    private final Turns turns;
    private final Links links;
    private final TokenBucket limit;
    private final Map<Id128, DownloadJob> jobs = new LinkedHashMap<>();
    private final Map<Long, Fetch> fetches = new HashMap<>();
    private long fetchIndex;
    private long orders;

    Incoming(FileService service, long perSecond, long now) {
        this.service = service;
        this.turns = service.turns;
        this.links = service.links;
        this.limit = new TokenBucket(perSecond, now);
    }

    void limitLocked(long perSecond, long now) {
        limit.limit(perSecond, now);
    }

    long roomLocked(long now) {
        long inFlight = 0;
        for (DownloadJob job : jobs.values()) {
            inFlight += job.inFlight();
        }
        return Math.min(MAX_IN_FLIGHT - inFlight, limit.available(now));
    }

    long roomAtLocked(long now) {
        return limit.available(now) < TreeShape.BLOCK ? limit.readyAt(TreeShape.BLOCK, now) : Turns.NEVER;
    }

    void askedLocked(long bytes, long now) {
        limit.take(bytes, now);
    }

    // -- beginning

    /** Asks a peer for what it shares. */
    TransferEntry requestLocked(PeerId from, String name, @Nullable Path folder, @Nullable FileSink sink, long now) {
        final Id128 id = service.engine.randomId();
        final Download machine = Download.asked(new Download.From(from, id), now);
        final DownloadJob job = newJobLocked(machine, from, id, name, now);
        job.asked = name;
        job.folder = folder;
        job.sink = sink;
        links.sayLocked(from, new Ask(id, name), true);
        refreshLocked(job, now);
        return job.entry;
    }

    private DownloadJob newJobLocked(Download machine, PeerId peer, Id128 id, String name, long now) {
        final TransferEntry entry = service.newEntry(id, peer, false, name, machine.state());
        final DownloadJob job = new DownloadJob(this, machine, entry, new Strand(service.executor), orders++, now);
        jobs.put(id, job);
        service.rememberLocked(entry);
        turns.wakeByLocked(machine.nextDeadline());
        return job;
    }

    /** A peer offers something, or answers what we asked for. */
    void offerLocked(PeerFiles from, Offer offer, long now) {
        final Download.From by = new Download.From(from.id, offer.id());
        if (service.home.received().contains(offer.id())) {
            links.sayLocked(from.id, new Done(offer.id(), TransferFailure.NONE), false);
            return;
        }
        final DownloadJob asked = jobs.get(offer.id());
        final boolean isAnswer =
                asked != null && asked.offer == null && asked.peer().equals(from.id);
        DownloadJob same = isAnswer ? null : findLocked(from.id, offer);
        if (asked != null && isAnswer && offer.answer()) {
            same = findLocked(from.id, offer);
            if (same == null || same == asked) {
                answeredLocked(asked, from, offer, now);
                return;
            }
            jobs.remove(offer.id()); // the same is under way: one result for both
            service.followLocked(asked.entry, same.entry);
        }
        if (same != null) {
            same.machine.onOffer(by);
            holderLocked(same, from, true, now);
            sayAllLocked(same);
            refreshLocked(same, now);
            return;
        }
        final TransferFailure refusal = refusalLocked(from, offer);
        if (refusal != null) {
            links.sayLocked(from.id, new Answer(offer.id(), refusal.code(), 0), false);
            return;
        }
        final DownloadJob job = newJobLocked(Download.offered(by, now), from.id, offer.id(), offer.name(), now);
        job.offer = offer;
        job.holders.put(from.id, runOf(from));
        if (service.config.policy() == FilePolicy.ASK) {
            service.noticeLocked(
                    from.id,
                    new CutlassEvent.FileOffered(
                            from.id,
                            service.nickLocked(from.id),
                            job.entry.id(),
                            offer.name(),
                            offer.total(),
                            offer.files(),
                            offer.folder()));
            refreshLocked(job, now);
        } else {
            job.folder = service.config.folder();
            acceptLocked(job, now);
        }
    }

    private static Object runOf(PeerFiles peer) {
        final Id128 boot = peer.boot;
        return boot == null ? Id128.ZERO : boot;
    }

    /** What is under way already: by id, or by root and name. */
    private @Nullable DownloadJob findLocked(PeerId from, Offer offer) {
        final DownloadJob byId = jobs.get(offer.id());
        if (byId != null) {
            final Offer known = byId.offer;
            return known != null && known.root().equals(offer.root()) && byId.machine.isOfferedBy(from) ? byId : null;
        }
        for (DownloadJob job : jobs.values()) {
            final Offer known = job.offer;
            if (known != null
                    && known.root().equals(offer.root())
                    && known.name().equals(SafeNames.single(offer.name()))
                    && known.folder() == offer.folder()
                    && !job.machine.isDeciding()
                    && !job.machine.isOver()) {
                return job;
            }
        }
        return null;
    }

    private @Nullable TransferFailure refusalLocked(PeerFiles from, Offer offer) {
        final FilePolicy policy = service.config.policy();
        if (!service.isPermitted(from)) {
            return TransferFailure.NOT_PERMITTED;
        }
        if (jobs.containsKey(offer.id()) || offer.answer()) {
            return TransferFailure.BAD_REQUEST; // an id of somebody else's, or an answer to nothing
        }
        if (policy == FilePolicy.REFUSE
                || (policy == FilePolicy.ACCEPT_KNOWN && !from.known)
                || (policy != FilePolicy.ASK && service.config.folder() == null)) {
            return TransferFailure.DECLINED;
        }
        return unusableLocked(from.id, offer);
    }

    private @Nullable TransferFailure unusableLocked(PeerId from, Offer offer) {
        if (!offer.name().equals(SafeNames.single(offer.name()))) {
            return TransferFailure.BAD_NAME;
        }
        if (offer.total() > service.config.maxLength() || offer.length() > service.config.maxLength()) {
            return TransferFailure.TOO_LARGE;
        }
        if (offer.folder() && (offer.length() > Manifest.MAX_LENGTH || offer.files() > Manifest.MAX_ENTRIES)) {
            return TransferFailure.TOO_LARGE;
        }
        final long ofPeer = jobs.values().stream()
                .filter(job -> job.peer().equals(from) && !job.machine.isOver())
                .count();
        return ofPeer >= MAX_OF_PEER || jobs.size() >= MAX_JOBS ? TransferFailure.BUSY : null;
    }

    /** What we asked for is offered. */
    private void answeredLocked(DownloadJob job, PeerFiles from, Offer offer, long now) {
        final String safe = SafeNames.single(offer.name());
        final FileSink sink = job.sink;
        job.offer = offer;
        job.entry.name(offer.name());
        if (!offer.name().equals(safe)) {
            failLocked(job, TransferFailure.BAD_NAME, "no safe name", now);
        } else if (offer.total() > service.config.maxLength() || (sink != null && offer.total() > sink.maxLength())) {
            failLocked(job, TransferFailure.TOO_LARGE, offer.total() + " bytes", now);
        } else if (sink != null && offer.folder()) {
            failLocked(job, TransferFailure.BAD_REQUEST, "a folder does not go into a sink", now);
        } else {
            job.holders.put(from.id, runOf(from));
            acceptLocked(job, now);
        }
    }

    /** Somebody here decided, or the policy did. */
    boolean decideLocked(Id128 id, boolean accept, @Nullable Path folder, @Nullable FileSink sink, long now) {
        final DownloadJob job = jobs.get(id);
        if (job == null || job.offer == null || !job.machine.isDeciding()) {
            return false;
        }
        if (!accept) {
            rejectLocked(job, TransferFailure.DECLINED, now);
            return true;
        }
        job.folder = folder == null ? service.config.folder() : folder;
        job.sink = sink;
        if (job.sink == null && job.folder == null) {
            throw new IllegalStateException("folder: none is set; give one");
        }
        acceptLocked(job, now);
        return true;
    }

    private void acceptLocked(DownloadJob job, long now) {
        job.machine.accept(now);
        findHoldersLocked(job);
        sayAllLocked(job);
        service.noticeLocked(
                job.peer(),
                new CutlassEvent.FileAccepted(
                        job.peer(), service.nickLocked(job.peer()), job.entry.id(), job.entry.name(), false));
        job.announced = true;
        placesLocked(now);
        refreshLocked(job, now);
    }

    private void rejectLocked(DownloadJob job, TransferFailure why, long now) {
        if (job.machine.fail(why)) {
            job.entry.failed(why, "");
            sayAllLocked(job);
            service.noticeLocked(
                    job.peer(),
                    new CutlassEvent.FileRejected(
                            job.peer(), service.nickLocked(job.peer()), job.entry.id(), job.entry.name(), false, why));
            overLocked(job, false, Optional.empty(), now);
        }
    }

    // -- holders

    /** Somebody has it. What was asked of an earlier run of its is void. */
    private void holderLocked(DownloadJob job, PeerFiles peer, boolean isOffer, long now) {
        final Object run = runOf(peer);
        final Object before = job.holders.put(peer.id, run);
        final boolean isNew = !run.equals(before);
        job.forEachFetch(fetch -> {
            if (isNew) {
                fetch.removeHolderLocked(peer.id, now);
            }
            if (!fetch.hasHolderLocked(peer.id)) {
                fetch.addHolderLocked(peer.id, now);
            }
            if (isNew && isOffer) {
                fetch.pausedLocked(peer.id, false, now);
            }
        });
        if (isNew && job.main != null && !peer.id.equals(job.peer())) {
            final Fetch main = job.main;
            if (main.target() instanceof PartTarget target) {
                main.onStrandLocked(() -> target.part().noteHolder(peer.id), () -> {});
            }
        }
        placesLocked(now);
    }

    private void findHoldersLocked(DownloadJob job) {
        for (PeerFiles peer : links.allLocked()) {
            if (peer.connected && mayAsk(peer) && !job.holders.containsKey(peer.id)) {
                final Offer offer = job.offer;
                if (offer != null) {
                    links.sayLocked(peer.id, new Find(service.questionLocked(), List.of(offer.root())), true);
                }
            }
        }
    }

    private boolean mayAsk(PeerFiles peer) {
        final HolderPolicy policy = service.config.findHolders();
        return policy == HolderPolicy.ALL || (policy == HolderPolicy.KNOWN && peer.known);
    }

    void heldLocked(PeerFiles from, Held held, long now) {
        for (DownloadJob job : List.copyOf(jobs.values())) {
            final Offer offer = job.offer;
            if (offer != null
                    && !job.machine.isOver()
                    && !job.machine.isDeciding()
                    && held.roots().contains(offer.root())) {
                holderLocked(job, from, false, now);
                refreshLocked(job, now);
            }
        }
    }

    void connectedLocked(PeerFiles peer, boolean isNewRun, long now) {
        final List<Root> wanted = new ArrayList<>();
        for (DownloadJob job : List.copyOf(jobs.values())) {
            final Offer offer = job.offer;
            if (isNewRun) {
                if (job.holders.containsKey(peer.id) && !runOf(peer).equals(job.holders.get(peer.id))) {
                    job.holders.remove(peer.id);
                    job.forEachFetch(fetch -> fetch.removeHolderLocked(peer.id, now));
                }
                if (offer == null && job.asked != null && job.peer().equals(peer.id)) {
                    links.sayLocked(peer.id, new Ask(job.entry.key(), job.asked), true);
                }
                if (offer != null
                        && !job.machine.isOver()
                        && !job.machine.isDeciding()
                        && wanted.size() < Find.MAX_ROOTS
                        && (mayAsk(peer) || job.machine.isOfferedBy(peer.id))) {
                    wanted.add(offer.root());
                }
            }
            refreshLocked(job, now);
        }
        if (!wanted.isEmpty()) {
            links.sayLocked(peer.id, new Find(service.questionLocked(), wanted), true);
        }
        placesLocked(now);
    }

    void disconnectedLocked(long now) {
        placesLocked(now);
        for (DownloadJob job : List.copyOf(jobs.values())) {
            refreshLocked(job, now);
        }
    }

    /** The peer does not take part. */
    void refusedLocked(PeerFiles peer, TransferFailure why, long now) {
        for (DownloadJob job : List.copyOf(jobs.values())) {
            if (job.peer().equals(peer.id) && job.offer == null) {
                failLocked(job, why, "", now);
            }
        }
    }

    /** A peer answers an ASK: with no. */
    void answerLocked(PeerFiles from, Answer answer, long now) {
        final DownloadJob job = jobs.get(answer.id());
        if (job != null && job.offer == null && job.peer().equals(from.id) && answer.code() != TransferFailure.NONE) {
            failLocked(job, TransferFailure.of(answer.code()), "the other side said so", now);
        }
    }

    void changeLocked(PeerFiles from, Change change, long now) {
        for (DownloadJob job : List.copyOf(jobs.values())) {
            if (!job.machine.offers().contains(new Download.From(from.id, change.id()))) {
                continue;
            }
            if (change.state() == Change.PAUSED || change.state() == Change.GOES_ON) {
                final boolean paused = change.state() == Change.PAUSED;
                job.forEachFetch(fetch -> fetch.pausedLocked(from.id, paused, now));
                if (job.connectedHolders(links).size() <= 1) {
                    job.machine.heldBack(paused, now);
                }
            } else {
                job.holders.remove(from.id);
                job.forEachFetch(fetch -> fetch.removeHolderLocked(from.id, now));
                final TransferFailure why = TransferFailure.of(change.code());
                if (job.machine.isDeciding() && job.offer == null) {
                    failLocked(job, why, "the other side said so", now);
                } else if (job.holders.isEmpty()) {
                    failLocked(job, why, "the other side said so", now);
                }
            }
            placesLocked(now);
            refreshLocked(job, now);
        }
    }

    // -- whose turn it is

    /** Gives the places to the most urgent, then the earliest, of those that somebody has who is there. */
    void placesLocked(long now) {
        final List<DownloadJob> wanted = new ArrayList<>();
        for (DownloadJob job : jobs.values()) {
            job.machine.holderThere(!job.connectedHolders(links).isEmpty(), now);
            if (job.machine.isWanted()) {
                wanted.add(job);
            }
        }
        wanted.sort(Comparator.<DownloadJob>comparingInt(job -> -job.priority).thenComparingLong(job -> job.order));
        final Map<PeerId, Integer> perPeer = new HashMap<>();
        int all = 0;
        for (DownloadJob job : wanted) {
            final int ofPeer = perPeer.getOrDefault(job.peer(), 0);
            final boolean isIts = all < service.config.atOnce()
                    && ofPeer < service.config.atOncePerPeer()
                    && (!job.connectedHolders(links).isEmpty() || isEmptyFile(job));
            if (isIts) {
                all++;
                perPeer.put(job.peer(), ofPeer + 1);
                if (!job.machine.isRunning()) {
                    job.machine.start(now);
                    beginLocked(job, now);
                    refreshLocked(job, now);
                }
            } else if (job.machine.isRunning()) {
                job.machine.giveWay();
                refreshLocked(job, now);
            }
        }
    }

    private static boolean isEmptyFile(DownloadJob job) {
        final Fetch main = job.main;
        return main != null && main.isCompleteLocked();
    }

    private void beginLocked(DownloadJob job, long now) {
        turns.wakeByLocked(job.machine.nextDeadline());
        if (job.main != null) {
            job.forEachFetch(fetch -> {
                for (PeerId holder : job.holders.keySet()) {
                    if (!fetch.hasHolderLocked(holder)) {
                        fetch.addHolderLocked(holder, now);
                    }
                }
                fetch.pumpLocked(now);
            });
        } else if (!job.opening) {
            job.opening = true;
            final Path folder = job.folder;
            if (job.sink != null || folder == null) {
                turns.laterLocked(() -> job.strand.run(() -> open(job)));
            } else {
                turns.laterLocked(() -> service.books.run(() -> {
                    try {
                        service.home.places().add(folder);
                    } catch (StoreException e) {
                        service.log("a folder will not be looked into after a restart", e);
                    }
                    job.strand.run(() -> open(job));
                }));
            }
        }
    }

    /** On the strand: makes the part. */
    private void open(DownloadJob job) {
        final Offer offer = job.offer;
        if (offer == null || service.isClosed()) {
            return;
        }
        final FileSink sink = job.sink;
        final Path folder = job.folder;
        try {
            final TreeShape shape = new TreeShape(offer.length());
            final BlockTarget target = sink != null
                    ? new SinkTarget(sink, shape)
                    : new PartTarget(new PartialFolder(SafeFolder.of(folder == null ? Path.of("") : folder, true))
                            .create(service.engine.randomId(), head(job, offer)));
            turns.step(now -> openedLocked(job, offer, target, GapTree.all(shape.blocks()), sink, now));
        } catch (StoreException e) {
            turns.step(now -> failLocked(job, e.failure(), String.valueOf(e.getMessage()), now));
        }
    }

    private JournalRecord.Head head(DownloadJob job, Offer offer) {
        return new JournalRecord.Head(
                offer.folder(),
                service.config.replace(),
                offer.id(),
                job.peer(),
                offer.root(),
                offer.length(),
                offer.files(),
                offer.total(),
                offer.modified(),
                service.engine.wallMillis(),
                offer.name(),
                Id128.ZERO,
                0);
    }

    private void openedLocked(
            DownloadJob job, Offer offer, BlockTarget target, GapTree gaps, @Nullable FileSink sink, long now) {
        job.opening = false;
        final Fetch fetch = newFetchLocked(
                job,
                target,
                offer.root(),
                new TreeShape(offer.length()),
                gaps,
                sink != null && sink.isInOrder(),
                false);
        job.main = fetch;
        if (job.machine.isOver()) {
            fetch.closeLocked(now);
            releaseLocked(job, true);
            return;
        }
        beginLocked(job, now);
    }

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
                turns,
                links,
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

    void forgetFetchLocked(Fetch fetch) {
        fetches.remove(fetch.index());
    }

    /** Whose request a number is; null: nobody's any more. */
    @Nullable
    Fetch fetchLocked(long number) {
        return fetches.get(number >>> Fetch.INDEX_SHIFT);
    }

    // -- the end

    void allThereLocked(DownloadJob job, Fetch fetch, long now) {
        final FolderFetch entries = job.entries;
        if (entries != null && entries.allThereLocked(fetch)) {
            return;
        }
        if (fetch != job.main) {
            return;
        }
        final Offer offer = job.offer;
        if (offer == null) {
            return;
        }
        if (offer.folder()) {
            if (entries == null && fetch.target() instanceof PartTarget target) {
                final FolderFetch begun = new FolderFetch(
                        service,
                        job,
                        offer,
                        target.part(),
                        service.leftOfLocked(target.part().id()));
                job.entries = begun;
                turns.laterLocked(() -> job.strand.run(begun::start));
            }
            return;
        }
        job.machine.onAllThere();
        refreshLocked(job, now);
        fetch.onStrandLocked(() -> finish(job, fetch, offer), () -> {});
    }

    private void finish(DownloadJob job, Fetch fetch, Offer offer) throws IOException {
        final BlockTarget target = fetch.target();
        if (service.config.verifyAtEnd() && target instanceof PartTarget part && target.verifyAll() > 0) {
            final GapTree gaps = part.part().state().gaps().copy();
            turns.step(now -> {
                fetch.closeLocked(now);
                forgetFetchLocked(fetch);
                job.machine.onNotAllThere(now);
                job.main = newFetchLocked(job, target, offer.root(), new TreeShape(offer.length()), gaps, false, true);
                placesLocked(now);
            });
            return;
        }
        final Optional<Path> path = target.finish(offer.name());
        received(job, path, target::forget);
    }

    /** On the strand of a folder whose entries are all done. */
    void nameFolder(DownloadJob job, PartialFile part, String name) {
        turns.step(now -> job.machine.onAllThere());
        received(job, Optional.of(part.folder().target().path().resolve(name)), part::forget);
    }

    private void received(DownloadJob job, Optional<Path> path, Fetch.DiskWork forget) {
        service.books.run(() -> {
            for (Download.From from : offersOf(job)) {
                try {
                    service.home.received().add(from.id());
                } catch (StoreException e) {
                    service.log("what was received may be offered again", e);
                }
            }
            turns.step(now -> {
                job.machine.onNamed();
                sayAllLocked(job);
                service.noticeLocked(
                        job.peer(),
                        new CutlassEvent.FileReceived(
                                job.peer(),
                                service.nickLocked(job.peer()),
                                job.entry.id(),
                                job.entry.name(),
                                job.offer == null ? 0 : job.offer.total(),
                                path));
                turns.laterLocked(() -> job.strand.run(() -> {
                    try {
                        forget.run();
                    } catch (IOException e) {
                        service.log("something is left of a file that is complete", e);
                    }
                }));
                overLocked(job, false, path, now);
            });
        });
    }

    private List<Download.From> offersOf(DownloadJob job) {
        final List<Download.From> offers = new ArrayList<>();
        turns.step(now -> offers.addAll(job.machine.offers()));
        return offers;
    }

    void failLocked(DownloadJob job, TransferFailure why, String text, long now) {
        final boolean wasOpen = job.offer != null && !job.machine.isDeciding();
        if (!job.machine.fail(why)) {
            return;
        }
        job.entry.failed(why, text);
        sayAllLocked(job);
        if (why != TransferFailure.CLOSED) {
            service.noticeLocked(
                    job.peer(),
                    wasOpen
                            ? new CutlassEvent.FileAborted(
                                    job.peer(),
                                    service.nickLocked(job.peer()),
                                    job.entry.id(),
                                    job.entry.name(),
                                    false,
                                    why,
                                    text)
                            : new CutlassEvent.FileRejected(
                                    job.peer(),
                                    service.nickLocked(job.peer()),
                                    job.entry.id(),
                                    job.entry.name(),
                                    false,
                                    why));
        }
        overLocked(job, true, Optional.empty(), now);
    }

    /** Whether what came is of use if it is tried again. */
    private static boolean keeps(@Nullable TransferFailure why) {
        return why == TransferFailure.NO_SPACE
                || why == TransferFailure.WRITE_FAILED
                || why == TransferFailure.EXPIRED
                || why == TransferFailure.CLOSED
                || why == TransferFailure.READ_FAILED;
    }

    private void overLocked(DownloadJob job, boolean release, Optional<Path> path, long now) {
        job.forEachFetch(fetch -> {
            fetch.closeLocked(now);
            forgetFetchLocked(fetch);
        });
        if (job.entries != null) {
            job.entries.closeLocked(now);
        }
        if (release) {
            releaseLocked(job, !keeps(job.machine.failure()));
        }
        jobs.values().remove(job);
        job.publish(now);
        turns.laterLocked(job.entry::tellListeners);
        turns.laterLocked(
                job.machine.failure() == null ? () -> job.entry.completed(path) : job.entry::completedExceptionally);
        service.overLocked(job.entry);
        placesLocked(now);
    }

    private void releaseLocked(DownloadJob job, boolean discard) {
        final Fetch main = job.main;
        final FolderFetch entries = job.entries;
        final FileSink sink = job.sink;
        final TransferFailure why = job.machine.failure();
        turns.laterLocked(() -> job.strand.run(() -> {
            if (entries != null) {
                entries.release(discard);
            }
            try {
                if (main == null) {
                    if (sink != null && !job.opening) {
                        sink.abort(why == null ? TransferFailure.OTHER : why);
                        sink.close();
                    }
                    return;
                }
                if (main.target() instanceof SinkTarget target && why != null) {
                    target.failure(why);
                }
                if (discard) {
                    main.target().discard();
                } else {
                    main.target().close();
                }
            } catch (IOException | RuntimeException e) {
                service.log("something is left of a file that was given up", e);
            }
        }));
    }

    // -- what somebody here wants

    boolean pauseLocked(Id128 id, boolean pause, long now) {
        final DownloadJob job = jobs.get(id);
        if (job == null) {
            return false;
        }
        if (pause) {
            job.machine.pause(now);
            job.forEachFetch(fetch -> fetch.haltLocked(now));
        } else {
            job.machine.resume(now);
        }
        final Fetch main = job.main;
        if (main != null) {
            main.onStrandLocked(() -> main.target().notePaused(pause), () -> {});
        }
        sayAllLocked(job);
        placesLocked(now);
        refreshLocked(job, now);
        return true;
    }

    boolean cancelLocked(Id128 id, long now) {
        final DownloadJob job = jobs.get(id);
        if (job == null) {
            return false;
        }
        failLocked(job, TransferFailure.CANCELLED, "", now);
        return true;
    }

    boolean limitLocked(Id128 id, long perSecond, long now) {
        final DownloadJob job = jobs.get(id);
        if (job == null) {
            return false;
        }
        job.limit.limit(perSecond, now);
        job.forEachFetch(fetch -> fetch.pumpLocked(now));
        return true;
    }

    void priorityLocked(Id128 id, int priority, long now) {
        final DownloadJob job = jobs.get(id);
        if (job != null) {
            job.priority = priority;
            placesLocked(now);
        }
    }

    // -- after a restart

    /** A part of an earlier run. */
    void recoverLocked(PartialFile part, long now) {
        final JournalRecord.Head head = part.head();
        if (jobs.containsKey(head.id())) {
            turns.laterLocked(() -> closePart(part));
            return;
        }
        final Download machine = Download.recovered(
                new Download.From(head.peer(), head.id()), part.state().isPaused(), now);
        final DownloadJob job = newJobLocked(machine, head.peer(), head.id(), head.name(), now);
        job.folder = part.folder().target().path();
        job.offer = new Offer(
                head.id(),
                head.folder(),
                false,
                head.root(),
                head.length(),
                head.files(),
                head.total(),
                head.modified(),
                head.name());
        job.announced = true;
        final Fetch fetch = newFetchLocked(
                job,
                new PartTarget(part),
                head.root(),
                part.shape(),
                part.state().gaps().copy(),
                false,
                true);
        job.main = fetch;
        machine.onPresent(job.present(), now);
        fetch.pumpLocked(now);
        for (PeerFiles peer : links.allLocked()) {
            if (peer.connected && (mayAsk(peer) || part.state().holders().contains(peer.id))) {
                links.sayLocked(peer.id, new Find(service.questionLocked(), List.of(head.root())), true);
            }
        }
        refreshLocked(job, now);
    }

    private void closePart(PartialFile part) {
        try {
            part.close();
        } catch (StoreException e) {
            service.log("a part could not be closed", e);
        }
    }

    // -- time

    void timeoutLocked(boolean isSyncDue, long now) {
        for (DownloadJob job : List.copyOf(jobs.values())) {
            final boolean wasOpen = !job.machine.isDeciding();
            job.machine.handleTimeout(now);
            if (job.machine.isOver()) {
                final TransferFailure why = job.machine.failure();
                job.entry.failed(why == null ? TransferFailure.EXPIRED : why, "nothing happened for too long");
                service.noticeLocked(
                        job.peer(),
                        new CutlassEvent.FileAborted(
                                job.peer(),
                                service.nickLocked(job.peer()),
                                job.entry.id(),
                                job.entry.name(),
                                false,
                                TransferFailure.EXPIRED,
                                wasOpen ? "nothing moved" : "nobody decided"));
                sayAllLocked(job);
                overLocked(job, true, Optional.empty(), now);
                continue;
            }
            sayAllLocked(job);
            turns.wakeByLocked(job.machine.nextDeadline());
            job.forEachFetch(fetch -> {
                fetch.timeoutLocked(now);
                if (isSyncDue && job.machine.isRunning()) {
                    fetch.onStrandLocked(() -> fetch.target().sync(), () -> {});
                }
            });
            if (job.machine.isRunning()) {
                refreshLocked(job, now);
            }
        }
    }

    boolean isMovingLocked() {
        return jobs.values().stream().anyMatch(job -> job.machine.isRunning());
    }

    private void sayAllLocked(DownloadJob job) {
        for (Download.Say say = job.machine.poll(); say != null; say = job.machine.poll()) {
            links.sayLocked(say.to(), say.message(), false);
        }
    }

    void refreshLocked(DownloadJob job, long now) {
        turns.wakeByLocked(job.machine.nextDeadline());
        if (job.publish(now)) {
            turns.laterLocked(job.entry::tellListeners);
        }
    }

    List<Strand> strandsLocked() {
        return jobs.values().stream().map(job -> job.strand).toList();
    }

    /** Everything is given back; with {@code quietly}, as if this process had died. */
    void closeLocked(boolean quietly, long now) {
        for (DownloadJob job : List.copyOf(jobs.values())) {
            if (quietly) {
                job.forEachFetch(fetch -> fetch.closeLocked(now));
                if (job.entries != null) {
                    job.entries.closeLocked(now);
                }
                releaseLocked(job, false);
            } else {
                failLocked(job, TransferFailure.CLOSED, "", now);
            }
        }
    }
}
