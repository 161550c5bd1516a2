package dev.cutlass.engine;

import dev.cutlass.event.DeliveryFailedException;
import dev.cutlass.event.DeliveryFailure;
import dev.cutlass.event.DeliveryState;
import dev.cutlass.proto.message.Outgoing;
import dev.cutlass.wire.MessageClass;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** One message of ours on its way. Any thread. */
public final class Sending {
    private static final Object DELIVERED = new Object();

    /** Of {@link #done}; an atomic reference for each message would be one object more. */
    private static final VarHandle DONE = handleOfDone();

    private final PeerEntry peer;
    final MessageClass messageClass;
    private final SendingSide side;
    private final Executor executor;

    /** Null while it is on its way; then {@link #DELIVERED}, or why it failed. Written once. */
    private volatile @Nullable Object outcome;

    /** Made when somebody waits, which for most messages nobody does. Never handed out: see {@link #toCompletableFuture}. */
    private volatile @Nullable CompletableFuture<Void> done;

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
        final Object settled = outcome;
        if (settled != null) {
            return settled == DELIVERED ? DeliveryState.DELIVERED : DeliveryState.FAILED;
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
        return outcome instanceof DeliveryFailedException failed ? Optional.of(failed) : Optional.empty();
    }

    /**
     * Waits until it is settled.
     *
     * @throws CompletionException if it fails
     */
    public void join() {
        if (outcome != DELIVERED) {
            done().join();
        }
    }

    /** A future of its own; what depends on it runs on the handler executor. */
    public CompletableFuture<Void> toCompletableFuture() {
        return done().whenCompleteAsync((nothing, e) -> {}, executor);
    }

    /** No longer wanted. */
    public void abandon() {
        side.abandon(this, peer);
    }

    private static VarHandle handleOfDone() {
        try {
            return MethodHandles.lookup().findVarHandle(Sending.class, "done", CompletableFuture.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private CompletableFuture<Void> done() {
        if (done == null) {
            DONE.compareAndSet(this, null, new CompletableFuture<Void>());
        }
        final CompletableFuture<Void> future = Objects.requireNonNull(done);
        if (outcome != null) { // whoever settled it in between may have seen no future
            complete(future);
        }
        return future;
    }

    /**
     * Its outcome is known; the first one counts. Under the peer's lock.
     *
     * @param failure null if it was delivered
     * @return whether somebody waits: {@link #wake} has to follow, but not under a lock, for with a direct executor what depends on it runs there
     */
    boolean settle(@Nullable DeliveryFailure failure) {
        if (outcome != null) {
            return false;
        }
        outcome = failure == null ? DELIVERED : new DeliveryFailedException(failure);
        return done != null;
    }

    void wake() {
        final CompletableFuture<Void> future = done;
        if (future != null) {
            complete(future);
        }
    }

    private void complete(CompletableFuture<Void> future) {
        if (outcome instanceof DeliveryFailedException failed) {
            future.completeExceptionally(failed);
        } else {
            future.complete(null);
        }
    }
}
