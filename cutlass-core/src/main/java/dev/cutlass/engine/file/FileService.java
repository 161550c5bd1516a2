package dev.cutlass.engine.file;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.engine.ApplicationSide;
import dev.cutlass.engine.Companion;
import dev.cutlass.engine.PeerEntry;
import dev.cutlass.event.ChannelEnd;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.FileEntry;
import dev.cutlass.event.PeerState;
import dev.cutlass.event.Permission;
import dev.cutlass.event.TransferFailedException;
import dev.cutlass.event.TransferFailure;
import dev.cutlass.event.TransferState;
import dev.cutlass.event.TrustState;
import dev.cutlass.file.wire.Answer;
import dev.cutlass.file.wire.Ask;
import dev.cutlass.file.wire.Change;
import dev.cutlass.file.wire.Chunk;
import dev.cutlass.file.wire.Done;
import dev.cutlass.file.wire.FileMessage;
import dev.cutlass.file.wire.Find;
import dev.cutlass.file.wire.Get;
import dev.cutlass.file.wire.Hashes;
import dev.cutlass.file.wire.Held;
import dev.cutlass.file.wire.ListNames;
import dev.cutlass.file.wire.Listing;
import dev.cutlass.file.wire.Offer;
import dev.cutlass.file.wire.Progress;
import dev.cutlass.file.wire.Refused;
import dev.cutlass.file.wire.Stop;
import dev.cutlass.file.wire.Wrong;
import dev.cutlass.spi.FileSink;
import dev.cutlass.spi.FileSource;
import dev.cutlass.store.file.FilesHome;
import dev.cutlass.store.file.OfferBook;
import dev.cutlass.store.file.PartialFile;
import dev.cutlass.store.file.PartialFolder;
import dev.cutlass.store.file.SafeFolder;
import dev.cutlass.store.file.StoreException;
import dev.cutlass.wire.Id128;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Files of one engine: what an application asks for, what peers say, what is due. Any thread. docs/files.md section 9. */
public final class FileService implements Companion, Links.Listener {
    /** Listeners hear of progress at most so often. */
    static final long NOTICE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private static final Logger LOG = LoggerFactory.getLogger(FileService.class);
    private static final long CLOSE_MILLIS = 2_000;
    private static final long QUESTION_NANOS = TimeUnit.SECONDS.toNanos(60);

    /** Transfers that are over and still shown. */
    private static final int MAX_OVER = 1_000;

    /** Names of one listing that are held in memory. */
    private static final int MAX_LISTED = 100_000;

    final ApplicationSide engine;
    final FilesConfig config;
    final Executor executor;
    final Turns turns;
    final Links links;
    final FilesHome home;

    /** Where the books of the home are written. */
    final Strand books;

    final Incoming incoming;
    final Outgoing outgoing;
    final Sender sender;

    /** Parts and offers of earlier runs are known: before that nobody is listened to. */
    private final CompletableFuture<Void> ready = new CompletableFuture<>();

    // Under the lock:
    private final Map<Id128, TransferEntry> entries = new LinkedHashMap<>();
    private final Set<Id128> over = new LinkedHashSet<>();
    private final Map<String, List<PartialFile>> left = new HashMap<>();
    private final Map<Long, Question> questions = new LinkedHashMap<>();
    private long questionNumbers;
    private long syncedAt;

    /** Volatile: looked at before work that nobody wants any more. */
    private volatile boolean closed;

    /** A LIST that is not answered yet. */
    private static final class Question {
        final PeerId peer;
        final String under;
        final List<FileEntry> entries;
        final CompletableFuture<List<FileEntry>> answer;
        final long until;

        Question(
                PeerId peer,
                String under,
                List<FileEntry> entries,
                CompletableFuture<List<FileEntry>> answer,
                long until) {
            this.peer = peer;
            this.under = under;
            this.entries = entries;
            this.answer = answer;
            this.until = until;
        }
    }

