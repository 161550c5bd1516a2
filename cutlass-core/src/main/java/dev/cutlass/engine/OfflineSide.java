package dev.cutlass.engine;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.Message;
import dev.cutlass.event.MessageId;
import dev.cutlass.event.PeerState;
import dev.cutlass.event.Permission;
import dev.cutlass.event.Permissions;
import dev.cutlass.event.TrustState;
import dev.cutlass.proto.message.Arrival;
import dev.cutlass.proto.message.Conversation;
import dev.cutlass.proto.message.MessageCodec;
import dev.cutlass.proto.message.Outgoing;
import dev.cutlass.spi.OfflineDelivery;
import dev.cutlass.spi.OfflineInbox;
import dev.cutlass.spi.OfflineMessage;
import dev.cutlass.store.KnownPeer;
import dev.cutlass.wire.Id128;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages that go, or come, another way than over connections: docs/offline.md. Any thread; methods that end in Locked have the peer's lock. What the application gave is called without a lock, on a
 * thread of its own.
 */
final class OfflineSide implements OfflineInbox {
    /** Messages to one peer that are handed over and not confirmed. A mail costs a key exchange, and who gets a hundred from one sender at once takes no more. */
    static final int MAX_UNDER_WAY = 64;

    /** Messages of one peer that wait here for earlier ones, or for a slow handler: more than an honest engine has under way. The rest is given to the next engine. */
    static final int MAX_HELD = 256;

    /** A message waits so long for earlier ones, which were sent before it and may take several tries of some minutes. */
    static final long ORDER_NANOS = Duration.ofMinutes(10).toNanos();

    /** After a failure it may soon fail again. */
    static final long RETRY_NANOS = Duration.ofMinutes(10).toNanos();

    private static final Logger LOG = LoggerFactory.getLogger(OfflineSide.class);

    private final Handle handle;
    private final OfflineDelivery delivery;
    private final long awayNanos;
    private final Executor executor;
    private final @Nullable ExecutorService thread;

    /** Mails that the handler queue has and that are not handled. */
    private final Map<Came, Runnable> taken = new ConcurrentHashMap<>();

    private final AtomicBoolean attached = new AtomicBoolean();

    /** The engine ends; volatile: any thread. */
    private volatile boolean closed;

    private record Came(PeerId peer, MessageId id) {}

    OfflineSide(Handle handle, EngineConfig.Offline config, boolean stepwise) {
        this.handle = handle;
        this.delivery = config.delivery();
        this.awayNanos = config.away().toNanos();
        this.thread = stepwise ? null : newThread();
        this.executor = thread == null ? Runnable::run : thread;
    }

