package dev.cutlass.engine;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.MessageId;
import dev.cutlass.event.TrustState;
import dev.cutlass.spi.OfflineDelivery;
import dev.cutlass.spi.OfflineInbox;
import dev.cutlass.spi.OfflineMessage;
import dev.cutlass.store.KnownPeer;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages that go, or come, another way than over connections: docs/offline.md. From start to end, and what the application's {@link OfflineDelivery} sees of the engine; what goes out is in {@link
 * OfflineSending}, what comes in in {@link OfflineReceiving}. Any thread; methods that end in Locked have the peer's lock. What the application gave is called without a lock, on a thread of its own.
 */
final class OfflineSide implements OfflineInbox {
    private static final Logger LOG = LoggerFactory.getLogger(OfflineSide.class);

    private final Handle handle;
    private final OfflineDelivery delivery;
    private final OfflineSending sending;
    private final OfflineReceiving receiving;
    private final Executor executor;
    private final @Nullable ExecutorService thread;
    private final AtomicBoolean attached = new AtomicBoolean();

    /** The engine ends; volatile: any thread. */
    private volatile boolean closed;

    OfflineSide(Handle handle, EngineConfig.Offline config, boolean stepwise) {
        this.handle = handle;
        this.delivery = config.delivery();
        this.sending = new OfflineSending(handle, this, config);
        this.receiving = new OfflineReceiving(handle, this);
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

    /** What goes out. */
    OfflineSending sending() {
        return sending;
    }

    /** What comes in. */
    OfflineReceiving receiving() {
        return receiving;
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
                                sending.wakeLocked(peer, now);
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

    // -- for the two directions

    /** What is known of a peer, from its first need on. */
    OfflinePeer stateLocked(PeerEntry peer) {
        OfflinePeer state = peer.offline;
        if (state == null) {
            state = new OfflinePeer(new TimerWheel.Timer() {
                @Override
                void onDue(long now) {
                    sending.handOver(peer, now);
                    handle.driver().step(peer, () -> {}, now); // what waited for earlier messages
                }
            });
            peer.offline = state;
        }
        return state;
    }

    /** Calls the application, on the thread of its own. */
    void execute(Runnable task) {
        try {
            executor.execute(task);
        } catch (
                RejectedExecutionException
                        e) { // closed in this moment; whoever keeps the mail gives it to the next engine
            LOG.debug("too late for a message that goes or comes offline");
        }
    }

    boolean isClosed() {
        return closed;
    }

    // -- for the offline delivery

    @Override
    public PeerId self() {
        return handle.id();
    }

    @Override
    public Optional<String> address(PeerId peer) {
        return Optional.of(handle.storage().offlineAddress(peer)).filter(address -> !address.isEmpty());
    }

    @Override
    public void delivered(PeerId peer, MessageId message) {
        sending.delivered(peer, message);
    }

    @Override
    public boolean failed(PeerId peer, MessageId message) {
        return sending.failed(peer, message);
    }

    @Override
    public void arrived(OfflineMessage message, Runnable done) {
        if (!closed) {
            handle.request(now -> receiving.onArrived(message, done, now));
        }
    }
}
