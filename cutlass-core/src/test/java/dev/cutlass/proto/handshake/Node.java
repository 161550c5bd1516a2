package dev.cutlass.proto.handshake;

import dev.cutlass.crypto.Identity;
import dev.cutlass.crypto.PeerId;
import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.wire.Id128;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an engine does around handshakes and nothing else: one port, both roles, a PING packet that confirms. Datagrams go out through
 * {@link Wire}.
 */
final class Node implements HandshakeHost {
    static final long WALL_START = 1_700_000_000_000L;
    static final int PING_LENGTH = 40;

    final Wire wire;
    final InetSocketAddress address;
    final Identity identity;
    final SeededSecureRandom random;
    final CookieJar cookies;
    final StealthReplayGuard guard;
    final HandshakeGate gate;
    final InboundHandshakes inbound;
    final LocalParty local;
    final Map<Id128, InitiatorHandshake> dials = new LinkedHashMap<>();
    final Map<PeerId, byte[]> psks = new HashMap<>();
    final Map<String, PeerId> pskPeers = new HashMap<>();
    final List<HandshakeResult> initiated = new ArrayList<>();
    final List<HandshakeResult> answered = new ArrayList<>();
    final List<Id128> confirmed = new ArrayList<>();
    final List<HandshakeOutput.Failed> failed = new ArrayList<>();
    final List<Verdict> verdicts = new ArrayList<>();
    final Map<Id128, HandshakeResult> byId = new HashMap<>();
    long wallSkewMillis;
    long diskNanos;
    boolean diskIsStuck;
    Id128 seen;

    /** Takes datagrams and alarms. */
    interface Wire {
        void send(Node from, InetSocketAddress to, byte[] datagram);

        void later(long delayNanos, Runnable what);

        long now();
    }

    Node(Wire wire, InetSocketAddress address, Identity identity, boolean normal, boolean stealth, long seed) {
        this(wire, address, identity, normal, stealth, seed, newGuard());
    }

    Node(
            Wire wire,
            InetSocketAddress address,
            Identity identity,
            boolean normal,
            boolean stealth,
            long seed,
            StealthReplayGuard guard) {
        this.wire = wire;
        this.identity = identity;
        this.address = address;
        this.guard = guard;
        random = new SeededSecureRandom(seed);
        cookies = new CookieJar(random);
        HandshakeKeys own = stealth ? HandshakeKeys.stealth(identity.device().publicKey()) : null;
        gate = new HandshakeGate(normal, own, guard, cookies, random);
        local = new LocalParty(
                identity.id(),
                identity.device(),
                new Id128(random.nextLong(), random.nextLong()),
                "node at " + address.getAddress().getHostAddress(),
                List.of(AeadAlgorithm.AES_256_GCM, AeadAlgorithm.CHACHA20_POLY1305));
        inbound = new InboundHandshakes(local, own, this, cookies, guard, random);
    }

    static StealthReplayGuard newGuard() {
        return StealthReplayGuard.withoutPast(
                StealthReplayGuard.DEFAULT_WINDOW_MILLIS, StealthReplayGuard.DEFAULT_CAPACITY, WALL_START - 1);
    }

    static InetSocketAddress address(String host, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port); // literals only
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    InitiatorHandshake dial(Dial to) {
        InitiatorHandshake dial = InitiatorHandshake.start(to, local, this, random, wire.now(), wallMillis());
        dials.put(dial.id(), dial);
        gate.dialOpened(dial);
        pump();
        return dial;
    }

    InitiatorHandshake dial(Node other, HandshakeMode mode) {
        return dial(Dial.to(mode, other.address, other.identity.id()));
    }

