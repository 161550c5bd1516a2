package dev.cutlass.engine;

import dev.cutlass.event.CloseReason;
import dev.cutlass.event.DropReason;
import dev.cutlass.proto.Connection;
import dev.cutlass.proto.ConnectionConfig;
import dev.cutlass.proto.ConnectionStart;
import dev.cutlass.proto.RekeyKeys;
import dev.cutlass.proto.handshake.HandshakeMode;
import dev.cutlass.proto.handshake.HandshakeOutput;
import dev.cutlass.proto.handshake.HandshakeResult;
import dev.cutlass.spi.DatagramPort;
import dev.cutlass.wire.Id128;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes connections of finished handshakes, puts them into the table, and takes them apart when they are over. Housekeeping only.
 */
final class Connector {
    private static final Logger LOG = LoggerFactory.getLogger(Connector.class);

    private final Handle handle;
    private final ConnectionConfig config;

    /** Those that others dialled, by handshake id, until both sides admitted each other: who repeats his last flight has not heard us. */
    private final Map<Id128, ConnectionEntry> inbound = new HashMap<>();

    /** Of connections that are gone. */
    private final LongAdder droppedPackets = new LongAdder();

    Connector(Handle handle, ConnectionConfig config) {
        this.handle = handle;
        this.config = config;
    }

    /** Both keys are proved. {@code dial} is null if the peer began. */
    void onCompleted(HandshakeOutput.Completed completed, @Nullable DialEntry dial, long now) {
        final HandshakeResult result = completed.result();
        final PeerEntry peer =
                result.peer().equals(handle.id()) ? null : handle.peers().entryFor(result.peer());
        if (peer == null) {
            result.close();
            handle.count(DropReason.BUDGET);
            if (dial != null) {
                handle.dialer().onRefused(dial, result.peer().equals(handle.id()), now);
            }
            return;
        }
        if (dial != null) {
            handle.dialer().onCompleted(dial, peer, now);
        }
        final ConnectionEntry entry = create(peer, completed, dial, now);
        handle.table().add(entry, result.localConnectionId(), completed.remote());
        if (dial == null) {
            inbound.put(result.id(), entry);
            peer.lastCompleted = result.id();
            peer.lastCompletedBoot = result.remoteBootId();
            handle.driver()
                    .step(entry, (fresh, time) -> handle.driver().admission().confirmedLocked(fresh, time), now);
            handle.dialer().onInbound(peer, now);
        } else {
            dial.connection(entry);
            handle.driver().step(entry, (fresh, time) -> {}, now);
        }
        LOG.debug("handshake with {} completed, {} dialled", peer.id(), dial == null ? "peer" : "we");
    }

    private ConnectionEntry create(
            PeerEntry peer, HandshakeOutput.Completed completed, @Nullable DialEntry dial, long now) {
        final HandshakeResult result = completed.result();
        final ConnectionStart start = new ConnectionStart(
                result.initiator(),
                handle.id().compareTo(peer.id()) < 0,
                result.localConnectionId(),
                result.remoteConnectionId(),
                result.remoteBootId(),
                result.aead(),
                result.keys(),
                new RekeyKeys(handle.local().device(), result.remoteStaticKey(), handle.random()));
        peer.lock.lock();
        try {
            if (peer.connections.size() >= PeerEntry.MAX_CONNECTIONS) {
                peer.connections.get(0).connection.dispose();
            }
            final Connection connection = new Connection(
                    config, start, peer.conversation, completed.remote(), completed.channel(), handle.random(), now);
            final ConnectionEntry entry =
                    new ConnectionEntry(peer, result, connection, completed.remote(), dial, handle.driver(), now);
            entry.usesLocked(completed.channel(), now);
            peer.connections.add(entry);
            return entry;
        } finally {
            peer.lock.unlock();
        }
    }

