package dev.cutlass.engine;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.DropReason;
import dev.cutlass.proto.handshake.CookieJar;
import dev.cutlass.proto.handshake.Dial;
import dev.cutlass.proto.handshake.Dropped;
import dev.cutlass.proto.handshake.HandshakeGate;
import dev.cutlass.proto.handshake.HandshakeHost;
import dev.cutlass.proto.handshake.HandshakeKeys;
import dev.cutlass.proto.handshake.HandshakeOutput;
import dev.cutlass.proto.handshake.InboundHandshakes;
import dev.cutlass.proto.handshake.InitiatorHandshake;
import dev.cutlass.proto.handshake.LocalParty;
import dev.cutlass.proto.handshake.Verdict;
import dev.cutlass.wire.Id128;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All handshakes in progress, those that others began and our own dials. Confined to housekeeping, but for {@link #check}, which is the listener's.
 */
final class HandshakePool implements HandshakeHost {
    /** Dials under way; each costs an asymmetric step at its start. */
    static final int MAX_DIALS = 1_024;

    private final Handle handle;
    private final SecureRandom random;
    private final CookieJar cookies;
    private final HandshakeGate gate;
    private final @Nullable HandshakeKeys stealthKeys;
    private final InboundHandshakes inbound;
    private final Map<Id128, DialEntry> dials = new HashMap<>();
    private final PreSharedKeys psks;
    private final TimerWheel.Timer timer;

    /** How many of each were counted already. */
    private final Map<Dropped, Long> counted = new EnumMap<>(Dropped.class);

    private LocalParty local;

    HandshakePool(Handle handle, EngineConfig config, LocalParty local) {
        this.handle = handle;
        this.random = config.seams().random();
        this.local = local;
        this.cookies = new CookieJar(random);
        this.stealthKeys =
                config.inbound() ? HandshakeKeys.stealth(local.device().publicKey()) : null;
        this.gate = new HandshakeGate(
                config.inbound() && !config.stealth(),
                stealthKeys,
                handle.storage().guard(),
                cookies,
                random);
        this.inbound = new InboundHandshakes(
                local, stealthKeys, this, cookies, handle.storage().guard(), random);
        this.psks = config.psks();
        this.timer = new TimerWheel.Timer() {
            @Override
            void onDue(long now) {
                inbound.handleTimeout(now);
                drainInbound(now);
            }
        };
    }

    /** The first look at a datagram of no connection. The listener's. */
    Verdict check(byte[] buffer, int offset, int length, InetSocketAddress from, long now) {
        return gate.check(buffer, offset, length, from, now, handle.wallMillis());
    }

    /** More passes the gate than we can look at. The listener's. */
    void press(long now) {
        cookies.press(now);
    }

    /** What later handshakes say about us. */
    void local(LocalParty changed) {
        local = changed;
        inbound.setLocal(changed);
    }

    /** Something passed the gate. */
    void onArrival(Arrival arrival, long now) {
        final long wallMillis = handle.wallMillis();
        if (arrival.verdict() instanceof Verdict.Candidate candidate) {
            if (candidate.forResponder()) {
                inbound.handle(candidate, arrival.from(), arrival.channel(), now, wallMillis);
                drainInbound(now);
                return;
            }
            final DialEntry dial = dials.get(candidate.part().handshakeId());
            if (dial == null) {
                handle.count(DropReason.HANDSHAKE);
            } else {
                dial.handshake().handle(candidate, arrival.from(), now, wallMillis);
                drain(dial, now);
            }
        } else if (arrival.verdict() instanceof Verdict.Opaque opaque) {
            onOpaque(opaque, arrival, now, wallMillis);
        }
    }

    private void onOpaque(Verdict.Opaque opaque, Arrival arrival, long now, long wallMillis) {
        if (opaque.forResponder()) {
            inbound.handle(opaque, arrival.from(), arrival.channel(), now, wallMillis);
            drainInbound(now);
            return;
        }
        for (DialEntry dial : List.copyOf(dials.values())) {
            if (dial.handshake().remote().equals(arrival.from())
                    && dial.handshake().handle(opaque, now, wallMillis)) {
                drain(dial, now);
                return;
            }
        }
        handle.count(DropReason.HANDSHAKE);
    }

    /** A verified first flight is on disk. */
    void persisted(Id128 handshakeId, long now) {
        inbound.persisted(handshakeId, now);
        drainInbound(now);
    }

    /** Begins a handshake; null if there are too many. */
    @Nullable
    DialEntry dial(DialAttempt attempt, Dial dial, long now) {
        if (dials.size() >= MAX_DIALS) {
            return null;
        }
        final InitiatorHandshake handshake =
                InitiatorHandshake.start(dial, local, this, random, now, handle.wallMillis());
        final DialEntry entry = new DialEntry(attempt, handshake, now, this);
        dials.put(handshake.id(), entry);
        gate.dialOpened(handshake);
        drain(entry, now);
        return entry;
    }

    /** The first packet of the responder verified. */
    void confirmed(DialEntry dial) {
        dial.handshake().confirmed();
        forget(dial);
    }

    /** Ends a dial without a word to anybody. */
    void cancel(DialEntry dial) {
        dial.handshake().cancel();
        forget(dial);
    }

    void timeout(DialEntry dial, long now) {
        dial.handshake().handleTimeout(now);
        drain(dial, now);
    }

    private void forget(DialEntry dial) {
        if (dials.remove(dial.handshake().id()) != null) {
            gate.dialClosed(dial.handshake());
            handle.cancel(dial.timer());
        }
    }

    private void drain(DialEntry dial, long now) {
        final InitiatorHandshake handshake = dial.handshake();
        for (HandshakeOutput output = handshake.poll(); output != null; output = handshake.poll()) {
            if (output instanceof HandshakeOutput.Transmit out) {
                transmit(out);
            } else if (output instanceof HandshakeOutput.Completed completed) {
                handle.connector().onCompleted(completed, dial, now);
            } else if (output instanceof HandshakeOutput.Failed failed) {
                forget(dial);
                handle.dialer().onFailed(dial, failed, now);
            }
        }
        if (dials.containsKey(handshake.id())) {
            handle.schedule(dial.timer(), handshake.nextDeadline());
        }
    }

    /** What the responder dropped since the last look, by our own reasons. */
    private void countDropped() {
        for (Dropped why : Dropped.values()) {
            final long total = inbound.dropped(why);
            handle.count(reason(why), total - counted.getOrDefault(why, 0L));
            counted.put(why, total);
        }
    }

    private static DropReason reason(Dropped why) {
        return switch (why) {
            case NO_ROOM, TOO_MANY_OPEN, AMPLIFICATION -> DropReason.BUDGET;
            case COOKIE_NEEDED -> DropReason.COOKIE;
            case REPLAYED -> DropReason.REPLAY;
            default -> DropReason.HANDSHAKE;
        };
    }

    private void drainInbound(long now) {
        countDropped();
        for (HandshakeOutput output = inbound.poll(); output != null; output = inbound.poll()) {
            if (output instanceof HandshakeOutput.Transmit out) {
                transmit(out);
            } else if (output instanceof HandshakeOutput.PersistFlight flight) {
                final Id128 id = flight.handshakeId();
                handle.storage().persist(id, flight.stamp(), () -> handle.request(time -> persisted(id, time)));
            } else if (output instanceof HandshakeOutput.Completed completed) {
                handle.connector().onCompleted(completed, null, now);
            } else if (output instanceof HandshakeOutput.Repeated repeated) {
                handle.connector().onRepeated(repeated.handshakeId(), now);
            }
        }
        handle.schedule(timer, inbound.nextDeadline());
    }

    private void transmit(HandshakeOutput.Transmit out) {
        if (!handle.port().send(out.datagram(), 0, out.datagram().length, out.to(), out.channel())) {
            handle.count(DropReason.SEND_FAILED);
        }
    }

    @Override
    public byte @Nullable [] psk(PeerId peer) {
        return psks.of(peer);
    }

    @Override
    public @Nullable PeerId pskPeer(byte[] staticKey) {
        return psks.peerOf(staticKey);
    }

    @Override
    public @Nullable Id128 lastCompleted(PeerId peer, Id128 bootId) {
        final PeerEntry entry = handle.table().peer(peer);
        return entry != null && bootId.equals(entry.lastCompletedBoot) ? entry.lastCompleted : null;
    }

    @Override
    public long newConnectionId() {
        long id = random.nextLong();
        while (handle.table().connection(id) != null) {
            id = random.nextLong();
        }
        return id;
    }

    /** The last that the listener does here: its keys are wiped. */
    void closeGate() {
        gate.close();
    }

    /** When both threads have ended: wipes what they shared. */
    void closeShared() {
        if (stealthKeys != null) {
            stealthKeys.close();
        }
    }

    /** Wipes everything that the listener does not use. */
    void close() {
        for (DialEntry dial : new ArrayList<>(dials.values())) {
            cancel(dial);
        }
        inbound.close();
        handle.cancel(timer);
        cookies.close();
        psks.close();
    }
}
