package dev.cutlass;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.engine.file.FileService;
import dev.cutlass.engine.file.TransferEntry;
import dev.cutlass.event.TransferFailure;
import dev.cutlass.event.TransferProgress;
import dev.cutlass.event.TransferState;
import java.io.Closeable;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One file or folder, one peer, either direction. It goes on by itself over lost connections, and with a home folder over restarts of either side. Any thread. */
public final class Transfer {
    private static final int MAX_PRIORITY = 9;

    private final FileService files;
    private final TransferEntry entry;

    Transfer(FileService files, TransferEntry entry) {
        this.files = files;
        this.entry = entry;
    }

    /** 32 hexadecimal digits, the same on both sides and after a restart. */
    public String id() {
        return entry.id();
    }

    public PeerId peer() {
        return entry.peer();
    }

    /** As it was offered or asked for; it may get a number where something has this name. */
    public String name() {
        return entry.name();
    }

    /** Whether it goes from here to the peer. */
    public boolean outgoing() {
        return entry.outgoing();
    }

    public TransferState state() {
        return entry.state();
    }

    public TransferProgress progress() {
        return entry.progress();
    }

    /** Why it failed, if it did. */
    public Optional<TransferFailure> failure() {
        return Optional.ofNullable(entry.failure());
    }

    /**
     * Completes when the receiving side has all of it, verified and on disk: with where it is, if that is a file or folder here. Fails with a {@link dev.cutlass.event.TransferFailedException}. What depends on
     * it runs on the handler executor.
     */
    public CompletableFuture<Optional<Path>> result() {
        return entry.result();
    }

    /** Halts it until {@link #resume}, also over a restart. Does nothing once it is over. */
    public void pause() {
        files.pause(entry);
    }

    /** Goes on. */
    public void resume() {
        files.resume(entry);
    }

    /** Gives it up: what was received of it is removed. Does nothing once it is over. */
    public void cancel() {
        files.cancel(entry);
    }

    /**
     * Which of those that come goes first: 0 to 9, default 5. What is less urgent waits while there are not places for all.
     *
     * @throws IllegalArgumentException if out of range
     */
    public void priority(int priority) {
        if (priority < 0 || priority > MAX_PRIORITY) {
            throw new IllegalArgumentException("priority: " + priority + "; allowed: 0 to " + MAX_PRIORITY);
        }
        files.priority(entry, priority);
    }

    /**
     * How many bytes a second it may take; 0: no limit beside that of all files.
     *
     * @throws IllegalArgumentException if negative
     */
    public void bandwidth(long perSecond) {
        if (perSecond < 0) {
            throw new IllegalArgumentException("bandwidth: " + perSecond + "; allowed: 0 (no limit) and up");
        }
        files.limit(entry, perSecond);
    }

    /** Calls with every change of state, and with progress at most four times a second, on the handler executor. Close it to hear no more. */
    public Closeable onChange(Consumer<Transfer> listener) {
        final Runnable call = () -> listener.accept(this);
        entry.addListener(call);
        return () -> entry.removeListener(call);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Transfer that && entry == that.entry;
    }

    @Override
    public int hashCode() {
        return entry.hashCode();
    }

    /** Without its name, which may be private. */
    @Override
    public String toString() {
        return "Transfer " + id() + ", " + state();
    }
}
