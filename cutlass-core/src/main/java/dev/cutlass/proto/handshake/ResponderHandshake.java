package dev.cutlass.proto.handshake;

import dev.cutlass.crypto.packet.KeySchedule;
import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.crypto.primitive.Secrets;
import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.HandshakePart;
import dev.cutlass.wire.HandshakePayload;
import dev.cutlass.wire.Id128;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One handshake that somebody else began, from its verified first flight on. docs/protocol.md section 3.5.
 *
 * <pre>{@code
 *   stealth: AWAIT_DISK --persisted()--> AWAIT_THIRD --flight 3 good: Completed--> COMPLETED
 *   normal: ---------------------------------^
 * }</pre>
 *
 * {@link InboundHandshakes} owns it and ends it by {@link #close}, which wipes it.
 */
final class ResponderHandshake implements AutoCloseable {
    private static final long MIN_REPEAT_NANOS = Duration.ofMillis(100).toNanos();

    /** Normal mode: addresses that one handshake answers. More than one means that a NAT changed its mind in between. */
    private static final int MAX_ADDRESSES = 4;

    private final HandshakeMode mode;
    private final HandshakeKeys keys;
    private final Id128 id;
    private final long stamp;
    private final InetSocketAddress remote;
    private final int channel;
    private final NoiseRun noise;
    private final MaskKeys masks;
    private final AeadAlgorithm aead;
    private final long localConnectionId;
    private final OutgoingFlight second;
    private final SecureRandom random;
    private final Consumer<HandshakeOutput> outputs;
    private final Map<InetSocketAddress, AmplificationBudget> budgets = new HashMap<>();
    private final FlightParts parts = new FlightParts();

    private State state;
    private long answeredAt;
    private long deadline;

    private enum State {
        AWAIT_DISK,
        AWAIT_THIRD,
        COMPLETED
    }

    /** Where a handshake comes from. */
    record Origin(HandshakeKeys keys, InetSocketAddress remote, int channel, AmplificationBudget budget) {}

    private ResponderHandshake(
            Origin origin,
            Id128 id,
            long stamp,
            NoiseRun noise,
            MaskKeys masks,
            AeadAlgorithm aead,
            long localConnectionId,
            OutgoingFlight second,
            SecureRandom random,
            Consumer<HandshakeOutput> outputs,
            long deadline) {
        mode = origin.keys().mode();
        keys = origin.keys();
        remote = origin.remote();
        channel = origin.channel();
        budgets.put(remote, origin.budget());
        this.id = id;
        this.stamp = stamp;
        this.noise = noise;
        this.masks = masks;
        this.aead = aead;
        this.localConnectionId = localConnectionId;
        this.second = second;
        this.random = random;
        this.outputs = outputs;
        this.deadline = deadline;
        state = mode == HandshakeMode.STEALTH ? State.AWAIT_DISK : State.AWAIT_THIRD;
    }

    /**
     * Reads a complete first flight: the first asymmetric step that a stranger can cause.
     *
     * @param dropped hears why there is no handshake
     * @return null if the flight is not one that can be answered; then nothing is left of it
     */
    static @Nullable ResponderHandshake accept(
            Origin origin,
            byte[] flight,
            HandshakePart part,
            LocalParty local,
            HandshakeHost host,
            SecureRandom random,
            Consumer<HandshakeOutput> outputs,
            Consumer<Dropped> dropped,
            long deadline) {
        HandshakeMode mode = origin.keys().mode();
        NoiseRun noise = NoiseRun.responder(mode, local.device(), host, random);
        byte[] plain = noise.read(Flight.FIRST, flight);
        AeadAlgorithm aead = null;
        if (plain == null) {
            dropped.accept(Dropped.NOT_AUTHENTIC);
        } else if (!(HandshakePayload.decode(HandshakePart.FLIGHT_1, plain) instanceof HandshakePayload payload)) {
            dropped.accept(Dropped.INVALID_PAYLOAD);
        } else if (!Payloads.speaksOurVersion(payload)) {
            dropped.accept(Dropped.NO_COMMON_VERSION);
        } else {
            aead = Payloads.choose(payload, local);
            if (aead == null) {
                dropped.accept(Dropped.NO_COMMON_AEAD);
            }
        }
        if (aead == null) {
            noise.close();
            return null;
        }
        Id128 id = part.handshakeId();
        MaskKeys masks = mode == HandshakeMode.NORMAL ? origin.keys().masks() : noise.masks();
        long connectionId = host.newConnectionId();
        byte[] message = noise.write(Payloads.second(local, mode, aead, connectionId));
        OutgoingFlight second = OutgoingFlight.later(Flight.SECOND, message, id, random);
        return new ResponderHandshake(
                origin, id, part.stamp(), noise, masks, aead, connectionId, second, random, outputs, deadline);
    }

    Id128 id() {
        return id;
    }

    InetSocketAddress remote() {
        return remote;
    }

    HandshakeMode mode() {
        return mode;
    }

    long stamp() {
        return stamp;
    }

    long deadline() {
        return deadline;
    }

    boolean isCompleted() {
        return state == State.COMPLETED;
    }

    /** Whether this stealth datagram belongs here, and the part that it is. */
    @Nullable
    HandshakePart openThird(byte[] datagram) {
        return HandshakeCodec.open(datagram, 0, datagram.length, masks.toResponder()) instanceof HandshakePart part
                        && part.type() == HandshakePart.FLIGHT_3
                        && part.handshakeId().equals(id)
                        && HandshakeGate.isPlausible(part)
                ? part
                : null;
    }

    /** Flight 2 may leave: at once in normal mode, in stealth mode when the flight is on disk. Later calls do nothing. */
    void answer(Consumer<Dropped> dropped, long now) {
        if (state == State.AWAIT_DISK) {
            state = State.AWAIT_THIRD;
            sendSecond(remote, channel, dropped, now);
        }
    }

    /** Sends flight 2 for the first time in normal mode. */
    void answerAtOnce(Consumer<Dropped> dropped, long now) {
        sendSecond(remote, channel, dropped, now);
    }

    /** A part of flight 1 came again: flight 2, or some of it, was lost. */
    void onFirstAgain(InetSocketAddress from, int fromChannel, int length, Consumer<Dropped> dropped, long now) {
        if (!credit(from, length)) {
            return;
        }
        if (state == State.AWAIT_THIRD && now - answeredAt >= MIN_REPEAT_NANOS) {
            sendSecond(from, fromChannel, dropped, now);
        }
    }

    /**
     * A part of flight 3.
     *
     * @return whether the handshake goes on; if not, it is to be closed
     */
    boolean onThird(
            HandshakePart part,
            int length,
            InetSocketAddress from,
            int fromChannel,
            Consumer<Dropped> dropped,
            long now,
            long wallMillis,
            long completedDeadline) {
        if (state == State.COMPLETED) {
            if (now - answeredAt >= MIN_REPEAT_NANOS) {
                answeredAt = now;
                outputs.accept(new HandshakeOutput.Repeated(id, from, fromChannel));
            }
            return true;
        }
        if (state == State.AWAIT_DISK) {
            dropped.accept(Dropped.UNKNOWN_HANDSHAKE); // nobody can have seen flight 2
            return true;
        }
        credit(from, length);
        byte[] flight = parts.add(part);
        if (flight == null) {
            return true;
        }
        byte[] plain = noise.read(Flight.THIRD, flight);
        if (plain == null) {
            dropped.accept(Dropped.NOT_AUTHENTIC); // the genuine one may still come
            return true;
        }
        if (!(HandshakePayload.decode(HandshakePart.FLIGHT_3, plain) instanceof HandshakePayload payload)) {
            dropped.accept(Dropped.INVALID_PAYLOAD);
            return false;
        }
        byte[] staticKey = noise.remoteStaticKey();
        PeerClaim claim = PeerClaim.check(payload, staticKey, wallMillis);
        if (claim == null) {
            dropped.accept(Dropped.INVALID_PEER);
            return false;
        }
        if (!noise.usedPskOf(claim.peer())) {
            dropped.accept(Dropped.PSK_MISSING);
            return false;
        }
        KeySchedule schedule = noise.finish();
        HandshakeResult result = result(payload, claim, staticKey, schedule);
        Secrets.wipe(plain);
        state = State.COMPLETED;
        answeredAt = now;
        deadline = completedDeadline;
        noise.close();
        parts.clear();
        outputs.accept(new HandshakeOutput.Completed(result, from, fromChannel, from.equals(remote)));
        return true;
    }

    @Override
    public void close() {
        noise.close();
        parts.clear();
        if (mode == HandshakeMode.STEALTH) {
            masks.close(); // those of normal mode are everybody's
        }
    }

    private HandshakeResult result(HandshakePayload payload, PeerClaim claim, byte[] staticKey, KeySchedule schedule) {
        Bytes token = payload.token();
        return new HandshakeResult(
                false,
                mode,
                id,
                claim.peer(),
                Bytes.of(staticKey),
                claim.record(),
                payload.bootId(),
                payload.nick(),
                localConnectionId,
                payload.connectionId(),
                aead,
                token == null ? Bytes.EMPTY : Bytes.of(token.toArray()),
                payload.seen(),
                List.copyOf(payload.capabilities()),
                schedule);
    }

    private boolean credit(InetSocketAddress from, int length) {
        AmplificationBudget budget = budgets.get(from);
        if (budget == null) {
            if (mode == HandshakeMode.STEALTH || budgets.size() >= MAX_ADDRESSES) {
                return false;
            }
            budget = new AmplificationBudget();
            budgets.put(from, budget);
        }
        budget.received(length);
        return true;
    }

    private void sendSecond(InetSocketAddress to, int toChannel, Consumer<Dropped> dropped, long now) {
        AmplificationBudget budget = budgets.get(to);
        if (budget == null) {
            throw new AssertionError("asked for by an address that was credited");
        }
        for (byte[] datagram : second.datagrams(keys, masks.toInitiator(), Bytes.EMPTY, random)) {
            if (budget.trySpend(datagram.length)) {
                outputs.accept(new HandshakeOutput.Transmit(datagram, to, toChannel));
            } else {
                dropped.accept(Dropped.AMPLIFICATION); // the next repetition of flight 1 brings the rest
            }
        }
        answeredAt = now;
    }
}