    private static ExecutorService newThread() {
        return Executors.newSingleThreadExecutor(task -> {
            final Thread thread = new Thread(task, "cutlass-offline");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** The engine runs. On the thread that started it. */
    void start() {
        for (KnownPeer known : handle.storage().known().all()) {
            if (!known.offlineAddress().isEmpty()) {
                handle.request(now -> addressChanged(known.id(), now)); // from now on it is away
            }
        }
        attached.set(true);
        delivery.attach(this);
    }

    /** Before the engine is closed, on the thread that closes it. */
    void close() {
        closed = true;
        if (attached.compareAndSet(true, false)) {
            delivery.detach();
        }
        if (thread != null) {
            thread.shutdown();
        }
    }

    /** What our record of the peer says has changed. Housekeeping only. */
    void addressChanged(PeerId id, long now) {
        final PeerEntry peer = handle.peers().entryFor(id);
        if (peer != null) {
            handle.driver()
                    .step(
                            peer,
                            () -> {
                                if (peer.trust() == TrustState.NEW) {
                                    peer.trust(TrustState.KNOWN); // whoever names its address knows it
                                }
                                wakeLocked(peer, now);
                            },
                            now);
        }
    }

    /** The peer is forgotten. */
    void forgetLocked(PeerEntry peer) {
        final OfflinePeer state = peer.offline;
        if (state != null) {
            state.held.forEach(held -> peer.afterwardsLocked(() -> execute(held.done())));
            state.held.clear();
            state.underWay.clear();
        }
    }

    // -- from us

    /** The peer's connection, or what is to be sent to it, may have changed. */
    void watchLocked(PeerEntry peer, long now) {
        if (peer.state() == PeerState.CONNECTED) {
            if (peer.offline != null) {
                peer.offline.awaySince = OfflinePeer.THERE;
            }
            return;
        }
        if (closed) {
            return;
        }
        final OfflinePeer state = stateLocked(peer);
        if (state.awaySince == OfflinePeer.THERE) {
            state.awaySince = now;
            state.waiting = true; // what was on its way
        }
        if (state.waiting) {
            handle.schedule(state.timer, Math.max(state.awaySince + awayNanos, Math.max(state.notBefore, now)));
        }
    }

    /** Something new is to be sent, or can be. */
    void wakeLocked(PeerEntry peer, long now) {
        stateLocked(peer).waiting = true;
        watchLocked(peer, now);
    }

    private OfflinePeer stateLocked(PeerEntry peer) {
        OfflinePeer state = peer.offline;
        if (state == null) {
            state = new OfflinePeer(new TimerWheel.Timer() {
                @Override
                void onDue(long now) {
                    handOver(peer, now);
                    handle.driver().step(peer, () -> {}, now); // what waited for earlier messages
                }
            });
            peer.offline = state;
        }
        return state;
    }

    /** Hands over what waits, if the peer has been away for long enough. Housekeeping only. */
    void handOver(PeerEntry peer, long now) {
        final String address = handle.storage().offlineAddress(peer.id());
        final List<Outgoing> messages = new ArrayList<>();
        final List<OfflineMessage> batch = new ArrayList<>();
        peer.lock.lock();
        try {
            final OfflinePeer state = stateLocked(peer);
            if (peer.state() != PeerState.CONNECTED
                    && state.awaySince != OfflinePeer.THERE
                    && now >= Math.max(state.awaySince + awayNanos, state.notBefore)) {
                state.waiting = false;
                if (!address.isEmpty()) {
                    collectLocked(peer, state, messages, batch);
                }
            }
        } finally {
            peer.lock.unlock();
        }
        if (!batch.isEmpty()) {
            execute(() -> send(peer, address, messages, batch));
        }
    }

    private void collectLocked(PeerEntry peer, OfflinePeer state, List<Outgoing> messages, List<OfflineMessage> batch) {
        final List<Outgoing> unsettled = peer.conversation.unsettled();
        final Id128 bootId = handle.local().bootId();
        final Instant time = Instant.ofEpochMilli(handle.wallMillis());
        for (Outgoing outgoing : unsettled) {
            if (state.underWay.size() >= MAX_UNDER_WAY) {
                return; // the next ones follow when something is heard of these
            }
            final MessageId id = new MessageId(bootId.high(), bootId.low(), 0, outgoing.number());
            final Message message = MessageCodec.decode(outgoing.encoded(), id);
            if (message != null && state.underWay.add(outgoing.number())) {
                messages.add(outgoing);
                batch.add(
                        new OfflineMessage(peer.id(), message, unsettled.get(0).number(), time));
            }
        }
    }

    /** On the thread of its own. */
    private void send(PeerEntry peer, String address, List<Outgoing> messages, List<OfflineMessage> batch) {
        int sent = 0;
        try {
            while (sent < batch.size() && !closed) {
                delivery.send(address, batch.get(sent));
                sent++;
            }
        } catch (IOException e) {
            LOG.info("messages to {} cannot go offline just now, it is tried again: {}", peer.id(), e.toString());
        } catch (RuntimeException e) {
            LOG.error("the offline delivery failed; it is tried again", e);
        }
        final int taken = sent;
        final long now = handle.now();
        handle.driver()
                .step(
                        peer,
                        () -> {
                            messages.subList(0, taken).forEach(Outgoing::sentElsewhere);
                            for (OfflineMessage refused : batch.subList(taken, batch.size())) {
                                retryLaterLocked(peer, refused.id().number(), now);
                            }
                        },
                        now);
    }

    private void retryLaterLocked(PeerEntry peer, long number, long now) {
        final OfflinePeer state = stateLocked(peer);
        state.underWay.remove(number);
        state.waiting = true;
        state.notBefore = now + RETRY_NANOS;
    }

    @Override
    public void delivered(PeerId id, MessageId message) {
        final PeerEntry peer = isOurs(message) ? handle.table().peer(id) : null;
        if (peer == null || closed) {
            return;
        }
        final long now = handle.now();
        handle.driver()
                .step(
                        peer,
                        () -> {
                            final OfflinePeer state = stateLocked(peer);
                            state.waiting |= state.underWay.remove(message.number());
                            peer.conversation.unsettled().stream()
                                    .filter(outgoing -> outgoing.number() == message.number())
                                    .findFirst()
                                    .ifPresent(peer.conversation::deliveredElsewhere);
                            if (peer.current != null) {
                                peer.current.connection.flush(now);
                            }
                        },
                        now);
    }

    @Override
    public boolean failed(PeerId id, MessageId message) {
        if (!isOurs(message) || closed) {
            return false;
        }
        final PeerEntry peer = handle.table().peer(id);
        if (peer != null) {
            final long now = handle.now();
            handle.driver().step(peer, () -> retryLaterLocked(peer, message.number(), now), now);
        }
        return true;
    }

    private boolean isOurs(MessageId id) {
        final Id128 bootId = handle.local().bootId();
        return id.bootHigh() == bootId.high() && id.bootLow() == bootId.low() && id.channel() == 0;
    }

    // -- to us

    @Override
    public PeerId self() {
        return handle.id();
    }

    @Override
    public Optional<String> address(PeerId peer) {
        return Optional.of(handle.storage().offlineAddress(peer)).filter(address -> !address.isEmpty());
    }

    @Override
    public void arrived(OfflineMessage message, Runnable done) {
        if (!closed) {
            handle.request(now -> onArrived(message, done, now));
        }
    }

    /** Housekeeping only. */
    private void onArrived(OfflineMessage message, Runnable done, long now) {
        if (address(message.peer()).isEmpty()) {
            execute(done); // nobody whom we know by any address
            return;
        }
        final PeerEntry peer = handle.peers().entryFor(message.peer());
        if (peer != null) {
            handle.driver().step(peer, () -> holdLocked(peer, message, done, now), now);
        }
    }

    private void holdLocked(PeerEntry peer, OfflineMessage message, Runnable done, long now) {
        final OfflinePeer state = stateLocked(peer);
        if (state.held.size() >= MAX_HELD) {
            LOG.debug("more than {} messages of {} wait; one is left to the next start", MAX_HELD, peer.id());
            return;
        }
        state.held.add(new OfflinePeer.Held(message, done, now + ORDER_NANOS));
    }

    /** Gives the handler queue what is next; true if it took something. */
    boolean deliverLocked(PeerEntry peer, long now) {
        final OfflinePeer state = peer.offline;
        if (state == null || state.held.isEmpty()) {
            return false;
        }
        boolean any = false;
        boolean again;
        do { // what was delivered may have been what another one waited for
            again = false;
            for (Iterator<OfflinePeer.Held> all = state.held.iterator(); all.hasNext(); ) {
                final OfflinePeer.Held held = all.next();
                switch (tryLocked(peer, held, now)) {
                    case OVER -> {
                        all.remove();
                        peer.afterwardsLocked(() -> execute(held.done()));
                    }
                    case DOUBLE -> all.remove();
                    case DELIVERED -> {
                        all.remove();
                        again = true;
                        any = true;
                    }
                    case FULL -> {
                        return any; // it is offered again when there is room
                    }
                    case EARLY -> handle.schedule(state.timer, held.until());
                    case HERE -> {} // it came over the connection, too, and goes when the handler queue has room
                }
            }
        } while (again);
        return any;
    }

    private enum Tried {
        /** Nobody needs it. */
        OVER,
        /** It is the same as one that the handler queue has. */
        DOUBLE,
        DELIVERED,
        FULL,
        EARLY,
        HERE
    }

    private Tried tryLocked(PeerEntry peer, OfflinePeer.Held held, long now) {
        final MessageId id = held.message().id();
        final Id128 bootId = new Id128(id.bootHigh(), id.bootLow());
        final Permissions permissions = peer.permissions();
        if (!permissions.allows(Permission.CONNECT) || !permissions.allows(Permission.MESSAGE)) {
            return Tried.OVER;
        }
        final Conversation conversation = peer.conversation;
        final Arrival standing =
                conversation.standing(bootId, id.number(), held.message().base());
        if (standing == Arrival.SETTLED) {
            return taken.computeIfPresent(new Came(peer.id(), id), (came, first) -> () -> {
                                first.run();
                                held.done().run();
                            })
                            == null
                    ? Tried.OVER
                    : Tried.DOUBLE;
        }
        if (standing == Arrival.HERE) {
            return Tried.HERE;
        }
        if (standing == Arrival.EARLY && now < held.until()) {
            return Tried.EARLY;
        }
        final Came came = new Came(peer.id(), id);
        taken.put(came, held.done()); // before a handler can see it
        if (!peer.events.offerMessage(new CutlassEvent.MessageReceived(
                peer.id(), peer.nick(), held.message().message()))) {
            taken.remove(came);
            return Tried.FULL;
        }
        conversation.acceptElsewhere(bootId, id.number(), held.message().base());
        return Tried.DELIVERED;
    }

    /** Stands before the application's handlers. */
    Consumer<CutlassEvent> before(Consumer<CutlassEvent> sink) {
        return event -> {
            if (!(event instanceof CutlassEvent.MessageReceived received)) {
                sink.accept(event);
                return;
            }
            final MessageId id = received.message().id();
            final Came came = id == null ? null : new Came(received.peer(), id);
            if (closed && came != null && taken.containsKey(came)) {
                return; // it could not be written down any more that it was handled: the next engine gets it
            }
            try {
                sink.accept(event);
            } finally {
                if (came != null) {
                    handled(came);
                }
            }
        };
    }

    private void handled(Came came) {
        if (!taken.containsKey(came) && address(came.peer()).isEmpty()) {
            return; // nothing of it comes as mail
        }
        final MessageId id = came.id();
        handle.storage().handled().add(came.peer(), new Id128(id.bootHigh(), id.bootLow()), id.number());
        final Runnable done = taken.remove(came);
        if (done == null) {
            handle.storage().saveHandledLater();
        } else {
            handle.storage().saveThen(() -> execute(done));
        }
    }

    private void execute(Runnable task) {
        try {
            executor.execute(task);
        } catch (
                RejectedExecutionException
                        e) { // closed in this moment; whoever keeps the mail gives it to the next engine
            LOG.debug("too late for a message that goes or comes offline");
        }
    }
}