    private FileService(ApplicationSide engine, FilesConfig config, FilesHome home) {
        this.engine = engine;
        this.config = config;
        this.home = home;
        this.executor = engine.executor();
        this.turns = new Turns(engine);
        this.links = new Links(turns, engine, this);
        this.books = new Strand(executor);
        final long now = engine.now();
        this.incoming = new Incoming(this, config.receivePerSecond(), now);
        this.outgoing = new Outgoing(this);
        this.sender = new Sender(this, config.sendPerSecond(), now);
        this.syncedAt = now;
    }

    /**
     * Opens what earlier runs left; nothing runs yet.
     *
     * @throws IOException if the home folder cannot be used; says what to do
     */
    public static FileService open(ApplicationSide engine, FilesConfig config) throws IOException {
        final Path home = engine.home();
        final FileService service =
                new FileService(engine, config, home == null ? FilesHome.temporary() : FilesHome.open(home));
        engine.companion(service);
        engine.offer(FileMessage.SERVICE, FileMessage.VERSION, service.links);
        return service;
    }

    /** Goes on with what earlier runs left. After the engine has started. */
    public void start() {
        if (!engine.isStepwise()) {
            new FilesThread(this).start();
        }
        for (PeerEntry peer : engine.peers()) {
            if (peer.state() == PeerState.CONNECTED) {
                connected(peer, peer.trust() == TrustState.VERIFIED);
            }
        }
        books.run(this::recover);
    }

    private void recover() {
        try {
            final Set<Path> places = new LinkedHashSet<>(home.places().all());
            final Path usual = config.folder();
            if (usual != null) {
                places.add(usual.toAbsolutePath());
            }
            final List<PartialFile> found = new ArrayList<>();
            for (Path place : places) {
                found.addAll(scan(place));
            }
            final Set<String> parents = new LinkedHashSet<>();
            for (PartialFile part : found) {
                if (part.head().parent().equals(Id128.ZERO)) {
                    parents.add(part.id());
                }
            }
            for (PartialFile part : found) {
                final String parent = part.head().parent().toString();
                if (parents.contains(parent)) {
                    turns.step(now -> left.computeIfAbsent(parent, any -> new ArrayList<>())
                            .add(part));
                } else if (!part.head().parent().equals(Id128.ZERO)) {
                    part.discard(); // its folder is gone
                }
            }
            for (PartialFile part : found) {
                if (part.head().parent().equals(Id128.ZERO)) {
                    recover(part);
                }
            }
        } catch (IOException e) {
            log("what earlier runs left cannot be read", e);
        } finally {
            for (OfferBook.Offered offered : home.offers().all()) {
                turns.step(now -> outgoing.recoverLocked(offered, now));
            }
            ready.complete(null);
        }
    }

    private List<PartialFile> scan(Path place) {
        try {
            final PartialFolder.Scan scan = new PartialFolder(SafeFolder.of(place, false)).scan(engine.wallMillis());
            scan.failed().forEach(e -> log("a part cannot be read", e));
            return scan.found();
        } catch (StoreException e) {
            LOG.debug("a folder is not there", e);
            return List.of();
        }
    }

    private void recover(PartialFile part) throws IOException {
        if (part.isNamed()) {
            home.received().add(part.head().id());
            part.forget();
        } else {
            turns.step(now -> incoming.recoverLocked(part, now));
        }
    }

    /** Parts of files of a folder that an earlier run left. */
    List<PartialFile> leftOfLocked(String parent) {
        final List<PartialFile> children = left.remove(parent);
        return children == null ? List.of() : children;
    }

    private void awaitReady() {
        if (!ready.isDone()) {
            ready.join();
        }
    }

    // -- what the application asks for

    private void checkOpen() {
        if (closed || engine.isClosing()) {
            throw new IllegalStateException("the engine is closed");
        }
        awaitReady();
    }

