package dev.cutlass.engine.file;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.engine.ApplicationSide;
import dev.cutlass.engine.Companion;
import dev.cutlass.engine.PeerEntry;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.FileEntry;
import dev.cutlass.file.wire.FileMessage;
import dev.cutlass.spi.FileSink;
import dev.cutlass.spi.FileSource;
import dev.cutlass.store.file.FilesHome;
import dev.cutlass.store.file.PartialFile;
import dev.cutlass.store.file.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Files of one engine: from start to end, what an application asks for, what is due. Any thread. docs/files.md section 9. */
public final class FileService implements Companion {
    /** Listeners hear of progress at most so often. */
    static final long NOTICE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private static final Logger LOG = LoggerFactory.getLogger(FileService.class);

    /** So long the end waits for disks. */
    private static final long CLOSE_MILLIS = 2_000;

    private final ApplicationSide engine;
    private final FilesContext context;
    private final Turns turns;
    private final Links links;
    private final TransferList list;
    private final Incoming incoming;
    private final Outgoing outgoing;
    private final Questions questions;
    private final Recovery recovery;
    private final Inbox inbox;
    private final Meetings meetings;

    /** After that nothing is begun any more that an end would not see. */
    private final CompletableFuture<Void> recovered = new CompletableFuture<>();

    /** Volatile: written by who starts it, read by who ends it. */
    private volatile boolean started;

    /** Under the lock. */
    private long syncedAt;

    private FileService(ApplicationSide engine, FilesConfig config, FilesHome home) {
        this.engine = engine;
        this.context = new FilesContext(engine, config, home);
        final long now = context.engine.now();
        this.turns = context.turns;
        this.links = context.links;
        this.list = new TransferList(context.executor);
        this.incoming = new Incoming(context, list, now);
        this.outgoing = new Outgoing(context, list, now);
        this.questions = new Questions(context);
        this.recovery = new Recovery(context, incoming, outgoing, incoming.endings);
        this.inbox = new Inbox(context, incoming, outgoing, questions);
        this.meetings = new Meetings(engine, context, incoming, outgoing);
        links.listen(inbox);
        this.syncedAt = now;
    }

    /**
     * Opens what earlier runs left; nothing runs yet.
     *
     * @throws IOException if the home folder cannot be used; says what to do
     */
    public static FileService open(ApplicationSide engine, FilesConfig config) throws IOException {
        final Path home = engine.companions().home();
        final FileService service =
                new FileService(engine, config, home == null ? FilesHome.temporary() : FilesHome.open(home));
        engine.companions().join(service);
        engine.offer(FileMessage.SERVICE, FileMessage.VERSION, service.links);
        return service;
    }

    /** Goes on with what earlier runs left. After the engine has started. */
    public void start() {
        started = true;
        meetings.start();
        if (context.engine.isStepwise()) {
            recover();
        } else {
            new FilesThread(this).start();
        }
    }

    /** Not on the handler executor, whose threads may all wait for it. Blocks. */
    void recover() {
        try {
            recovery.run();
        } finally {
            recovered.complete(null);
            inbox.ready();
        }
    }

    // -- what the application asks for

    private void checkOpen() {
        if (context.isClosed() || engine.isClosing()) {
            throw new IllegalStateException("the engine is closed");
        }
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
        context.engine.choose(to);
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
        final Path to = folder == null && sink == null ? context.config.folder() : folder;
        if (to == null && sink == null) {
            throw new IllegalStateException("folder: none is set; give one");
        }
        context.engine.choose(from);
        final SinkTarget target = sink == null ? null : new SinkTarget(sink);
        final @Nullable TransferEntry[] entry = new @Nullable TransferEntry[1];
        turns.step(now -> {
            links.peerLocked(from).known = true;
            entry[0] = incoming.admission.requestLocked(from.id(), name, to, target, now);
        });
        return checked(entry[0]);
    }

    /** Lets peers ask for something. */
    public void share(String name, Path path, Predicate<PeerId> with) {
        checkOpen();
        outgoing.shares.add(name, path, with);
        turns.step(now -> outgoing.hashing.hashShareLocked(name, path));
    }

    /** No longer. */
    public void unshare(String name) {
        outgoing.shares.remove(name);
    }

    /** What a peer shares with us. */
    public CompletableFuture<List<FileEntry>> list(PeerEntry of, String under) {
        checkOpen();
        context.engine.choose(of);
        final CompletableFuture<List<FileEntry>> answer = new CompletableFuture<>();
        turns.step(now -> questions.askLocked(of.id(), under, answer, now));
        return answer.whenCompleteAsync((names, e) -> {}, context.executor);
    }

