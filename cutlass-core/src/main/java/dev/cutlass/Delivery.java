package dev.cutlass;

import dev.cutlass.engine.Sending;
import dev.cutlass.event.DeliveryFailedException;
import dev.cutlass.event.DeliveryState;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** What becomes of one message: queued, sent, then delivered or failed. Any thread. */
public final class Delivery {
    private final Sending sending;

    Delivery(Sending sending) {
        this.sending = sending;
    }

    public DeliveryState state() {
        return sending.state();
    }

    /** Why it failed; empty unless it did. */
    public Optional<DeliveryFailedException> failure() {
        return sending.failure();
    }

    /**
     * Waits until the other side has accepted the message, however long that takes.
     *
     * @throws CompletionException with a {@link DeliveryFailedException} as its cause if it will not
     */
    public void join() {
        sending.join();
    }

    /**
     * Completes when the other side has accepted the message, or fails with a {@link DeliveryFailedException}. What depends on it runs on the handler executor.
     */
    public CompletableFuture<Void> toCompletableFuture() {
        return sending.toCompletableFuture();
    }

    /** No longer wanted: fails with {@code ABANDONED} unless it was delivered already. It may arrive all the same. */
    public void abandon() {
        sending.abandon();
    }
}
