package dev.cutlass.engine;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.engine.qlog.QlogTrace;
import dev.cutlass.event.ChannelClass;
import dev.cutlass.event.ConnectFailedException;
import dev.cutlass.event.ConnectFailure;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.DeliveryFailure;
import dev.cutlass.event.DropReason;
import dev.cutlass.event.Message;
import dev.cutlass.event.PeerInfo;
import dev.cutlass.event.PeerState;
import dev.cutlass.event.Permission;
import dev.cutlass.event.Permissions;
import dev.cutlass.event.TrustPolicy;
import dev.cutlass.event.TrustState;
import dev.cutlass.proto.Connection;
import dev.cutlass.proto.ConnectionTrace;
import dev.cutlass.store.KnownPeer;
import dev.cutlass.wire.CloseCode;
import dev.cutlass.wire.Id128;
import dev.cutlass.wire.MessageClass;
import dev.cutlass.wire.Nicks;
import java.io.Closeable;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What an application asks of the engine. Any thread: what concerns the table, dials or files is asked of the thread that owns it; sending is done on the spot.
 */
public final class ApplicationSide {
    private final Handle handle;

    ApplicationSide(Handle handle) {
        this.handle = handle;
    }

    /** Who we are. */
    public PeerId id() {
        return handle.id();
    }

    /** How we call ourselves. */
    public String nick() {
        return handle.local().nick();
    }

    /** Changes the nick, and tells the peers. */
    public void nick(String nick) {
        final String normal = Nicks.normalize(nick);
        handle.local(handle.local().withNick(normal));
        handle.request(now -> {
            handle.handshakes().local(handle.local());
            forEachCurrent((entry, time) -> entry.connection.setNick(normal, time), now);
        });
    }

    /** Where the port is bound. */
    public InetSocketAddress localAddress() {
        return handle.port().localAddress();
    }

    /** Where handlers run. */
    public Executor executor() {
        return handle.executor();
    }

    /** Dials; the future may be completed on housekeeping, so nothing of the application may hang on it. */
    public CompletableFuture<PeerEntry> connect(DialTarget target) {
        checkRunning();
        final CompletableFuture<PeerEntry> future = new CompletableFuture<>();
        if (!handle.request(now -> handle.dialer().connect(target, future, now))) {
            future.completeExceptionally(new ConnectFailedException(ConnectFailure.TOO_MANY, target.text(), ""));
        }
        if (handle.isOver()) { // closed in this moment, and nobody may look at requests any more
            future.completeExceptionally(new ConnectFailedException(ConnectFailure.CLOSED, target.text(), ""));
        }
        return future;
    }

    /** All that are kept in mind. */
    public List<PeerEntry> peers() {
        return List.copyOf(handle.table().peers());
    }

    /** One of them. */
    public @Nullable PeerEntry peer(PeerId id) {
        return handle.table().peer(id);
    }

    /**
     * Whether there can be such a service.
     *
     * @throws IllegalArgumentException if not; names the value and what is allowed
     */
    public static void checkService(String service, long version) {
        ChannelEntry.Service.checked(service, version);
    }

    /** Peers may open channels with this service from now on. */
    public void offer(String service, long version, Object handler) {
        handle.driver().services().offer(ChannelEntry.Service.checked(service, version), handler);
    }

    /** Not any more; channels that are open stay. */
    public void withdraw(String service, long version) {
        handle.driver().services().withdraw(new ChannelEntry.Service(service, version));
    }

    /** Our channel with this service and class; opened if there is none. */
    public ChannelEntry channel(PeerEntry peer, String service, long version, ChannelClass as, Object handler) {
        checkRunning();
        final MessageClass of = ChannelEntry.checked(as);
        final ChannelEntry.Service wanted = ChannelEntry.Service.checked(service, version);
        final long now = handle.now();
        final @Nullable ChannelEntry[] channel = new @Nullable ChannelEntry[1];
        handle.driver()
                .step(
                        peer,
                        () -> channel[0] = peer.channelsLocked(handle.id()).openLocked(wanted, of, handler, now),
                        now);
        final ChannelEntry opened = channel[0];
        if (opened == null) {
            throw new IllegalStateException(
                    "channel: " + PeerChannels.MAX_OURS + " are open with " + peer.id() + " already; use one of them");
        }
        return opened;
    }

    /** All of a peer beside the default one. */
    public List<ChannelEntry> channels(PeerEntry peer) {
        peer.lock.lock();
        try {
            return peer.channels == null ? List.of() : peer.channels.allLocked();
        } finally {
            peer.lock.unlock();
        }
    }

    /** Sends over a channel; null is the default one. Waits in the outbox, whose limit alone makes it fail. */
    public Sending send(PeerEntry peer, @Nullable ChannelEntry channel, Message message) {
        handle.storage().writeTo(peer);
        return serve(peer, channel, message);
    }