    /** All that are known, the earliest first. */
    public List<TransferEntry> all() {
        final List<TransferEntry> all = new ArrayList<>();
        turns.step(now -> all.addAll(list.allLocked()));
        return all;
    }

    /** One of {@link #all}. */
    public @Nullable TransferEntry find(String id) {
        final @Nullable TransferEntry[] found = new @Nullable TransferEntry[1];
        turns.step(now -> found[0] = list.findLocked(id));
        return found[0];
    }

    public void bandwidth(long sendPerSecond, long receivePerSecond) {
        turns.step(now -> {
            outgoing.sender.limitLocked(sendPerSecond, now);
            incoming.downloads.limitLocked(receivePerSecond, now);
            turns.wakeByLocked(now);
        });
    }

    public void pause(TransferEntry entry) {
        change(now -> outgoing.pauseLocked(entry.leaderKey(), true, now)
                || incoming.pauseLocked(entry.leaderKey(), true, now));
    }

    public void resume(TransferEntry entry) {
        change(now -> outgoing.pauseLocked(entry.leaderKey(), false, now)
                || incoming.pauseLocked(entry.leaderKey(), false, now));
    }

    public void cancel(TransferEntry entry) {
        change(now -> outgoing.cancelLocked(entry.leaderKey(), now) || incoming.cancelLocked(entry.leaderKey(), now));
    }

    public void limit(TransferEntry entry, long perSecond) {
        change(now -> outgoing.limitLocked(entry.leaderKey(), perSecond, now)
                || incoming.limitLocked(entry.leaderKey(), perSecond, now));
    }

    public void priority(TransferEntry entry, int priority) {
        turns.step(now -> incoming.priorityLocked(entry.leaderKey(), priority));
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
        if (accept && folder == null && sink == null && context.config.folder() == null) {
            throw new IllegalStateException("folder: none is set; give one");
        }
        final SinkTarget target = sink == null ? null : new SinkTarget(sink);
        final boolean[] waited = new boolean[1];
        turns.step(now -> waited[0] = incoming.admission.decideLocked(entry.key(), accept, folder, target, now));
        return waited[0];
    }

    /** Somebody decided about a request. */
    public void decideRequest(TransferEntry entry, boolean allow) {
        turns.step(now -> outgoing.replies.decideLocked(entry.key(), allow, now));
    }

    // -- what happens

    /** Of the engine; on the handler executor. */
    public void onEvent(CutlassEvent event) {
        meetings.onEvent(event);
    }

    // -- time

    @Override
    public long nextDeadline() {
        return context.isClosed() ? Turns.NEVER : turns.deadline();
    }

    @Override
    public void turn(long ignored) {
        if (context.isClosed() || turns.deadline() > context.engine.now()) {
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
            questions.timeoutLocked(now);
            waiting.addAll(outgoing.sender.takeLimitedLocked());
            if (incoming.isMovingLocked()) {
                turns.wakeByLocked(now + NOTICE_NANOS);
            }
        });
        waiting.forEach(outgoing.sender::wake);
    }

    boolean isClosed() {
        return context.isClosed();
    }

    void fail(Throwable why) {
        context.engine.fail(why);
    }

    void await() {
        final long due = turns.deadline();
        turns.signal.await(due == Turns.NEVER ? due : due - context.engine.now());
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
        final List<CompletableFuture<Void>> ends = new ArrayList<>();
        final boolean[] isFirst = new boolean[1];
        turns.step(now -> {
            isFirst[0] = !context.isClosed();
            if (context.isClosed()) {
                return;
            }
            final List<Strand> strands = new ArrayList<>(incoming.strandsLocked());
            strands.add(context.books);
            context.closeLocked();
            incoming.closeLocked(quietly, now);
            if (!quietly) {
                outgoing.closeLocked(now);
                questions.closeLocked();
            }
            turns.clearDeadlineLocked();
            for (Strand strand : strands) { // behind what gives back the parts, which whoever works now brings there
                final CompletableFuture<Void> end = new CompletableFuture<>();
                ends.add(end);
                turns.laterLocked(() -> strand.run(() -> end.complete(null)));
            }
        });
        turns.signal.raise();
        if (!isFirst[0]) {
            return;
        }
        engine.withdraw(FileMessage.SERVICE, FileMessage.VERSION);
        if (started) {
            ends.add(recovered);
        }
        try {
            CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new)).get(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("a disk is slow: what is under way there ends by itself", e);
        }
        try {
            context.home.close();
        } catch (StoreException e) {
            context.log("the books could not be closed", e);
        }
    }
}
