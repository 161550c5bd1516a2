package dev.cutlass;

import dev.cutlass.engine.ApplicationSide;
import dev.cutlass.engine.ChannelEntry;
import dev.cutlass.event.ChannelClass;
import dev.cutlass.event.ChannelState;
import dev.cutlass.event.Message;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A stream of messages with a peer beside the default one ({@link Peer#send}). Both sides may send. In order within itself, each message once, as
 * the default one; a channel never waits for another's missing packets. Stays the same over connections. Any thread.
 */
public final class Channel {
    private final ApplicationSide engine;
    private final ChannelEntry entry;

    Channel(ApplicationSide engine, ChannelEntry entry) {
        this.engine = engine;
        this.entry = entry;
    }

    public Peer peer() {
        return new Peer(engine, entry.entry());
    }

    /** The name of what is spoken over it. */
    public String service() {
        return entry.service();
    }

    /** The version of that. */
    public long version() {
        return entry.version();
    }

    /** What goes before it, and what after: chosen by the side that opened it. */
    public ChannelClass channelClass() {
        return entry.channelClass();
    }

    /** Whether the peer opened it. Such a channel ends when the peer's program does; ours are opened again. */
    public boolean byPeer() {
        return entry.byPeer();
    }

    public ChannelState state() {
        return entry.state();
    }

    /**
     * Sends a text. See {@link #send(Message)}.
     *
     * @throws IllegalArgumentException if it is longer than 65,536 bytes of UTF-8
     */
    public Delivery send(String text) {
        return send(Message.text(text));
    }

    /**
     * Sends a message, as {@link Peer#send(Message)} does. Over a channel that is closed, or is refused later, the delivery fails with
     * {@link dev.cutlass.event.DeliveryFailure#NO_SUCH_CHANNEL}.
     *
     * @throws IllegalStateException if the engine is closed
     */
    public Delivery send(Message message) {
        return new Delivery(engine.messaging().send(entry.entry(), entry, message));
    }

    /**
     * Sends a message if the outbox of this channel's class has room below the high-water mark, as {@link Peer#trySend(Message)} does.
     *
     * @return as {@link #send(Message)}, over a channel that is closed, too; empty if there is no room, and nothing was done
     * @throws IllegalStateException if the engine is closed
     */
    public Optional<Delivery> trySend(Message message) {
        return Optional.ofNullable(engine.messaging().trySend(entry.entry(), entry, message))
                .map(Delivery::new);
    }

    /**
     * When {@link #trySend} has room, as {@link Peer#whenRoom} has it, in the outbox that all channels of this class with this peer share.
     *
     * @throws IllegalStateException if the engine is closed
     */
    public CompletableFuture<Void> whenRoom() {
        return engine.messaging().whenRoom(entry.entry(), entry);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Channel that && entry == that.entry;
    }

    @Override
    public int hashCode() {
        return entry.hashCode();
    }

    @Override
    public String toString() {
        return entry.toString();
    }
}
