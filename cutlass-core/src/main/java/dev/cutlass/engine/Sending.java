package dev.cutlass.engine;

import dev.cutlass.event.DeliveryFailedException;
import dev.cutlass.event.DeliveryFailure;
import dev.cutlass.event.DeliveryState;
import dev.cutlass.proto.message.Outgoing;
import dev.cutlass.wire.MessageClass;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** One message of ours on its way. Any thread. */
public final class Sending {
    private final PeerEntry peer;
    final MessageClass messageClass;
    private final SendingSide side;
    private final Executor executor;

    /** Never handed out, so that nobody's code hangs on it but what waits in {@link #join}: it may be completed on any thread. */
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    /** Under the peer's lock; null if the outbox did not take it. */
    @Nullable
    Outgoing outgoing;

    // Neighbours among the unsettled messages of the peer, under its lock.
    @Nullable
    Sending previous;

    @Nullable
    Sending next;

    /** What depends on {@link #toCompletableFuture} runs on the executor. */
    Sending(PeerEntry peer, MessageClass messageClass, SendingSide side, Executor executor) {
        this.peer = peer;
        this.messageClass = messageClass;
        this.side = side;
        this.executor = executor;
    }

    /** How far it has come; takes the peer's lock for a moment. */
    public DeliveryState state() {
        if (done.isDone()) {
            return done.isCompletedExceptionally() ? DeliveryState.FAILED : DeliveryState.DELIVERED;
        }
        peer.lock.lock();
        try {
            return outgoing != null && outgoing.isSent() ? DeliveryState.SENT : DeliveryState.QUEUED;
        } finally {
            peer.lock.unlock();
        }
    }

    /** Why it failed, if it did. */
    public Optional<DeliveryFailedException> failure() {
        return done.isCompletedExceptionally()
                ? Optional.of(
                        done.handle((nothing, e) -> (DeliveryFailedException) e).join())
                : Optional.empty();
    }

    /**
     * Waits until it is settled.
     *
     * @throws CompletionException if it fails
     */
    public void join() {
        done.join();
    }

    /** A future of its own; what depends on it runs on the handler executor. */
    public CompletableFuture<Void> toCompletableFuture() {
        return done.whenCompleteAsync((nothing, e) -> {}, executor);
    }

    /** No longer wanted. */
    public void abandon() {
        side.abandon(this, peer);
    }

    /** Not under a lock: with a direct executor what depends on it runs here. */
    void delivered() {
        done.complete(null);
    }

    /** Not under a lock: with a direct executor what depends on it runs here. */
    void failed(DeliveryFailure why) {
        done.completeExceptionally(new DeliveryFailedException(why));
    }
}
