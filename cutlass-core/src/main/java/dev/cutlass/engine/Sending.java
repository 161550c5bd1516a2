package dev.cutlass.engine;

import dev.cutlass.event.DeliveryFailedException;
import dev.cutlass.event.DeliveryState;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/** One message of ours on its way. Any thread. */
public final class Sending {
    private final Executor executor;
    private final Runnable abandon;

    /** Never handed out, so that nobody's code hangs on it but what waits in {@link #join}: it may be completed on any thread. */
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    /** Volatile: written under the peer's lock, read by anybody. */
    private volatile DeliveryState state = DeliveryState.QUEUED;

    /** @param executor where what depends on {@link #toCompletableFuture} runs */
    Sending(Executor executor, Runnable abandon) {
        this.executor = executor;
        this.abandon = abandon;
    }

    public DeliveryState state() {
        return state;
    }

    public Optional<DeliveryFailedException> failure() {
        return state == DeliveryState.FAILED
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

    public CompletableFuture<Void> toCompletableFuture() {
        return done.whenCompleteAsync((nothing, e) -> {}, executor);
    }

    public void abandon() {
        abandon.run();
    }

    void sent() {
        if (state == DeliveryState.QUEUED) {
            state = DeliveryState.SENT;
        }
    }

    /** Not under a lock: with a direct executor what depends on it runs here. */
    void delivered() {
        if (!done.isDone()) {
            state = DeliveryState.DELIVERED;
            done.complete(null);
        }
    }

    /** Not under a lock: with a direct executor what depends on it runs here. */
    void failed(DeliveryFailedException e) {
        if (done.completeExceptionally(e)) {
            state = DeliveryState.FAILED;
        }
    }
}