    /** Likewise, for a service of ours that answers a peer: that does not make it one of our contacts. */
    public Sending serve(PeerEntry peer, @Nullable ChannelEntry channel, Message message) {
        final Sending sending = send(peer, channel, message, true);
        if (sending == null) {
            throw new AssertionError("a patient message was refused");
        }
        return sending;
    }

    /** Likewise, but null if the outbox has no room below its high-water mark. */
    public @Nullable Sending trySend(PeerEntry peer, @Nullable ChannelEntry channel, Message message) {
        handle.storage().writeTo(peer);
        return tryServe(peer, channel, message);
    }

    /** Likewise, as {@link #serve}. */
    public @Nullable Sending tryServe(PeerEntry peer, @Nullable ChannelEntry channel, Message message) {
        return send(peer, channel, message, false);
    }

    /** We want something of a peer, without a message that says so. */
    public void choose(PeerEntry peer) {
        handle.storage().writeTo(peer);
    }

    private @Nullable Sending send(PeerEntry peer, @Nullable ChannelEntry channel, Message message, boolean patient) {
        checkRunning();
        final long now = handle.now();
        final Sending sending = handle.driver().sending().send(peer, channel, message, patient, now);
        if (handle.isOver()) { // closed in this moment, and nobody may look at outboxes any more
            handle.driver().step(peer, () -> peer.failUnsettledLocked(DeliveryFailure.CLOSED), now);
        } else if (peer.state() == PeerState.AWAY) {
            handle.request(time -> handle.redialer().dialForOutbox(peer, time));
        }
        return sending;
    }

    /** When there is room below the high-water mark again; what depends on it runs on the handler executor. */
    public CompletableFuture<Void> whenRoom(PeerEntry peer, @Nullable ChannelEntry channel) {
        checkRunning();
        final CompletableFuture<Void> room = handle.driver().sending().whenRoom(peer, channel);
        if (handle.isOver()) {
            handle.driver().step(peer, () -> peer.failUnsettledLocked(DeliveryFailure.CLOSED), handle.now());
        }
        return room.whenCompleteAsync((nothing, e) -> {}, handle.executor());
    }

    /** What is known about a peer. */
    public PeerInfo info(PeerEntry peer) {
        return PeerInfos.of(peer, handle.now());
    }

    /**
     * Writes down what the peer's present connection does.
     *
     * @throws IllegalStateException if there is none, or it is written down already
     */
    public Closeable qlog(PeerEntry peer, OutputStream out, long maxBytes) {
        checkRunning();
        final long now = handle.now();
        final QlogOutput output;
        peer.lock.lock();
        try {
            final ConnectionEntry entry = peer.current;
            if (entry == null || entry.connection.trace() != ConnectionTrace.NONE) {
                throw new IllegalStateException(entry == null ? "no connection" : "there is a qlog of it already");
            }
            output = new QlogOutput(out, maxBytes, () -> trace(peer, entry, ConnectionTrace.NONE));
            entry.connection.trace(
                    new QlogTrace(output::offer, entry.initiator, entry.connection.epoch(), handle.wallMillis(), now));
        } finally {
            peer.lock.unlock();
        }
        output.start();
        return output;
    }

    private static void trace(PeerEntry peer, ConnectionEntry entry, ConnectionTrace trace) {
        peer.lock.lock();
        try {
            entry.connection.trace(trace);
        } finally {
            peer.lock.unlock();
        }
    }

    /** Sets what a peer may do. */
    public void permissions(PeerEntry peer, Permissions permissions) {
        final long now = handle.now();
        handle.driver()
                .step(
                        peer,
                        () -> {
                            peer.permissions(permissions);
                            if (!permissions.allows(Permission.CONNECT)) {
                                peer.closeAllLocked(CloseCode.REFUSED, now);
                            }
                        },
                        now);
    }

    /** The safety numbers were compared. */
    public void verify(PeerEntry peer) {
        handle.storage().remember(peer, null);
        handle.storage().verify(peer.id());
        peer.trust(TrustState.VERIFIED);
    }

    /**
     * Notes where a peer gets messages while it is away; empty: nowhere.
     *
     * @return false if the list of known peers is full
     * @throws IllegalArgumentException if the list cannot hold it
     */
    public boolean offlineAddress(PeerId peer, String address) {
        checkRunning();
        final boolean kept = handle.storage().offlineAddress(peer, address);
        final OfflineSide offline = handle.offline();
        if (offline != null) {
            handle.request(now -> offline.addressChanged(peer, now));
        }
        return kept;
    }

    /** Where it does; empty: nowhere. */
    public String offlineAddress(PeerId peer) {
        return handle.storage().offlineAddress(peer);
    }

    /** Ends the connection, and does not dial again. */
    public void disconnect(PeerEntry peer) {
        handle.request(now -> {
            peer.parted = true;
            handle.dialer().forget(peer, now);
            handle.storage().leave(peer.id());
            handle.driver().step(peer, () -> peer.closeAllLocked(CloseCode.NORMAL, now), now);
        });
    }

