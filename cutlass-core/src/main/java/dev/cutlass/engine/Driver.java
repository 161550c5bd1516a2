package dev.cutlass.engine;

import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.DropReason;
import dev.cutlass.event.Permission;
import dev.cutlass.proto.Connection;
import dev.cutlass.proto.Output;
import dev.cutlass.proto.message.Conversation;
import dev.cutlass.proto.message.Inbound;
import dev.cutlass.wire.MessageClass;
import dev.cutlass.wire.ReceiptFrame;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Feeds inputs to connections and carries out all that they ask for. Nothing else touches a connection. Any thread: each method takes the peer's lock, and runs what belongs to the application
 * after it has given it back.
 */
final class Driver {
    private static final Input FLUSH = input(Connection::flush); // one object for all packets

    private final Handle handle;
    private final Admission admission;
    private final Witness witness = new Witness();
    private final PeerChannels.Services services = new PeerChannels.Services();
    private final SendingSide sending;

    /** Volatile: any thread; only saves memory, so who is late by a moment loses nothing. */
    private volatile @Nullable InetSocketAddress lastObserved;

    /** A batch that lies ready for who settles next; a second thread at the same time finds none and makes one. */
    private final AtomicReference<@Nullable PacketBatch> spareBatch = new AtomicReference<>(null);

    /** Something that happens to a connection. */
    @FunctionalInterface
    interface Input {
        void apply(ConnectionEntry entry, long now);
    }

    Driver(Handle handle, HighWater highWater) {
        this.handle = handle;
        this.sending = new SendingSide(handle, this, highWater);
        this.admission = new Admission(handle);
    }

    Admission admission() {
        return admission;
    }

    Witness witness() {
        return witness;
    }

    /** What goes out. */
    SendingSide sending() {
        return sending;
    }

    /** What is offered to peers that open channels. */
    PeerChannels.Services services() {
        return services;
    }

    /**
     * A packet with an id of this connection came; its bytes are of no use afterwards. Listener only, who calls {@link #settle} when nothing more is there.
     *
     * @return whether it is the first since then
     */
    boolean packet(
            ConnectionEntry entry,
            byte[] buffer,
            int offset,
            int length,
            InetSocketAddress from,
            int channel,
            long now) {
        final PeerEntry peer = entry.peer;
        peer.lock.lock();
        try {
            entry.connection.receive(buffer, offset, length, from, channel, now);
        } finally {
            peer.lock.unlock();
        }
        final boolean first = !entry.unsettled;
        entry.unsettled = true;
        return first;
    }

    /** Nothing more came: answers leave, and handlers hear what it was. Listener only. */
    void settle(ConnectionEntry entry, long now) {
        entry.unsettled = false;
        step(entry, FLUSH, now);
    }

    /** A deadline of the connection, or of the peer's conversation, has come. */
    void timeout(ConnectionEntry entry, long now) {
        step(
                entry,
                (due, time) -> {
                    due.connection.handleTimeout(time);
                    due.peer.conversation.handleTimeout(time);
                },
                now);
    }

    /** Anything else. */
    void step(ConnectionEntry entry, Input input, long now) {
        final PeerEntry peer = entry.peer;
        peer.lock.lock();
        try {
            input.apply(entry, now);
            settleLocked(peer, now);
        } finally {
            leave(peer, now);
        }
    }

    /** Something that happens to a peer, on whichever connections it has. */
    void step(PeerEntry peer, Runnable input, long now) {
        peer.lock.lock();
        try {
            input.run();
            settleLocked(peer, now);
        } finally {
            leave(peer, now);
        }
    }

    /** The handler queue of a peer has room again. */
    void deliver(PeerEntry peer) {
        final long now = handle.now();
        step(peer, () -> {}, now);
    }

