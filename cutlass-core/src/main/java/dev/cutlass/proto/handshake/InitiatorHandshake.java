package dev.cutlass.proto.handshake;

import dev.cutlass.crypto.DeviceRecord;
import dev.cutlass.crypto.PeerId;
import dev.cutlass.crypto.packet.KeySchedule;
import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.HandshakePart;
import dev.cutlass.wire.HandshakePayload;
import dev.cutlass.wire.Id128;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A dial as a state machine: docs/protocol.md section 3.6.
 *
 * <pre>{@code
 *   AWAIT_SECOND --flight 2 good: Completed, flight 3 out--> AWAIT_CONFIRMATION --confirmed()--> OVER
 *        |                                                        |
 *        +--other key, void payload, time: Failed--> OVER         +--time: Failed(UNCONFIRMED)--> OVER
 * }</pre>
 *
 * What does not verify leaves no trace. One thread at a time. All secrets are wiped when it is over.
 */
public final class InitiatorHandshake {
    /** A responder that asks more often than this is not one that we can satisfy. */
    static final int MAX_COOKIE_DEMANDS = 4;

    private static final long MIN_REPEAT_NANOS = Duration.ofMillis(100).toNanos();

    private final Dial dial;
    private final LocalParty local;
    private final HandshakeHost host;
    private final SecureRandom random;
    private final HandshakeKeys keys;
    private final Id128 id;
    private final long giveUpAt;
    private final Deque<HandshakeOutput> outputs = new ArrayDeque<>();
    private final FlightParts parts = new FlightParts();

    private State state = State.AWAIT_SECOND;
    private @Nullable NoiseRun noise;
    private MaskKeys masks;
    private OutgoingFlight flight;
    private Bytes cookie = Bytes.EMPTY;
    private int cookieDemands;
    private BackOff backOff = new BackOff(false);
    private long sentAt;
    private long repeatAt;

    private enum State {
        AWAIT_SECOND,
        AWAIT_CONFIRMATION,
        OVER
    }

    private InitiatorHandshake(
            Dial dial,
            LocalParty local,
            HandshakeHost host,
            SecureRandom random,
            HandshakeKeys keys,
            NoiseRun noise,
            OutgoingFlight first,
            long now) {
        this.dial = dial;
        this.local = local;
        this.host = host;
        this.random = random;
        this.keys = keys;
        this.noise = noise;
        flight = first;
        id = first.handshakeId();
        giveUpAt = now + dial.timeout().toNanos();
        masks = dial.mode() == HandshakeMode.NORMAL ? keys.masks() : noise.masks();
        send(keys.masks(), now);
    }

    /**
     * Starts a dial: flight 1 waits in {@link #poll}.
     *
     * @param random for keys, nonces and cuts
     * @param now ticker nanoseconds
     * @param wallMillis milliseconds since 1970
     */
    public static InitiatorHandshake start(
            Dial dial, LocalParty local, HandshakeHost host, SecureRandom random, long now, long wallMillis) {
        boolean stealth = dial.mode() == HandshakeMode.STEALTH;
        byte[] responderKey = stealth ? dial.stealthKey() : null;
        HandshakeKeys keys = responderKey == null ? HandshakeKeys.normal() : HandshakeKeys.stealth(responderKey);
        NoiseRun noise = NoiseRun.initiator(dial.mode(), local.device(), responderKey, host, random);
        byte[] message = noise.write(Payloads.first(local, dial.mode()));
        OutgoingFlight first = OutgoingFlight.first(message, stealth ? wallMillis : 0, random);
        return new InitiatorHandshake(dial, local, host, random, keys, noise, first, now);
    }

    /** The handshake id: datagrams for this dial name it. */
    public Id128 id() {
        return id;
    }

    /** Where the dial goes. */
    public InetSocketAddress remote() {
        return dial.remote();
    }

    /** What the dial is after. */
    public Dial dial() {
        return dial;
    }