    void receive(byte[] datagram, InetSocketAddress from) {
        long now = wire.now();
        if (datagram.length == PING_LENGTH) {
            onPing(ByteBuffer.wrap(datagram).getLong());
            return;
        }
        Verdict verdict = gate.check(datagram, 0, datagram.length, from, now, wallMillis());
        verdicts.add(verdict);
        if (verdict instanceof Verdict.Demand demand) {
            wire.send(this, from, demand.answer());
        } else if (verdict instanceof Verdict.Candidate candidate) {
            if (candidate.forResponder()) {
                inbound.handle(candidate, from, 0, now, wallMillis());
            } else {
                InitiatorHandshake dial = dials.get(candidate.part().handshakeId());
                if (dial != null) {
                    dial.handle(candidate, from, now, wallMillis());
                }
            }
        } else if (verdict instanceof Verdict.Opaque opaque) {
            if (opaque.forResponder()) {
                inbound.handle(opaque, from, 0, now, wallMillis());
            } else {
                for (InitiatorHandshake dial : dials.values()) {
                    if (dial.remote().equals(from) && dial.handle(opaque, now, wallMillis())) {
                        break;
                    }
                }
            }
        }
        pump();
    }

    void timeout() {
        long now = wire.now();
        inbound.handleTimeout(now);
        dials.values().forEach(dial -> dial.handleTimeout(now));
        pump();
    }

    long nextDeadline() {
        long next = inbound.nextDeadline();
        for (InitiatorHandshake dial : dials.values()) {
            next = Math.min(next, dial.nextDeadline());
        }
        return next;
    }

    long wallMillis() {
        return WALL_START + wallSkewMillis + wire.now() / 1_000_000;
    }

    void setPsk(Node other, byte[] psk) {
        psks.put(other.identity.id(), psk);
        addPskDevice(other);
    }

    void addPskDevice(Node other) {
        pskPeers.put(HexFormat.of().formatHex(other.identity.device().publicKey()), other.identity.id());
    }

    private void onPing(long connectionId) {
        for (HandshakeResult result : initiated) {
            InitiatorHandshake dial = dials.get(result.id());
            if (result.localConnectionId() == connectionId && dial != null && !dial.isOver()) {
                dial.confirmed();
                confirmed.add(result.id());
            }
        }
        pump();
    }

    private void pump() {
        for (HandshakeOutput out; (out = inbound.poll()) != null; ) {
            route(out);
        }
        for (InitiatorHandshake dial : List.copyOf(dials.values())) {
            for (HandshakeOutput out; (out = dial.poll()) != null; ) {
                route(out);
            }
            if (dial.isOver()) {
                gate.dialClosed(dial);
                dials.remove(dial.id());
            }
        }
    }

    private void route(HandshakeOutput out) {
        if (out instanceof HandshakeOutput.Transmit transmit) {
            wire.send(this, transmit.to(), transmit.datagram());
        } else if (out instanceof HandshakeOutput.PersistFlight persist) {
            if (!diskIsStuck) {
                wire.later(diskNanos, () -> {
                    inbound.persisted(persist.handshakeId(), wire.now());
                    pump();
                });
            }
        } else if (out instanceof HandshakeOutput.Completed completed) {
            HandshakeResult result = completed.result();
            byId.put(result.id(), result);
            if (result.initiator()) {
                initiated.add(result);
            } else {
                answered.add(result);
                confirmed.add(result.id());
                ping(result, completed.remote());
            }
        } else if (out instanceof HandshakeOutput.Repeated repeated) {
            ping(byId.get(repeated.handshakeId()), repeated.remote());
        } else if (out instanceof HandshakeOutput.Failed failure) {
            failed.add(failure);
        }
    }

    private void ping(HandshakeResult result, InetSocketAddress to) {
        byte[] packet = ByteBuffer.allocate(PING_LENGTH)
                .putLong(result.remoteConnectionId())
                .array();
        wire.send(this, to, packet);
    }

    @Override
    public byte[] psk(PeerId peer) {
        byte[] found = psks.get(peer);
        return found == null ? null : found.clone();
    }

    @Override
    public PeerId pskPeer(byte[] staticKey) {
        return pskPeers.get(HexFormat.of().formatHex(staticKey));
    }

    @Override
    public Id128 lastCompleted(PeerId peer, Id128 bootId) {
        return seen;
    }

    @Override
    public long newConnectionId() {
        return random.nextLong();
    }
}