    /** Offers a file or folder of the disk. */
    public TransferEntry send(PeerEntry to, Path path) {
        final Path name = path.toAbsolutePath().normalize().getFileName();
        return send(to, name == null ? "" : name.toString(), path, null);
    }

    /** Offers a content. */
    public TransferEntry send(PeerEntry to, String name, FileSource source) {
        return send(to, name, null, source);
    }

    private TransferEntry send(PeerEntry to, String name, @Nullable Path path, @Nullable FileSource source) {
        checkOpen();
        engine.choose(to);
        final @Nullable TransferEntry[] entry = new @Nullable TransferEntry[1];
        turns.step(now -> {
            links.peerLocked(to).known = true;
            entry[0] = outgoing.sendLocked(to.id(), name, path, source, now);
        });
        return checked(entry[0]);
    }

    private static TransferEntry checked(@Nullable TransferEntry entry) {
        if (entry == null) {
            throw new AssertionError("a step that was not taken");
        }
        return entry;
    }

    /**
     * Asks for what a peer shares.
     *
     * @throws IllegalStateException if there is no folder
     */
    public TransferEntry request(PeerEntry from, String name, @Nullable Path folder, @Nullable FileSink sink) {
        checkOpen();
        final Path to = folder == null && sink == null ? config.folder() : folder;
        if (to == null && sink == null) {
            throw new IllegalStateException("folder: none is set; give one");
        }
        engine.choose(from);
        final @Nullable TransferEntry[] entry = new @Nullable TransferEntry[1];
        turns.step(now -> {
            links.peerLocked(from).known = true;
            entry[0] = incoming.requestLocked(from.id(), name, to, sink, now);
        });
        return checked(entry[0]);
    }

    /** Lets peers ask for something. */
    public void share(String name, Path path, Predicate<PeerId> with) {
        checkOpen();
        outgoing.shares().add(name, path, with);
        turns.step(now -> outgoing.hashShareLocked(name, path));
    }

    /** No longer. */
    public void unshare(String name) {
        outgoing.shares().remove(name);
    }

    /** What a peer shares with us. */
    public CompletableFuture<List<FileEntry>> list(PeerEntry of, String under) {
        checkOpen();
        engine.choose(of);
        final CompletableFuture<List<FileEntry>> answer = new CompletableFuture<>();
        turns.step(now -> askLocked(new Question(of.id(), under, new ArrayList<>(), answer, now + QUESTION_NANOS), ""));
        return answer.whenCompleteAsync((names, e) -> {}, executor);
    }

    private void askLocked(Question question, String after) {
        final long number = questionLocked();
        questions.put(number, question);
        turns.wakeByLocked(question.until);
        links.sayLocked(question.peer, new ListNames(number, question.under, after), true);
    }

    long questionLocked() {
        return ++questionNumbers;
    }

    /** All that are known, the earliest first. */
    public List<TransferEntry> all() {
        final List<TransferEntry> all = new ArrayList<>();
        turns.step(now -> all.addAll(entries.values()));
        return all;
    }

    /** One of {@link #all}. */
    public @Nullable TransferEntry find(String id) {
        return all().stream().filter(entry -> entry.id().equals(id)).findFirst().orElse(null);
    }

    public void bandwidth(long sendPerSecond, long receivePerSecond) {
        turns.step(now -> {
            sender.limitLocked(sendPerSecond, now);
            incoming.limitLocked(receivePerSecond, now);
            turns.wakeByLocked(now);
        });
    }

    public void pause(TransferEntry entry) {
        change(now -> outgoing.pauseLocked(entry.key(), true, now) || incoming.pauseLocked(entry.key(), true, now));
    }

    public void resume(TransferEntry entry) {
        change(now -> outgoing.pauseLocked(entry.key(), false, now) || incoming.pauseLocked(entry.key(), false, now));
    }

    public void cancel(TransferEntry entry) {
        change(now -> outgoing.cancelLocked(entry.key(), now) || incoming.cancelLocked(entry.key(), now));
    }