    /** Carries out what all connections of the peer want, until none wants anything. */
    void settleLocked(PeerEntry peer, long now) {
        do {
            peer.again = false;
            for (int i = 0; i < peer.connections.size(); i++) {
                pollLocked(peer.connections.get(i), now);
            }
            if (deliverAllLocked(peer, now) && peer.current != null) {
                if (handle.hasDirectHandlers()) {
                    peer.receiptsWait = true; // a handler that answers at once saves a packet: see leave
                } else {
                    peer.current.connection.flush(now);
                    peer.again = true;
                }
            }
        } while (peer.again);
        sending.settleLocked(peer);
        for (int i = 0; i < peer.connections.size(); i++) {
            final ConnectionEntry entry = peer.connections.get(i);
            witness.settledLocked(entry);
            handle.schedule(entry.timer, Math.min(entry.connection.nextDeadline(), peer.conversation.nextDeadline()));
        }
        final OfflineSide offline = handle.offline();
        if (offline != null) {
            offline.sending().watchLocked(peer, now);
        }
    }

    private boolean deliverAllLocked(PeerEntry peer, long now) {
        final OfflineSide offline = handle.offline();
        final boolean any = deliverLocked(peer);
        return (offline != null && offline.receiving().deliverLocked(peer, now)) || any;
    }

    /** Datagrams in a row leave together, before anything that follows them: it may be that their socket is closed. */
    private void pollLocked(ConnectionEntry entry, long now) {
        PacketBatch batch = null;
        for (Output out = entry.connection.poll(); out != null; out = entry.connection.poll()) {
            if (out instanceof Output.Transmit datagram) {
                if (batch == null) {
                    final PacketBatch lying = spareBatch.getAndSet(null);
                    batch = lying == null ? new PacketBatch() : lying;
                } else if (batch.isFull()) {
                    transmit(entry, batch);
                }
                batch.add(datagram);
            } else {
                if (batch != null) {
                    transmit(entry, batch);
                }
                routeLocked(entry, out, now);
            }
        }
        if (batch != null) {
            transmit(entry, batch);
            spareBatch.set(batch);
        }
    }

    private void transmit(ConnectionEntry entry, PacketBatch batch) {
        for (int lost = batch.send(handle.port(), entry.connection); lost > 0; lost--) {
            handle.count(DropReason.SEND_FAILED);
        }
    }

    /** True if something was taken or refused, so that receipts wait. */
    private static boolean deliverLocked(PeerEntry peer) {
        boolean any = deliverLocked(peer, MessageClass.MESSAGES, peer.conversation);
        final Conversation bulk = peer.conversation.bulk();
        if (bulk != null) {
            any |= deliverLocked(peer, MessageClass.BULK, bulk);
        }
        return any;
    }

    private static boolean deliverLocked(PeerEntry peer, MessageClass of, Conversation part) {
        boolean any = false;
        for (Inbound inbound = part.peekDeliverable(); inbound != null; inbound = part.peekDeliverable()) {
            if (!peer.permissions().allows(Permission.MESSAGE)) {
                part.refuse(inbound, ReceiptFrame.NOT_PERMITTED);
            } else {
                final CutlassEvent event = receivedLocked(peer, inbound);
                if (event == null) {
                    part.refuse(inbound, ReceiptFrame.NO_SUCH_CHANNEL);
                } else if (peer.eventsLocked(of).offerMessage(event)) {
                    part.accept(inbound);
                } else {
                    return any;
                }
            }
            any = true;
        }
        return any;
    }

    /** Null if its channel is over. */
    private static @Nullable CutlassEvent receivedLocked(PeerEntry peer, Inbound inbound) {
        if (inbound.channel() == 0) {
            return new CutlassEvent.MessageReceived(peer.id(), peer.nick(), inbound.message());
        }
        final ChannelEntry channel = peer.channels == null ? null : peer.channels.findLocked(inbound.channel());
        return channel == null
                ? null
                : new CutlassEvent.ChannelMessageReceived(peer.id(), peer.nick(), channel, inbound.message());
    }