    /** The initiator of this handshake has not heard us. */
    void onRepeated(Id128 handshakeId, long now) {
        final ConnectionEntry entry = inbound.get(handshakeId);
        if (entry != null) {
            handle.driver().step(entry, Driver.input(Connection::repeatConfirmation), now);
        }
    }

    /** The connection asked for something that only housekeeping may do. */
    void onAttention(ConnectionEntry entry, long now) {
        final PeerEntry peer = entry.peer;
        final @Nullable FewLongs issued;
        final @Nullable FewLongs retired;
        final boolean confirmed;
        final boolean established;
        final boolean wantsAnother;
        final boolean rekeyWaits;
        final boolean closed;
        final CloseReason lost;
        final InetSocketAddress address;
        peer.lock.lock();
        try {
            issued = entry.takeIssuedLocked();
            retired = entry.takeRetiredLocked();
            confirmed = entry.confirmed;
            established = entry.established && !entry.ending;
            wantsAnother = entry.wantsAnother && !entry.ending;
            rekeyWaits = entry.rekeyWaits;
            closed = entry.closed;
            lost = entry.lost;
            address = closed ? entry.address : entry.connection.info(now).address();
            entry.established = false;
            entry.wantsAnother = false;
            entry.rekeyWaits = false;
            entry.lost = null;
        } finally {
            peer.lock.unlock();
        }
        if (issued != null) {
            issued.forEach(id -> handle.table().addId(id, entry));
        }
        if (retired != null) {
            retired.forEach(handle.table()::removeId);
        }
        if (!address.equals(entry.address)) {
            handle.table().move(entry, entry.address, address);
            entry.address = address;
        }
        final DialEntry dial = entry.dial;
        if (confirmed && dial != null) {
            entry.dial = null;
            handle.handshakes().confirmed(dial);
            handle.dialer().onConfirmed(dial, now);
        }
        if (established) {
            peer.parted = false;
            inbound.remove(entry.handshakeId, entry); // who admitted us has heard us
            peer.lastWasStealth = entry.mode == HandshakeMode.STEALTH;
            handle.dialer().onEstablished(peer, now);
            backConnect(entry, now);
        }
        if (rekeyWaits) {
            handle.driver().step(entry, Driver.input(Connection::rekey), now);
        }
        if (wantsAnother) {
            handle.redialer().dialBeside(entry, now);
        }
        if (lost != null) {
            handle.redialer().onLost(peer, lost, now);
        }
        if (closed) {
            remove(entry);
        }
    }

    /**
     * A socket of its own hears of ICMP errors, so that the reboot of a peer is noticed early. Only for who dialled us from a place to which such a socket may come through; if it does
     * not, the connection stays where it is.
     */
    private void backConnect(ConnectionEntry entry, long now) {
        if (entry.backConnected || entry.initiator || entry.mode == HandshakeMode.STEALTH || !handle.backConnects()) {
            return;
        }
        entry.backConnected = true;
        final InetSocketAddress address = entry.address;
        final int channel = handle.channels().open(entry, address);
        if (channel != DatagramPort.NONE) {
            entry.ownChannel = channel;
            handle.driver().step(entry, (probing, time) -> probing.connection.probe(address, channel, time), now);
        }
    }

    /** Any thread. */
    long droppedPackets() {
        return droppedPackets.sum();
    }

    private void remove(ConnectionEntry entry) {
        final PeerEntry peer = entry.peer;
        final FewLongs ids = new FewLongs();
        inbound.remove(entry.handshakeId, entry);
        peer.lock.lock();
        try {
            entry.connection.forEachId(ids::add);
            peer.connections.remove(entry);
            droppedPackets.add(entry.droppedPackets());
            peer.updateStateLocked();
        } finally {
            peer.lock.unlock();
        }
        handle.table().remove(ids, entry.address, entry);
        handle.cancel(entry.timer);
        if (entry.ownChannel != DatagramPort.NONE) {
            handle.channels().close(entry.ownChannel);
        }
    }
}