    HandshakeKeys keys() {
        return keys;
    }

    /** Whether nothing more will happen; {@link #poll} may still have outputs. */
    public boolean isOver() {
        return state == State.OVER;
    }

    /** Whether flight 3 has left, which carries our static key. */
    public boolean isCommitted() {
        return state == State.AWAIT_CONFIRMATION;
    }

    /** Takes a part that names this dial. Any other is ignored. */
    public void handle(Verdict.Candidate candidate, InetSocketAddress from, long now, long wallMillis) {
        HandshakePart part = candidate.part();
        if (state == State.OVER
                || candidate.mode() != dial.mode()
                || !part.handshakeId().equals(id)) {
            return;
        }
        if (part.type() == HandshakePart.FLIGHT_2) {
            onSecondFlight(part, now, wallMillis);
        } else if (part.type() == HandshakePart.COOKIE_DEMAND && from.equals(dial.remote())) {
            onCookieDemand(part, now);
        }
    }

    /**
     * Takes a stealth datagram that came from {@link #remote}.
     *
     * @return whether it was for this dial
     */
    public boolean handle(Verdict.Opaque opaque, long now, long wallMillis) {
        if (state == State.OVER || dial.mode() != HandshakeMode.STEALTH || opaque.forResponder()) {
            return false;
        }
        byte[] datagram = opaque.datagram();
        if (!(HandshakeCodec.open(datagram, 0, datagram.length, masks.toInitiator()) instanceof HandshakePart part)
                || part.type() != HandshakePart.FLIGHT_2
                || !part.handshakeId().equals(id)) {
            return false;
        }
        if (HandshakeGate.isPlausible(part)) {
            onSecondFlight(part, now, wallMillis);
        }
        return true;
    }

    /** The first packet of the responder verified. */
    public void confirmed() {
        if (state == State.AWAIT_CONFIRMATION) {
            end();
        }
    }

    /** Stops the dial, whose {@link HandshakeOutput.Failed} then says CANCELLED. Does nothing if it is over. */
    public void cancel() {
        fail(HandshakeFailure.CANCELLED, null);
    }

    /** Repeats a flight or gives up if it is time; early calls do nothing. */
    public void handleTimeout(long now) {
        if (state == State.OVER) {
            return;
        }
        if (now >= giveUpAt) {
            fail(state == State.AWAIT_SECOND ? HandshakeFailure.TIMED_OUT : HandshakeFailure.UNCONFIRMED, null);
        } else if (now >= repeatAt) {
            send(state == State.AWAIT_SECOND ? keys.masks() : masks, now);
        }
    }

    /** When {@link #handleTimeout} wants to be called; {@link Long#MAX_VALUE} when it is over. */
    public long nextDeadline() {
        return state == State.OVER ? Long.MAX_VALUE : Math.min(giveUpAt, repeatAt);
    }

    /** The next thing that the dial wants, or null. */
    public @Nullable HandshakeOutput poll() {
        return outputs.poll();
    }

    private void onCookieDemand(HandshakePart part, long now) {
        if (state != State.AWAIT_SECOND
                || cookieDemands >= MAX_COOKIE_DEMANDS
                || part.cookie().equals(cookie)) {
            return;
        }
        if (cookieDemands == 0) {
            backOff = new BackOff(true);
        }
        cookieDemands++;
        cookie = Bytes.of(part.cookie().toArray());
        send(keys.masks(), now);
    }

    private void onSecondFlight(HandshakePart part, long now, long wallMillis) {
        if (state == State.AWAIT_CONFIRMATION) {
            repeatThird(now); // it comes again because flight 3 did not arrive
            return;
        }
        byte[] complete = parts.add(part);
        if (complete != null) {
            readSecond(complete, now, wallMillis);
        }
    }

    private void repeatThird(long now) {
        if (now - sentAt >= MIN_REPEAT_NANOS) {
            send(masks, now);
        }
    }