    public void limit(TransferEntry entry, long perSecond) {
        change(now ->
                outgoing.limitLocked(entry.key(), perSecond, now) || incoming.limitLocked(entry.key(), perSecond, now));
    }

    public void priority(TransferEntry entry, int priority) {
        turns.step(now -> incoming.priorityLocked(entry.key(), priority, now));
    }

    private void change(LongPredicate input) {
        turns.step(now -> {
            if (input.test(now)) {
                turns.wakeByLocked(now);
            }
        });
    }

    /** Somebody decided about an offer; false if it does not wait for that any more. */
    public boolean decideOffer(TransferEntry entry, boolean accept, @Nullable Path folder, @Nullable FileSink sink) {
        final boolean[] waited = new boolean[1];
        turns.step(now -> waited[0] = incoming.decideLocked(entry.key(), accept, folder, sink, now));
        return waited[0];
    }

    /** Somebody decided about a request. */
    public void decideRequest(TransferEntry entry, boolean allow) {
        turns.step(now -> outgoing.decideLocked(entry.key(), allow, now));
    }

    // -- what happens

    /** Of the engine; on the handler executor. */
    public void onEvent(CutlassEvent event) {
        if (event instanceof CutlassEvent.Connected connected) {
            withPeer(connected.peer(), peer -> connected(peer, connected.trust() != TrustState.NEW));
        } else if (event instanceof CutlassEvent.PeerRestarted restarted) {
            withPeer(restarted.peer(), peer -> connected(peer, false));
        } else if (event instanceof CutlassEvent.Dropped dropped) {
            disconnected(dropped.peer());
        } else if (event instanceof CutlassEvent.TimedOut timedOut) {
            disconnected(timedOut.peer());
        }
    }

    private void withPeer(PeerId id, Consumer<PeerEntry> action) {
        final PeerEntry peer = engine.peer(id);
        if (peer != null && !closed) {
            action.accept(peer);
        }
    }

    private void connected(PeerEntry entry, boolean wasKnown) {
        final Id128 boot = engine.bootId(entry);
        final boolean known = wasKnown || engine.isContact(entry.id());
        turns.step(now -> {
            final PeerFiles peer = links.peerLocked(entry);
            peer.connected = true;
            peer.known |= known;
            meetLocked(peer, boot, now);
        });
    }

    private void meetLocked(PeerFiles peer, @Nullable Id128 boot, long now) {
        final boolean isNewRun = boot != null && !boot.equals(peer.boot);
        if (boot != null) {
            peer.boot = boot;
        }
        outgoing.connectedLocked(peer, isNewRun, now);
        incoming.connectedLocked(peer, isNewRun, now);
    }

    private void disconnected(PeerId id) {
        turns.step(now -> {
            final PeerFiles peer = links.peerLocked(id);
            peer.connected = false;
            outgoing.disconnectedLocked(peer, now);
            incoming.disconnectedLocked(now);
        });
    }

    @Override
    public void onFileMessage(PeerFiles from, FileMessage message) {
        awaitReady();
        if (closed) {
            return;
        }
        if (message instanceof Chunk chunk) {
            turns.step(now -> {
                final Fetch fetch = incoming.fetchLocked(chunk.request());
                if (fetch != null) {
                    fetch.chunkLocked(from.id, chunk, now);
                }
            });
        } else if (message instanceof Get get) {
            outgoing.onGet(from, get);
        } else if (message instanceof Ask ask) {
            outgoing.onAsk(from, ask);
        } else if (message instanceof ListNames question) {
            outgoing.onList(from, question);
        } else if (message instanceof Find question) {
            outgoing.onFind(from, question);
        } else if (message instanceof Wrong wrong) {
            outgoing.onWrong(from, wrong);
        } else {
            turns.step(now -> onMessageLocked(from, message, now));
        }
    }