    private void routeLocked(ConnectionEntry entry, Output output, long now) {
        final PeerEntry peer = entry.peer;
        if (output instanceof Output.Confirmed) {
            entry.handshakeNanos = now - entry.dialledAt;
            handle.attend(entry);
            admission.confirmedLocked(entry, now);
        } else if (output instanceof Output.Admitted) {
            entry.admittedByPeer = true;
            admission.mutualLocked(entry);
        } else if (output instanceof Output.AddressSeen seen) {
            if (now >= entry.boundSince && !seen.address().equals(peer.observed)) {
                peer.observed = shared(seen.address());
                peer.events.offerNotice(new CutlassEvent.AddressObserved(peer.id(), seen.address()));
            }
        } else if (output instanceof Output.RemoteNick renamed) {
            final String before = peer.nick();
            peer.nick(renamed.nick());
            if (peer.reported && !before.equals(renamed.nick())) {
                peer.events.offerNotice(new CutlassEvent.NickChanged(peer.id(), before, renamed.nick()));
            }
        } else if (output instanceof Output.OpenRequested open) {
            peer.channelsLocked(handle.id()).onRequestedLocked(entry, open, services, now);
            peer.again = true;
        } else if (output instanceof Output.OpenAnswered answer) {
            if (peer.channels != null) {
                peer.channels.onAnsweredLocked(answer);
            }
            entry.connection.flush(now); // what waited for the channel
            peer.again = true;
        } else {
            routeToHousekeepingLocked(entry, output, now);
        }
    }

    /** Most peers see the same: one object for all of them. */
    private InetSocketAddress shared(InetSocketAddress address) {
        final InetSocketAddress last = lastObserved;
        if (last != null && last.equals(address)) {
            return last;
        }
        lastObserved = address;
        return address;
    }

    /** What concerns the table, sockets or dials. */
    private void routeToHousekeepingLocked(ConnectionEntry entry, Output output, long now) {
        if (output instanceof Output.IdIssued issued) {
            entry.issuedLocked(issued.id());
            handle.attend(entry);
        } else if (output instanceof Output.IdRetired retired) {
            entry.retiredLocked(retired.id());
            handle.attend(entry);
        } else if (output instanceof Output.PathUsed used) {
            entry.usesLocked(used.channel(), now);
            witness.pathUsedLocked(entry, used.channel());
            handle.attend(entry);
        } else if (output instanceof Output.ChannelFree free) {
            handle.channels().close(free.channel());
        } else if (output instanceof Output.RekeyWaits) {
            entry.rekeyWaits = true;
            handle.attend(entry);
        } else if (output instanceof Output.Suspect || output instanceof Output.RekeyNeeded) {
            entry.wantsAnother = true;
            handle.attend(entry);
        } else if (output instanceof Output.Ending ending) {
            witness.endingLocked(entry, ending, now);
            admission.endingLocked(entry, ending);
        } else if (output instanceof Output.Closed) {
            entry.closed = true;
            handle.attend(entry);
        }
    }

    /** Gives the lock back, then runs what belongs to the application; then sends the receipts that its answers did not take along. */
    void leave(PeerEntry peer, long now) {
        final List<Runnable> afterwards;
        final boolean flushes;
        final HandlerQueue bulk;
        try {
            afterwards = peer.takeAfterwardsLocked();
            flushes = peer.receiptsWait;
            peer.receiptsWait = false;
            bulk = peer.bulkEvents;
        } finally {
            peer.lock.unlock();
        }
        for (int i = 0; i < afterwards.size(); i++) { // without an iterator: every packet comes by here
            afterwards.get(i).run();
        }
        peer.events.dispatch();
        if (bulk != null) {
            bulk.dispatch();
        }
        if (flushes) {
            flush(peer, now);
        }
    }

    private void flush(PeerEntry peer, long now) {
        peer.lock.lock();
        try {
            if (peer.current != null) {
                peer.current.connection.flush(now);
            }
            settleLocked(peer, now);
        } finally {
            leave(peer, now);
        }
    }

    /** For inputs that are methods of a connection. */
    static Input input(ObjLongConsumer<Connection> method) {
        return (entry, now) -> method.accept(entry.connection, now);
    }
}
