package dev.cutlass;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.crypto.SafetyNumber;
import dev.cutlass.engine.ApplicationSide;
import dev.cutlass.engine.PeerEntry;
import dev.cutlass.event.ChannelClass;
import dev.cutlass.event.Message;
import dev.cutlass.event.PeerInfo;
import dev.cutlass.event.PeerState;
import dev.cutlass.event.Permissions;
import dev.cutlass.event.TrustState;
import java.io.Closeable;
import java.io.OutputStream;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Somebody whom this engine talks with, or did. Stays the same over connections, restarts and changes of address: a peer is its key. Any thread.
 */
public final class Peer {
    /** Some 200,000 packets: more than a viewer can draw. */
    private static final long MAX_QLOG_BYTES = 64L << 20;

    private final ApplicationSide engine;
    private final PeerEntry entry;

    Peer(ApplicationSide engine, PeerEntry entry) {
        this.engine = engine;
        this.entry = entry;
    }

    PeerEntry entry() {
        return entry;
    }

    public PeerId id() {
        return entry.id();
    }

    /** What it calls itself, at most 63 bytes of UTF-8, possibly empty. A label that anybody may choose, never a proof. */
    public String nick() {
        return entry.nick();
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
     * Sends a message: at once, on this thread, if a connection and its window allow; else it waits in the outbox, also while the peer is away. Messages
     * arrive in the order in which they were sent, each once. Never blocks. With a full outbox the delivery has failed already when this returns.
     *
     * @throws IllegalStateException if the engine is closed
     */
    public Delivery send(Message message) {
        return new Delivery(engine.messaging().send(entry, null, message));
    }

    /**
     * Sends a message if the outbox has room: if what waits for this peer in the default channel and in ordinary ones, or is under way without a receipt, is below the high-water mark
     * ({@link CutlassBuilder#outboxHighWater}) and the outbox limits. So who sends more than the other side's handlers take, or the path carries, is slowed down, and never meets a full outbox.
     * Never blocks.
     *
     * @return as {@link #send(Message)}; empty if there is no room, and nothing was done: {@link #whenRoom} tells when to try again
     * @throws IllegalStateException if the engine is closed
     */
    public Optional<Delivery> trySend(Message message) {
        return Optional.ofNullable(engine.messaging().trySend(entry, null, message))
                .map(Delivery::new);
    }

    /**
     * When {@link #trySend} has room: completes at once if it has now, else when half of what is below the mark is free. Several threads may wait; whoever comes first takes the room, so try, and
     * wait again if there is none. Fails with a {@link dev.cutlass.event.DeliveryFailedException} if the engine is closed or the peer forgotten. What depends on it runs on the handler executor.
     *
     * @throws IllegalStateException if the engine is closed
     */
    public CompletableFuture<Void> whenRoom() {
        return engine.messaging().whenRoom(entry, null);
    }

    /**
     * Our channel with a service of the peer, version 0: see {@link #channel(String, long, ChannelHandler)}.
     */
    public Channel channel(String service, ChannelHandler handler) {
        return channel(service, 0, handler);
    }

    /**
     * A stream of messages of its own, in order, that waits for no other: opened if there is none of ours with this service and version, else the same as before,
     * now with this handler. At once usable: what is sent waits until the other side has accepted. Opened again by itself on every connection, until the
     * engine is closed or the peer forgotten; at most 64 with one peer.
     *
     * @param service a name that cannot be somebody else's, e.g. {@code org.example.chess}: 1 to 63 bytes of UTF-8
     * @param version of it, 0 and up; the other side must offer just this one
     * @throws IllegalArgumentException if name or version are out of range
     * @throws IllegalStateException if there are too many, or the engine is closed
     */
    public Channel channel(String service, long version, ChannelHandler handler) {
        return channel(service, version, ChannelClass.MESSAGES, handler);
    }

    /**
     * Likewise, of a class that says what goes before it, in both directions. Channels with one service and version but of two classes are two. A peer that is older than classes refuses
     * {@link ChannelClass#BULK} with {@link dev.cutlass.event.ChannelEnd#KIND_NOT_SUPPORTED}.
     *
     * @param as {@link ChannelClass#MESSAGES} or {@link ChannelClass#BULK}
     * @throws IllegalArgumentException if name, version or class are out of range
     * @throws IllegalStateException if there are too many, or the engine is closed
     */
    public Channel channel(String service, long version, ChannelClass as, ChannelHandler handler) {
        return new Channel(
                engine,
                engine.messaging().channel(entry, service, version, as, Objects.requireNonNull(handler, "handler")));
    }

    /** The channels with this peer, ours and its, beside the default one. */
    public List<Channel> channels() {
        return engine.messaging().channels(entry).stream()
                .map(channel -> new Channel(engine, channel))
                .toList();
    }

    public PeerState state() {
        return entry.state();
    }

    /** All that is known about the peer and its connection now. Takes the peer's lock for a moment. */
    public PeerInfo info() {
        return engine.control().info(entry);
    }

    /**
     * Writes a qlog of the present connection until the answer is closed, or 64 MiB are full: what was sent, received and lost, and how round trip and congestion window changed; for
     * viewers of QUIC connections. No content, key or address is in it. A thread of its own writes; what a slow stream does not take is left out, and counted at the end.
     *
     * @param out is flushed, and stays open
     * @return {@code close} waits until all is written, and throws what the stream threw
     * @throws IllegalStateException without a connection, if there is a qlog of it already, or the engine is closed
     */
    public Closeable qlog(OutputStream out) {
        return engine.control().qlog(entry, Objects.requireNonNull(out, "out"), MAX_QLOG_BYTES);
    }

    public TrustState trust() {
        return entry.trust();
    }

    public Permissions permissions() {
        return entry.permissions();
    }

    /** Sets what the peer may do here, from now on. Taking {@code CONNECT} away ends the connection. Kept while the engine lives. */
    public void permissions(Permissions permissions) {
        engine.control().permissions(entry, permissions);
    }

    /** 60 digits that both people see alike if nobody stands between them. Compare them over another way, then call {@link #verify}. */
    public SafetyNumber safetyNumber() {
        return SafetyNumber.of(engine.id(), entry.id());
    }

    /** Remembers that the safety number was compared. */
    public void verify() {
        engine.control().verify(entry);
    }

    /** Ends the connection in order and does not dial again by itself. What is in the outbox stays there. */
    public void disconnect() {
        engine.control().disconnect(entry);
    }

    /** Ends the connection, fails what is in the outbox, and removes the peer from what is remembered. */
    public void forget() {
        engine.control().forget(entry);
    }

    /** A name for keys that both ends derive alike from the present connection, e.g. to bind another protocol to it. RFC 5705's idea.
     *
     * @param length 1 to 8160 bytes
     * @throws IllegalStateException without a connection
     */
    public byte[] export(String label, byte[] context, int length) {
        return engine.control().export(entry, label, context, length);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Peer that && entry == that.entry;
    }

    @Override
    public int hashCode() {
        return entry.hashCode();
    }

    @Override
    public String toString() {
        return entry.id().toString();
    }
}