    private void readSecond(byte[] complete, long now, long wallMillis) {
        NoiseRun run = noise;
        if (run == null) {
            return;
        }
        byte[] plain = run.read(Flight.SECOND, complete);
        if (plain == null) {
            return; // forged: the genuine one may still come
        }
        if (!(HandshakePayload.decode(HandshakePart.FLIGHT_2, plain) instanceof HandshakePayload payload)) {
            refuse(HandshakeFailure.INVALID_PAYLOAD, null, now);
            return;
        }
        AeadAlgorithm aead = Payloads.chosenAead(payload, local);
        byte[] staticKey = run.remoteStaticKey();
        PeerClaim claim = PeerClaim.check(payload, staticKey, wallMillis);
        if (claim == null) {
            refuse(HandshakeFailure.INVALID_PEER, null, now);
        } else if (dial.expected() != null && !dial.expected().equals(claim.peer())) {
            refuse(HandshakeFailure.UNEXPECTED_KEY, claim.peer(), now);
        } else if (!Payloads.speaksOurVersion(payload)) {
            refuse(HandshakeFailure.NO_COMMON_VERSION, null, now);
        } else if (aead == null) {
            refuse(HandshakeFailure.NO_COMMON_AEAD, null, now);
        } else {
            complete(run, payload, claim, staticKey, aead, now);
        }
    }

    private void complete(
            NoiseRun run, HandshakePayload payload, PeerClaim claim, byte[] staticKey, AeadAlgorithm aead, long now) {
        long connectionId = host.newConnectionId();
        Id128 seen = host.lastCompleted(claim.peer(), payload.bootId());
        run.usePskOf(claim.peer());
        byte[] message = run.write(Payloads.third(local, dial.mode(), connectionId, dial.token(), seen));
        KeySchedule schedule = run.finish();
        run.close();
        noise = null;
        flight = OutgoingFlight.later(Flight.THIRD, message, id, random);
        cookie = Bytes.EMPTY;
        parts.clear();
        backOff = new BackOff(cookieDemands > 0);
        state = State.AWAIT_CONFIRMATION;
        DeviceRecord record = claim.record();
        HandshakeResult result = new HandshakeResult(
                true,
                dial.mode(),
                id,
                claim.peer(),
                Bytes.of(staticKey),
                record,
                payload.bootId(),
                payload.nick(),
                connectionId,
                payload.connectionId(),
                aead,
                dial.token(),
                seen,
                payload.capabilities(),
                schedule);
        // First the connection, then the flight: the responder's answer must find it.
        outputs.add(new HandshakeOutput.Completed(result, dial.remote(), dial.channel(), true));
        send(masks, now);
    }

    /** Ends the dial so that nobody on the way sees the difference: a flight 3 leaves that says nothing. */
    private void refuse(HandshakeFailure reason, @Nullable PeerId found, long now) {
        flight = OutgoingFlight.decoy(id, random);
        cookie = Bytes.EMPTY;
        send(masks, now);
        fail(reason, found);
    }

    private void send(MaskKeys under, long now) {
        for (byte[] datagram : flight.datagrams(keys, under.toResponder(), cookie, random)) {
            outputs.add(new HandshakeOutput.Transmit(datagram, dial.remote(), dial.channel()));
        }
        sentAt = now;
        repeatAt = now + backOff.next(random);
    }

    private void fail(HandshakeFailure reason, @Nullable PeerId found) {
        if (state != State.OVER) {
            outputs.add(new HandshakeOutput.Failed(reason, found));
            end();
        }
    }

    private void end() {
        state = State.OVER;
        parts.clear();
        if (noise != null) {
            noise.close();
            noise = null;
        }
        if (dial.mode() == HandshakeMode.STEALTH) {
            masks.close(); // those of normal mode are everybody's
            keys.close();
        }
    }
}
