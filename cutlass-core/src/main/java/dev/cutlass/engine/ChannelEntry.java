package dev.cutlass.engine;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.ChannelClass;
import dev.cutlass.event.ChannelInfo;
import dev.cutlass.event.ChannelState;
import dev.cutlass.wire.ChannelKind;
import dev.cutlass.wire.MessageClass;
import dev.cutlass.wire.OpenFrame;
import dev.cutlass.wire.Varint;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One channel with a peer, beside the default one. */
public final class ChannelEntry implements ChannelInfo {
    final PeerEntry entry;

    /** As it is named on the wire. */
    final long number;

    private final Service service;
    private final MessageClass messageClass;
    private final boolean byPeer;

    /** What the application hung on it. */
    private final AtomicReference<@Nullable Object> attachment = new AtomicReference<>();

    /** Volatile: written under the peer's lock, read by anybody. */
    private volatile ChannelState state = ChannelState.WAITING;

    /** Under the peer's lock: the application was told that it is open. */
    boolean reported;

    ChannelEntry(PeerEntry entry, long number, Service service, MessageClass messageClass, boolean byPeer) {
        this.entry = entry;
        this.number = number;
        this.service = service;
        this.messageClass = messageClass;
        this.byPeer = byPeer;
    }

    /** What is spoken over a channel: a name and a version. */
    record Service(String name, long version) {
        /** @throws IllegalArgumentException if OPEN cannot carry it; says what is allowed */
        static Service checked(String name, long version) {
            if (!Varint.fits(version)) {
                throw new IllegalArgumentException("version: " + version + "; allowed: 0 to " + Varint.MAX);
            }
            final OpenFrame carried = new OpenFrame(1, ChannelKind.ORDERED.code(), version, name);
            return new Service(carried.service(), version);
        }
    }

    Service spoken() {
        return service;
    }

    MessageClass messageClass() {
        return messageClass;
    }

    /** @throws IllegalArgumentException if no channel can be of this class; says what is allowed */
    static MessageClass checked(ChannelClass asked) {
        return switch (asked) {
            case MESSAGES -> MessageClass.MESSAGES;
            case BULK -> MessageClass.BULK;
            case VOICE, CONTROL ->
                throw new IllegalArgumentException("class: " + asked + "; allowed for channels: MESSAGES, BULK");
        };
    }

    public PeerEntry entry() {
        return entry;
    }

    @Override
    public PeerId peer() {
        return entry.id();
    }

    @Override
    public String service() {
        return service.name();
    }

    @Override
    public long version() {
        return service.version();
    }

    @Override
    public ChannelClass channelClass() {
        return messageClass == MessageClass.BULK ? ChannelClass.BULK : ChannelClass.MESSAGES;
    }

    @Override
    public boolean byPeer() {
        return byPeer;
    }

    @Override
    public ChannelState state() {
        return state;
    }

    void stateLocked(ChannelState newState) {
        state = newState;
    }

    /** The application's handler of it; null before {@link #attach}. */
    public @Nullable Object attachment() {
        return attachment.get();
    }

    public void attach(Object value) {
        attachment.set(value);
    }

    /** For logs. */
    @Override
    public String toString() {
        return service.name() + " " + service.version() + " with " + entry.id();
    }
}