    /** Ends the connection, and removes the peer from what is remembered. */
    public void forget(PeerEntry peer) {
        disconnect(peer);
        handle.request(now -> {
            handle.storage().forget(peer.id());
            handle.driver()
                    .step(
                            peer,
                            () -> {
                                peer.failUnsettledLocked(DeliveryFailure.FORGOTTEN);
                                if (handle.offline() != null) {
                                    handle.offline().forgetLocked(peer);
                                }
                                if (peer.channels != null) {
                                    peer.channels.endAllLocked();
                                }
                                peer.admitted = false;
                                peer.trust(TrustState.NEW);
                            },
                            now);
        });
    }

    /** Keys for another protocol. */
    public byte[] export(PeerEntry peer, String label, byte[] context, int length) {
        peer.lock.lock();
        try {
            if (peer.current == null) {
                throw new IllegalStateException("no connection with " + peer.id());
            }
            return peer.current.connection.export(label, context, length);
        } finally {
            peer.lock.unlock();
        }
    }

    /** Whom to admit. */
    public TrustPolicy trustPolicy() {
        return handle.trustPolicy();
    }

    /** Whom to admit from now on. */
    public void trustPolicy(TrustPolicy policy) {
        handle.trustPolicy(Objects.requireNonNull(policy, "policy"));
    }

    /** What those may do who are seen for the first time from now on. */
    public void defaultPermissions(Permissions permissions) {
        handle.peers().defaultPermissions(Objects.requireNonNull(permissions, "permissions"));
    }

    /** Somebody decided about a peer that waits. */
    public void decide(PeerId id, boolean admit) {
        final PeerEntry peer = peer(id);
        if (peer != null) {
            final long now = handle.now();
            handle.driver().step(peer, () -> handle.driver().admission().decidedLocked(peer, admit, now), now);
        }
    }

    /** What was dropped. */
    public Map<DropReason, Long> counters() {
        long packets = handle.connector().droppedPackets();
        for (PeerEntry peer : handle.table().peers()) {
            peer.lock.lock();
            try {
                for (ConnectionEntry entry : peer.connections) {
                    packets += entry.droppedPackets();
                }
            } finally {
                peer.lock.unlock();
            }
        }
        final Map<DropReason, Long> snapshot = handle.counters().snapshot();
        snapshot.put(DropReason.PACKET, packets);
        return snapshot;
    }

    /** Every connection tries its path anew. */
    public void networkChanged() {
        handle.request(now -> forEachCurrent(Driver.input(Connection::networkChanged), now));
    }

    /** Whether it was closed, or has failed. */
    public boolean isClosing() {
        return handle.isClosing();
    }

    // -- for services of our own

    /** Ticker nanoseconds. */
    public long now() {
        return handle.now();
    }

    /** Milliseconds since 1970. */
    public long wallMillis() {
        return handle.wallMillis();
    }

    /** Nobody guesses it. */
    public Id128 randomId() {
        final byte[] id = new byte[Id128.LENGTH];
        handle.random().nextBytes(id);
        return Id128.of(id, 0);
    }

    /** Where the engine keeps what survives a restart; null: nowhere. */
    public @Nullable Path home() {
        return handle.config().home();
    }

    /** Whether there are no threads: see {@link EngineSeams}. */
    public boolean isStepwise() {
        return handle.config().seams().stepwise();
    }

    /** Before the start: it gets turns with those of housekeeping if there are no threads. */
    public void companion(Companion beside) {
        handle.companion(beside);
    }

    /** An event of a service of ours. No lock may be held. */
    public void notice(@Nullable PeerEntry peer, CutlassEvent event) {
        if (peer == null) {
            handle.notice(event);
        } else {
            peer.events.offerNotice(event);
            peer.events.dispatch();
        }
    }

    /** The run of the peer's engine that it is connected with; null if it is not. */
    public @Nullable Id128 bootId(PeerEntry peer) {
        peer.lock.lock();
        try {
            final ConnectionEntry entry = peer.current;
            return entry == null ? null : entry.remoteBootId;
        } finally {
            peer.lock.unlock();
        }
    }

    /** Whether we chose this peer once: dialled it, admitted it, verified it, wrote to it. */
    public boolean isContact(PeerId peer) {
        final KnownPeer known = handle.storage().known().find(peer);
        return known != null && known.isContact();
    }

    /** An error of ours on a thread of ours: the engine stops. */
    public void fail(Throwable cause) {
        handle.ending().fail(cause);
    }

    private void checkRunning() {
        if (handle.isClosing()) {
            throw new IllegalStateException("the engine is closed");
        }
    }

    private void forEachCurrent(Driver.Input input, long now) {
        for (PeerEntry peer : handle.table().peers()) {
            handle.driver()
                    .step(
                            peer,
                            () -> {
                                if (peer.current != null) {
                                    input.apply(peer.current, now);
                                }
                            },
                            now);
        }
    }
}
