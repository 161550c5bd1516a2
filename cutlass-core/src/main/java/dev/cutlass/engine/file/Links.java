package dev.cutlass.engine.file;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.engine.ApplicationSide;
import dev.cutlass.engine.ChannelEntry;
import dev.cutlass.engine.EntryHandler;
import dev.cutlass.engine.PeerEntry;
import dev.cutlass.engine.Sending;
import dev.cutlass.event.ChannelClass;
import dev.cutlass.event.ChannelEnd;
import dev.cutlass.event.DeliveryState;
import dev.cutlass.event.Message;
import dev.cutlass.file.wire.FileCodec;
import dev.cutlass.file.wire.FileMessage;
import dev.cutlass.file.wire.Get;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The channels with all peers: what is said over which, and who hears it. docs/files.md section 2.1. */
final class Links implements EntryHandler {
    /** Who hears it. */
    interface Listener {
        /** Without the lock. */
        void onFileMessage(PeerFiles from, FileMessage message);

        /** A peer opened its data channel, or can take more. Without the lock. */
        void onDataChannel(PeerFiles peer);

        /** Ours was refused. Under the lock. */
        void onRefusedLocked(PeerFiles peer, ChannelEnd why, long now);
    }

    /** Fewer peers than that are not worth a look. */
    private static final int MIN_SWEEP = 1_024;

    private final Turns turns;
    private final ApplicationSide engine;
    private volatile @Nullable Listener listener; // set once, before anybody is heard
    private final Map<PeerId, PeerFiles> peers = new HashMap<>();
    private final Set<PeerFiles> connected = new LinkedHashSet<>();

    /** When there are so many, those are forgotten that the engine has forgotten. */
    private int sweepAt = MIN_SWEEP;

    /** Nothing is said any more. */
    private boolean mute;

    Links(Turns turns, ApplicationSide engine) {
        this.turns = turns;
        this.engine = engine;
    }

    /** Before the service is offered. */
    void listen(Listener newListener) {
        listener = newListener;
    }

    private Listener listener() {
        final Listener known = listener;
        if (known == null) {
            throw new IllegalStateException("nobody listens yet");
        }
        return known;
    }

    PeerFiles peerLocked(PeerId id) {
        final PeerFiles peer = peers.computeIfAbsent(id, PeerFiles::new);
        if (peer.entry == null) {
            peer.entry = engine.peer(id);
        }
        return peer;
    }

    PeerFiles peerLocked(PeerEntry entry) {
        final PeerFiles peer = peers.computeIfAbsent(entry.id(), PeerFiles::new);
        peer.entry = entry;
        return peer;
    }

    void muteLocked() {
        mute = true;
    }

    void connectedLocked(PeerFiles peer) {
        connected.add(peer);
    }

    void disconnectedLocked(PeerFiles peer) {
        connected.remove(peer);
        if (peers.size() >= sweepAt) {
            peers.values().removeIf(each -> !connected.contains(each) && each.isIdle() && engine.peer(each.id) == null);
            sweepAt = Math.max(MIN_SWEEP, 2 * peers.size());
        }
    }

    /** Those who are there; a copy. */
    Collection<PeerFiles> connectedLocked() {
        return List.copyOf(connected);
    }

    boolean isConnectedLocked(PeerId id) {
        final PeerFiles peer = peers.get(id);
        return peer != null && connected.contains(peer);
    }

    /**
     * Says something.
     *
     * @param own over our channel; else over the peer's, if it has one
     */
    void sayLocked(PeerId to, FileMessage message, boolean own) {
        final PeerFiles peer = peerLocked(to);
        final PeerEntry entry = peer.entry;
        if (entry == null || mute) {
            return; // never met in this run: it hears of it when it comes
        }
        final ChannelEntry theirs = own ? null : peer.theirControl;
        turns.laterLocked(() -> engine.messaging()
                .serve(entry, theirs == null ? channel(entry, ChannelClass.MESSAGES) : theirs, message.toMessage()));
    }

    /** Asks for blocks; the channel for them is opened before. */
    void getLocked(PeerId to, Get get, Runnable notTaken) {
        final PeerEntry entry = peerLocked(to).entry;
        if (entry == null || mute) {
            return;
        }
        turns.laterLocked(() -> {
            channel(entry, ChannelClass.BULK);
            final Sending sending =
                    engine.messaging().serve(entry, channel(entry, ChannelClass.MESSAGES), get.toMessage());
            if (sending.state() == DeliveryState.FAILED) { // the outbox is full
                notTaken.run();
            }
        });
    }

    private ChannelEntry channel(PeerEntry entry, ChannelClass as) {
        return engine.messaging().channel(entry, FileMessage.SERVICE, FileMessage.VERSION, as, this);
    }

    @Override
    public void onMessage(ChannelEntry channel, Message message) {
        final FileMessage decoded = FileCodec.decode(message);
        final @Nullable PeerFiles[] from = new @Nullable PeerFiles[1];
        turns.step(now -> {
            final PeerFiles peer = peerLocked(channel.entry());
            if (decoded == null) {
                peer.malformed++;
            }
            noteLocked(peer, channel);
            from[0] = peer.malformed >= PeerFiles.MAX_MALFORMED ? null : peer;
        });
        final PeerFiles peer = from[0];
        if (peer != null && decoded != null) {
            listener().onFileMessage(peer, decoded);
        }
    }

    private static void noteLocked(PeerFiles peer, ChannelEntry channel) {
        if (!channel.byPeer()) {
            return;
        }
        if (channel.channelClass() == ChannelClass.BULK) {
            peer.theirData = channel;
        } else {
            peer.theirControl = channel;
        }
    }

    @Override
    public void onOpened(ChannelEntry channel) {
        final @Nullable PeerFiles[] opened = new @Nullable PeerFiles[1];
        turns.step(now -> {
            final PeerFiles peer = peerLocked(channel.entry());
            noteLocked(peer, channel);
            opened[0] = peer;
        });
        final PeerFiles peer = opened[0];
        if (peer != null && channel.byPeer() && channel.channelClass() == ChannelClass.BULK) {
            listener().onDataChannel(peer);
        }
    }

    @Override
    public void onClosed(ChannelEntry channel, ChannelEnd why) {
        turns.step(now -> {
            final PeerFiles peer = peerLocked(channel.entry());
            if (!channel.byPeer()) {
                listener().onRefusedLocked(peer, why, now);
            } else if (channel == peer.theirControl) {
                peer.theirControl = null;
                peer.malformed = 0;
                peer.clear();
            } else if (channel == peer.theirData) {
                peer.theirData = null;
            }
        });
    }
}