    private void onMessageLocked(PeerFiles from, FileMessage message, long now) {
        if (message instanceof Hashes hashes) {
            final Fetch fetch = incoming.fetchLocked(hashes.request());
            if (fetch != null) {
                fetch.hashesLocked(from.id, hashes.request(), hashes.hashes(), now);
            }
        } else if (message instanceof Stop stop) {
            from.stop(stop.first(), stop.last());
        } else if (message instanceof Offer offer) {
            incoming.offerLocked(from, offer, now);
        } else if (message instanceof Answer answer) {
            outgoing.answerLocked(from, answer, now);
            incoming.answerLocked(from, answer, now);
        } else if (message instanceof Progress progress) {
            outgoing.progressLocked(from, progress.id(), progress.present(), progress.paused(), now);
        } else if (message instanceof Done done) {
            outgoing.doneLocked(from, done.id(), done.code(), now);
        } else if (message instanceof Change change) {
            incoming.changeLocked(from, change, now);
        } else if (message instanceof Held held) {
            incoming.heldLocked(from, held, now);
        } else if (message instanceof Listing listing) {
            listedLocked(from, listing);
        } else if (message instanceof Refused refused) {
            refusedLocked(from, refused, now);
        }
    }

    private void listedLocked(PeerFiles from, Listing listing) {
        final Question question = questions.get(listing.question());
        if (question == null || !question.peer.equals(from.id)) {
            return;
        }
        questions.remove(listing.question());
        for (Listing.Entry entry : listing.entries()) {
            question.entries.add(new FileEntry(entry.folder(), entry.length(), entry.modified(), entry.name()));
        }
        if (listing.more() && !listing.entries().isEmpty() && question.entries.size() < MAX_LISTED) {
            askLocked(
                    question,
                    listing.entries().get(listing.entries().size() - 1).name());
        } else {
            turns.laterLocked(() -> question.answer.complete(List.copyOf(question.entries)));
        }
    }

    private void refusedLocked(PeerFiles from, Refused refused, long now) {
        final Question question = questions.get(refused.number());
        if (question != null && question.peer.equals(from.id)) {
            questions.remove(refused.number());
            failLocked(question, TransferFailure.of(refused.code()));
            return;
        }
        final Fetch fetch = incoming.fetchLocked(refused.number());
        if (fetch != null) {
            fetch.refusedLocked(from.id, refused.number(), TransferFailure.of(refused.code()), now);
        }
    }

    private void failLocked(Question question, TransferFailure why) {
        turns.laterLocked(() -> question.answer.completeExceptionally(new TransferFailedException(why, "")));
    }

    @Override
    public void onDataChannel(PeerFiles peer) {
        sender.wake(peer);
    }

    @Override
    public void onRefusedLocked(PeerFiles peer, ChannelEnd why, long now) {
        final TransferFailure failure =
                why == ChannelEnd.NOT_PERMITTED ? TransferFailure.NOT_PERMITTED : TransferFailure.NOT_SUPPORTED;
        outgoing.refusedLocked(peer, failure, now);
        incoming.refusedLocked(peer, failure, now);
        for (Map.Entry<Long, Question> each : Map.copyOf(questions).entrySet()) {
            if (each.getValue().peer.equals(peer.id)) {
                questions.remove(each.getKey());
                failLocked(each.getValue(), failure);
            }
        }
    }

    // -- for its parts

    boolean isClosed() {
        return closed;
    }

    boolean isPermitted(PeerFiles peer) {
        final PeerEntry entry = peer.entry;
        return entry != null && entry.permissions().allows(Permission.FILE);
    }

    String nickLocked(PeerId id) {
        final PeerEntry entry = links.peerLocked(id).entry;
        return entry == null ? "" : entry.nick();
    }

    void noticeLocked(PeerId about, CutlassEvent event) {
        final PeerEntry entry = links.peerLocked(about).entry;
        turns.laterLocked(() -> engine.notice(entry, event));
    }

