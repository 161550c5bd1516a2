package dev.cutlass.engine.file;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.TransferFailedException;
import dev.cutlass.event.TransferFailure;
import dev.cutlass.event.TransferProgress;
import dev.cutlass.event.TransferState;
import dev.cutlass.wire.Id128;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What an application sees of a transfer. Any thread. */
public final class TransferEntry {
    private final Id128 id;
    private final PeerId peer;
    private final boolean outgoing;
    private final CompletableFuture<Optional<Path>> result = new CompletableFuture<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    /** Asked for while this one was under way, which is the same: they share what becomes of it. */
    private final List<TransferEntry> followers = new CopyOnWriteArrayList<>();

    /** Where listeners are called, in order. */
    private final Strand notices;

    private final Executor executor;

    // Volatile: written under the lock of files, read by anybody.
    private volatile String name;
    private volatile TransferState state;
    private volatile TransferProgress progress = TransferProgress.NONE;
    private volatile @Nullable TransferFailedException failure;
    private volatile @Nullable TransferEntry leader;

    TransferEntry(Id128 id, PeerId peer, boolean outgoing, String name, TransferState state, Executor executor) {
        this.id = id;
        this.peer = peer;
        this.outgoing = outgoing;
        this.name = name;
        this.state = state;
        this.executor = executor;
        this.notices = new Strand(executor);
    }

    Id128 key() {
        return id;
    }

    /** Of the one that this one turned out to be: what is to be done is done with that. */
    Id128 leaderKey() {
        final TransferEntry other = leader;
        return other == null ? id : other.leaderKey();
    }

    /** 32 hexadecimal digits. */
    public String id() {
        return id.toString();
    }

    public PeerId peer() {
        return peer;
    }

    public boolean outgoing() {
        return outgoing;
    }

    public String name() {
        return name;
    }

    public TransferState state() {
        return state;
    }

    public TransferProgress progress() {
        return progress;
    }

    public @Nullable TransferFailure failure() {
        final TransferFailedException known = failure;
        return known == null ? null : known.failure();
    }

    /** A future of its own; what depends on it runs on the handler executor. */
    public CompletableFuture<Optional<Path>> result() {
        return result.whenCompleteAsync((path, e) -> {}, executor);
    }

    /** Called on every change of state, and with progress at most four times a second. */
    public void addListener(Runnable listener) {
        listeners.add(listener);
    }

    public void removeListener(Runnable listener) {
        listeners.remove(listener);
    }

    /** Another one that turned out to be this one. */
    void addFollower(TransferEntry follower) {
        followers.add(follower);
        follower.leader = this;
        follower.publish(state, progress);
    }

    void name(String newName) {
        name = newName;
    }

    void publish(TransferState newState, TransferProgress newProgress) {
        state = newState;
        progress = newProgress;
        followers.forEach(follower -> follower.publish(newState, newProgress));
    }

    void failed(TransferFailure why, String text) {
        failure = new TransferFailedException(why, text);
        followers.forEach(follower -> follower.failed(why, text));
    }

    /** No lock may be held. */
    void tellListeners() {
        if (!listeners.isEmpty()) {
            notices.run(() -> listeners.forEach(Runnable::run));
        }
        followers.forEach(TransferEntry::tellListeners);
    }

    /** No lock may be held. */
    void completed(Optional<Path> path) {
        notices.run(() -> result.complete(path));
        followers.forEach(follower -> follower.completed(path));
    }

    /** Likewise. */
    void completedExceptionally() {
        final TransferFailedException known = failure;
        if (known != null) {
            notices.run(() -> result.completeExceptionally(known));
        }
        followers.forEach(TransferEntry::completedExceptionally);
    }
}
