package dev.cutlass.bench;

import dev.cutlass.crypto.Device;
import dev.cutlass.crypto.Identity;
import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.proto.ConnectionStart;
import dev.cutlass.proto.RekeyKeys;
import dev.cutlass.proto.handshake.CookieJar;
import dev.cutlass.proto.handshake.Dial;
import dev.cutlass.proto.handshake.HandshakeGate;
import dev.cutlass.proto.handshake.HandshakeKeys;
import dev.cutlass.proto.handshake.HandshakeMode;
import dev.cutlass.proto.handshake.HandshakeOutput;
import dev.cutlass.proto.handshake.HandshakeResult;
import dev.cutlass.proto.handshake.InboundHandshakes;
import dev.cutlass.proto.handshake.InitiatorHandshake;
import dev.cutlass.proto.handshake.LocalParty;
import dev.cutlass.proto.handshake.StealthReplayGuard;
import dev.cutlass.proto.handshake.Verdict;
import dev.cutlass.wire.Id128;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Both sides of handshakes in memory, datagram by datagram, in virtual time. One thread. */
final class HandshakePair implements StrangersHost, AutoCloseable {
    private static final int INITIATOR_PORT = 1;
    private static final int RESPONDER_PORT = 2;

    /** Between two handshakes: what the responder remembers of finished ones stays some hundreds. */
    private static final long STEP_MILLIS = 100;

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final SecureRandom random = new SecureRandom();
    private final Identity initiator = Identity.generate(random);
    private final Identity responder = Identity.generate(random);
    private final InetSocketAddress initiatorAddress =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), INITIATOR_PORT);
    private final InetSocketAddress responderAddress =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), RESPONDER_PORT);
    private final LocalParty initiatorParty = party(initiator, "initiator");
    private final StealthReplayGuard initiatorGuard;
    private final HandshakeGate initiatorGate;
    private final HandshakeGate responderGate;
    private final InboundHandshakes inbound;
    private final CookieJar initiatorCookies = new CookieJar(random);
    private final CookieJar responderCookies = new CookieJar(random);
    private final long wallStart = System.currentTimeMillis();
    private long now;
    private boolean keeps;
    private @Nullable HandshakeResult initiatorResult;
    private @Nullable HandshakeResult responderResult;
    private boolean initiatorDone;
    private boolean responderDone;

    HandshakePair() {
        final StealthReplayGuard guard = guard(wallStart);
        initiatorGuard = guard(wallStart);
        final HandshakeKeys stealthKeys =
                HandshakeKeys.stealth(responder.device().publicKey());
        initiatorGate = new HandshakeGate(false, null, initiatorGuard, initiatorCookies, random);
        responderGate = new HandshakeGate(true, stealthKeys, guard, responderCookies, random);
        inbound = new InboundHandshakes(
                party(responder, "responder"), stealthKeys, this, responderCookies, guard, random);
    }

    private static StealthReplayGuard guard(long wallMillis) {
        return StealthReplayGuard.withoutPast(
                StealthReplayGuard.DEFAULT_WINDOW_MILLIS, StealthReplayGuard.DEFAULT_CAPACITY, wallMillis);
    }

    /** What an engine on this machine would say about itself. */
    private LocalParty party(Identity identity, String nick) {
        return new LocalParty(
                identity.id(),
                identity.device(),
                new Id128(random.nextLong(), random.nextLong()),
                nick,
                List.of(AeadAlgorithm.AES_256_GCM, AeadAlgorithm.CHACHA20_POLY1305));
    }

    /**
     * One handshake from the first flight to the keys of both sides.
     *
     * @throws AssertionError if it does not succeed
     */
    void handshake(HandshakeMode mode) {
        now += STEP_MILLIS * NANOS_PER_MILLI;
        inbound.handleTimeout(now);
        initiatorDone = false;
        responderDone = false;
        final InitiatorHandshake dial = InitiatorHandshake.start(
                Dial.to(mode, responderAddress, responder.id()), initiatorParty, this, random, now, wallMillis());
        initiatorGate.dialOpened(dial);
        boolean moved = true;
        while (moved) {
            final boolean initiatorMoved = drainInitiator(dial);
            moved = drainResponder(dial) || initiatorMoved;
        }
        dial.confirmed();
        initiatorGate.dialClosed(dial);
        if (!initiatorDone || !responderDone || !dial.isOver()) {
            throw new AssertionError(mode + " handshake failed: " + initiatorDone + ", " + responderDone);
        }
    }

    /** A handshake whose keys are used: what the initiator has of it, and what the responder has. */
    List<ConnectionStart> connect() {
        keeps = true;
        handshake(HandshakeMode.NORMAL);
        keeps = false;
        return List.of(start(initiator, initiatorResult), start(responder, responderResult));
    }

    private ConnectionStart start(Identity own, @Nullable HandshakeResult given) {
        final HandshakeResult result = Objects.requireNonNull(given);
        final Device device = own.device();
        return new ConnectionStart(
                result.initiator(),
                Arrays.compareUnsigned(
                                device.publicKey(), result.remoteStaticKey().toArray())
                        < 0,
                result.localConnectionId(),
                result.remoteConnectionId(),
                result.remoteBootId(),
                result.aead(),
                result.keys(),
                new RekeyKeys(device, result.remoteStaticKey(), random));
    }

    private HandshakeResult keep(HandshakeResult result) {
        if (!keeps) {
            result.close();
        }
        return result;
    }

    private boolean drainInitiator(InitiatorHandshake dial) {
        boolean moved = false;
        for (HandshakeOutput out = dial.poll(); out != null; out = dial.poll()) {
            moved = true;
            if (out instanceof HandshakeOutput.Transmit transmit) {
                toResponder(transmit.datagram());
            } else if (out instanceof HandshakeOutput.Completed completed) {
                initiatorResult = keep(completed.result());
                initiatorDone = true;
            }
        }
        return moved;
    }

    private boolean drainResponder(InitiatorHandshake dial) {
        boolean moved = false;
        for (HandshakeOutput out = inbound.poll(); out != null; out = inbound.poll()) {
            moved = true;
            if (out instanceof HandshakeOutput.Transmit transmit) {
                toInitiator(dial, transmit.datagram());
            } else if (out instanceof HandshakeOutput.PersistFlight flight) {
                inbound.persisted(flight.handshakeId(), now); // as if the disk took no time
            } else if (out instanceof HandshakeOutput.Completed completed) {
                responderResult = keep(completed.result());
                responderDone = true;
            }
        }
        return moved;
    }

    private void toResponder(byte[] datagram) {
        final Verdict verdict = responderGate.check(datagram, 0, datagram.length, initiatorAddress, now, wallMillis());
        if (verdict instanceof Verdict.Candidate candidate) {
            inbound.handle(candidate, initiatorAddress, 0, now, wallMillis());
        } else if (verdict instanceof Verdict.Opaque opaque) {
            inbound.handle(opaque, initiatorAddress, 0, now, wallMillis());
        }
    }

    private void toInitiator(InitiatorHandshake dial, byte[] datagram) {
        final Verdict verdict = initiatorGate.check(datagram, 0, datagram.length, responderAddress, now, wallMillis());
        if (verdict instanceof Verdict.Candidate candidate) {
            dial.handle(candidate, responderAddress, now, wallMillis());
        } else if (verdict instanceof Verdict.Opaque opaque) {
            dial.handle(opaque, now, wallMillis());
        }
    }

    private long wallMillis() {
        return wallStart + now / NANOS_PER_MILLI;
    }

    @Override
    public long newConnectionId() {
        return random.nextLong();
    }

    @Override
    public void close() {
        inbound.close();
        initiatorCookies.close();
        responderCookies.close();
        initiator.close();
        responder.close();
    }
}
