package dev.cutlass.engine;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.ConnectFailedException;
import dev.cutlass.event.ConnectFailure;
import dev.cutlass.event.DropReason;
import dev.cutlass.event.Permissions;
import dev.cutlass.event.TrustPolicy;
import dev.cutlass.proto.Connection;
import dev.cutlass.wire.Nicks;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What an application asks of the engine as a whole; {@link Messaging} is what it says to a peer, {@link PeerControl} what it decides about one, {@link CompanionSide} what our own services need. Any
 * thread: what concerns the table or dials is asked of the thread that owns them.
 */
public final class ApplicationSide {
    private final Handle handle;
    private final Messaging messaging;
    private final PeerControl control;
    private final CompanionSide companions;

    ApplicationSide(Handle handle) {
        this.handle = handle;
        this.messaging = new Messaging(handle);
        this.control = new PeerControl(handle);
        this.companions = new CompanionSide(handle);
    }

    /** Messages and channels. */
    public Messaging messaging() {
        return messaging;
    }

    /** What becomes of a peer. */
    public PeerControl control() {
        return control;
    }

    /** For services of our own. */
    public CompanionSide companions() {
        return companions;
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
        handle.checkRunning();
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
