package dev.cutlass.bench;

import dev.cutlass.proto.Connection;
import dev.cutlass.proto.ConnectionConfig;
import dev.cutlass.proto.ConnectionStart;
import dev.cutlass.proto.Output;
import dev.cutlass.proto.RekeyKeys;
import dev.cutlass.proto.handshake.CookieJar;
import dev.cutlass.proto.handshake.Dial;
import dev.cutlass.proto.handshake.HandshakeGate;
import dev.cutlass.proto.handshake.HandshakeMode;
import dev.cutlass.proto.handshake.HandshakeOutput;
import dev.cutlass.proto.handshake.HandshakeResult;
import dev.cutlass.proto.handshake.InitiatorHandshake;
import dev.cutlass.proto.handshake.StealthReplayGuard;
import dev.cutlass.proto.handshake.Verdict;
import dev.cutlass.proto.message.Inbound;
import dev.cutlass.wire.Id128;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Many peers that dial one engine: the real state machines over a few sockets, all in one thread. It does only what idle peers do: keep
 * alive, acknowledge, accept messages and forget them.
 */
final class Swarm implements StrangersHost, AutoCloseable {
    /** Peers behind one socket, as behind one NAT. */
    private static final int PEERS_PER_SOCKET = 250;

    /** Dials at a time: far below what an engine allows to one network. */
    private static final int DIALS = 32;

    private static final long SWEEP_MILLIS = 20;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final int MAX_DATAGRAM = 65_535;

    private final SecureRandom random = new SecureRandom();
    private final InetSocketAddress target;
    private final ConnectionConfig config;
    private final Selector selector = Selector.open();
    private final List<DatagramChannel> sockets = new ArrayList<>();
    private final CookieJar cookies = new CookieJar(random);
    private final HandshakeGate gate = new HandshakeGate(
            false,
            null,
            StealthReplayGuard.withoutPast(StealthReplayGuard.DEFAULT_WINDOW_MILLIS, 1, System.currentTimeMillis()),
            cookies,
            random);
    private final List<LightPeer> peers = new ArrayList<>();
    private final Map<Long, LightPeer> byConnectionId = new HashMap<>();
    private final Map<Id128, LightPeer> byHandshake = new HashMap<>();
    private final ByteBuffer received = ByteBuffer.allocateDirect(MAX_DATAGRAM);
    private final byte[] datagram = new byte[MAX_DATAGRAM];
    private final long start = System.nanoTime();
    private long sweptAt;
    private final Deque<LightPeer> prepared = new ArrayDeque<>();
    private int made;
    private int connected;
    private int ended;

    Swarm(InetSocketAddress target, ConnectionConfig config) throws IOException {
        this.target = target;
        this.config = config;
    }