    TransferEntry newEntry(Id128 id, PeerId peer, boolean outgoing, String name, TransferState state) {
        return new TransferEntry(id, peer, outgoing, name, state, executor);
    }

    void rememberLocked(TransferEntry entry) {
        entries.put(entry.key(), entry);
    }

    void overLocked(TransferEntry entry) {
        over.add(entry.key());
        while (over.size() > MAX_OVER) {
            final Id128 eldest = over.iterator().next();
            over.remove(eldest);
            entries.remove(eldest);
        }
    }

    /** One transfer turned out to be another one. */
    void followLocked(TransferEntry follower, TransferEntry leader) {
        overLocked(follower);
        leader.addFollower(follower);
    }

    void log(String what, Throwable why) {
        LOG.warn("{}: {}", what, why.getClass().getSimpleName());
        LOG.debug(what, why);
    }

    // -- time

    @Override
    public long nextDeadline() {
        return closed ? Turns.NEVER : turns.deadline();
    }

    @Override
    public void turn(long ignored) {
        if (closed || turns.deadline() > engine.now()) {
            return;
        }
        final List<PeerFiles> waiting = new ArrayList<>();
        turns.step(now -> {
            turns.clearDeadlineLocked();
            final boolean isSyncDue = now - syncedAt >= PartialFile.SYNC_NANOS;
            if (isSyncDue) {
                syncedAt = now;
            }
            incoming.timeoutLocked(isSyncDue, now);
            outgoing.timeoutLocked(now);
            sweepQuestionsLocked(now);
            for (PeerFiles peer : links.allLocked()) {
                if (peer.hasRequests() && !peer.sending) {
                    waiting.add(peer);
                }
            }
            if (incoming.isMovingLocked()) {
                turns.wakeByLocked(now + NOTICE_NANOS);
            }
        });
        waiting.forEach(sender::wake);
    }

    private void sweepQuestionsLocked(long now) {
        for (Map.Entry<Long, Question> each : Map.copyOf(questions).entrySet()) {
            if (now >= each.getValue().until) {
                questions.remove(each.getKey());
                failLocked(each.getValue(), TransferFailure.EXPIRED);
            } else {
                turns.wakeByLocked(each.getValue().until);
            }
        }
    }

    void await() {
        final long due = turns.deadline();
        turns.signal.await(due == Turns.NEVER ? due : due - engine.now());
    }

    // -- the end

    /** Lets everything be as it is: it goes on with the next start. Waits for disks, 2 s at most. Idempotent. */
    public void close() {
        end(false);
    }

    @Override
    public void abandon() {
        end(true);
    }

    private void end(boolean quietly) {
        final List<Strand> strands = new ArrayList<>();
        final boolean[] isFirst = new boolean[1];
        turns.step(now -> {
            isFirst[0] = !closed;
            if (closed) {
                return;
            }
            strands.addAll(incoming.strandsLocked());
            closed = true;
            links.muteLocked();
            incoming.closeLocked(quietly, now);
            if (!quietly) {
                outgoing.closeLocked(now);
                for (Question question : questions.values()) {
                    failLocked(question, TransferFailure.CLOSED);
                }
            }
            questions.clear();
            turns.clearDeadlineLocked();
        });
        turns.signal.raise();
        if (!isFirst[0]) {
            return;
        }
        engine.withdraw(FileMessage.SERVICE, FileMessage.VERSION);
        strands.add(books);
        final List<CompletableFuture<Void>> ends = new ArrayList<>();
        for (Strand strand : strands) {
            final CompletableFuture<Void> end = new CompletableFuture<>();
            ends.add(end);
            strand.run(() -> end.complete(null));
        }
        try {
            CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new)).get(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("a disk is slow: what is under way there ends by itself", e);
        }
        try {
            home.close();
        } catch (StoreException e) {
            log("the books could not be closed", e);
        }
    }
}