    /** Makes the keys of so many peers that dial later. */
    void prepare(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            prepared.add(newPeer());
        }
    }

    /** Dials with so many new peers, and returns when they and the engine have admitted each other. */
    void connect(int count, long timeoutNanos) throws IOException {
        connect(count, DIALS, timeoutNanos);
    }

    /** @param dials at a time */
    void connect(int count, int dials, long timeoutNanos) throws IOException {
        final long deadline = now() + timeoutNanos;
        final int goal = peers.size() + count;
        while (connected < goal) {
            while (peers.size() < goal && peers.size() - connected < dials) {
                dial();
            }
            turn();
            if (now() > deadline) {
                throw new IOException("only " + connected + " of " + goal + " peers are connected");
            }
        }
    }

    /** Peers whose connection is there. */
    int live() {
        return connected - ended;
    }

    /** Waits for datagrams or deadlines, and does what is to be done. */
    void turn() throws IOException {
        selector.select(SWEEP_MILLIS);
        for (SelectionKey key : selector.selectedKeys()) {
            final DatagramChannel channel = (DatagramChannel) key.channel();
            for (InetSocketAddress from = receive(channel); from != null; from = receive(channel)) {
                final int length = received.flip().remaining();
                received.get(datagram, 0, length);
                onDatagram(length, from);
            }
        }
        selector.selectedKeys().clear();
        final long now = now();
        if (now - sweptAt >= SWEEP_MILLIS * NANOS_PER_MILLI) {
            sweptAt = now;
            sweep(now);
        }
    }

    private @Nullable InetSocketAddress receive(DatagramChannel channel) throws IOException {
        return (InetSocketAddress) channel.receive(received.clear());
    }

    private LightPeer newPeer() throws IOException {
        if (made++ % PEERS_PER_SOCKET == 0) {
            final DatagramChannel channel = BareEcho.open();
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            sockets.add(channel);
        }
        return new LightPeer(random, sockets.size() - 1);
    }

    private void dial() throws IOException {
        final LightPeer peer = prepared.isEmpty() ? newPeer() : prepared.remove();
        peers.add(peer);
        final InitiatorHandshake dial = InitiatorHandshake.start(
                Dial.to(HandshakeMode.NORMAL, target, null),
                peer.party,
                this,
                random,
                now(),
                System.currentTimeMillis());
        peer.dial = dial;
        byHandshake.put(dial.id(), peer);
        gate.dialOpened(dial);
        drainDial(peer, dial);
    }

    private void onDatagram(int length, InetSocketAddress from) {
        if (length < Long.BYTES) {
            return;
        }
        final long now = now();
        final LightPeer peer =
                byConnectionId.get(ByteBuffer.wrap(datagram, 0, length).getLong());
        if (peer != null && peer.connection != null) {
            peer.connection.handle(datagram, 0, length, from, 0, now);
            drain(peer, peer.connection, now);
            return;
        }
        if (gate.check(datagram, 0, length, from, now, System.currentTimeMillis())
                instanceof Verdict.Candidate candidate) {
            final LightPeer dialling = byHandshake.get(candidate.part().handshakeId());
            if (dialling != null && dialling.dial != null) {
                dialling.dial.handle(candidate, from, now, System.currentTimeMillis());
                drainDial(dialling, dialling.dial);
            }
        }
    }

    private void sweep(long now) {
        for (LightPeer peer : List.copyOf(byHandshake.values())) {
            if (peer.dial != null && peer.dial.nextDeadline() <= now) {
                peer.dial.handleTimeout(now);
                drainDial(peer, peer.dial);
            }
        }
        for (LightPeer peer : peers) {
            if (peer.connection != null && peer.connection.nextDeadline() <= now) {
                peer.connection.handleTimeout(now);
                drain(peer, peer.connection, now);
            }
        }
    }

    private void drainDial(LightPeer peer, InitiatorHandshake dial) {
        for (HandshakeOutput out = dial.poll(); out != null; out = dial.poll()) {
            if (out instanceof HandshakeOutput.Transmit transmit) {
                send(peer, transmit.datagram(), transmit.datagram().length, transmit.to());
            } else if (out instanceof HandshakeOutput.Completed completed) {
                begin(peer, completed);
            } else if (out instanceof HandshakeOutput.Failed failed) {
                throw new IllegalStateException("a dial failed: " + failed.reason());
            }
        }
    }

    private void begin(LightPeer peer, HandshakeOutput.Completed completed) {
        final HandshakeResult result = completed.result();
        final byte[] own = peer.identity.device().publicKey();
        final ConnectionStart facts = new ConnectionStart(
                true,
                Arrays.compareUnsigned(own, result.remoteStaticKey().toArray()) < 0,
                result.localConnectionId(),
                result.remoteConnectionId(),
                result.remoteBootId(),
                result.aead(),
                result.keys(),
                new RekeyKeys(peer.identity.device(), result.remoteStaticKey(), random));
        final long now = now();
        final Connection connection =
                new Connection(config, facts, peer.conversation, completed.remote(), 0, random, now);
        peer.connection = connection;
        byConnectionId.put(result.localConnectionId(), peer);
        drain(peer, connection, now);
    }

    private void drain(LightPeer peer, Connection connection, long now) {
        boolean took = false;
        for (Inbound in = peer.conversation.peekDeliverable(); in != null; in = peer.conversation.peekDeliverable()) {
            peer.conversation.accept(in);
            took = true;
        }
        if (took) {
            connection.flush(now);
        }
        for (Output out = connection.poll(); out != null; out = connection.poll()) {
            if (out instanceof Output.Transmit transmit) {
                send(peer, transmit.datagram(), transmit.length(), transmit.to());
            } else if (out instanceof Output.Confirmed) {
                onConfirmed(peer);
                connection.admit(now);
            } else if (out instanceof Output.Admitted) {
                connected += peer.connected ? 0 : 1;
                peer.connected = true;
            } else if (out instanceof Output.IdIssued issued) {
                byConnectionId.put(issued.id(), peer);
            } else if (out instanceof Output.IdRetired retired) {
                byConnectionId.remove(retired.id());
            } else if (out instanceof Output.Closed) {
                ended += peer.connected && !peer.ended ? 1 : 0;
                peer.ended = true;
            }
        }
    }

    private void onConfirmed(LightPeer peer) {
        final InitiatorHandshake dial = peer.dial;
        if (dial != null) {
            dial.confirmed();
            gate.dialClosed(dial);
            byHandshake.remove(dial.id());
            peer.dial = null;
        }
    }

    private void send(LightPeer peer, byte[] bytes, int length, InetSocketAddress to) {
        try {
            sockets.get(peer.socket).send(ByteBuffer.wrap(bytes, 0, length), to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long now() {
        return System.nanoTime() - start;
    }

    @Override
    public long newConnectionId() {
        return random.nextLong();
    }

    @Override
    public void close() throws IOException {
        for (DatagramChannel channel : sockets) {
            channel.close();
        }
        selector.close();
        cookies.close();
        for (LightPeer peer : peers) {
            if (peer.connection != null) {
                peer.connection.dispose();
            }
            peer.identity.close();
        }
    }
}
