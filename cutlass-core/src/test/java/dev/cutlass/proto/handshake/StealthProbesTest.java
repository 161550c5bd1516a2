package dev.cutlass.proto.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.crypto.Identity;
import dev.cutlass.wire.HandshakeDatagram;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who does not know the key of a stealth responder, or repeats what somebody else sent, gets no byte. */
class StealthProbesTest {
    private static final int PROBES = 10_000;
    private static final long MINUTE = 60_000;
    private static final InetSocketAddress PROBER = Node.address("192.0.2.7", 5_000);

    private final SplittableRandom chance = new SplittableRandom(42);
    private final Identity responderIdentity = Identity.generate(new SeededSecureRandom(2));
    private Net net;
    private Node initiator;
    private Node responder;
    private List<byte[]> recorded; // by somebody on the way: all that the initiator sent

    @BeforeEach
    void aHandshakeWasRecorded() {
        net = Net.perfect(1);
        initiator = net.node(1, true, true);
        responder = net.node(2, responderIdentity, false, true);
        initiator.dial(responder, HandshakeMode.STEALTH);
        net.run(1_000);
        assertEquals(1, responder.answered.size());
        recorded = net.sentBy(initiator).stream().map(Net.Sent::datagram).toList();
        net.trace.clear();
    }

    @Test
    void noneOfTenThousandProbesOfAllKindsIsAnswered() {
        List<byte[]> wrongKey = flightsFor(Identity.generate(new SeededSecureRandom(3)), HandshakeMode.STEALTH);
        List<byte[]> normal = flightsFor(responderIdentity, HandshakeMode.NORMAL);
        for (int i = 0; i < PROBES; i++) {
            byte[] probe = switch (i % 5) {
                case 0 -> random(chance.nextInt(1, 1_500));
                case 1 -> pick(recorded);
                case 2 -> flipped(pick(recorded));
                case 3 -> pick(wrongKey);
                default -> pick(normal);
            };
            responder.receive(probe, PROBER);
        }
        net.run(30_000);
        assertSilent();
    }

    @Test
    void aRecordedFlightIsNotAnsweredWhileItsStampIsGoodNorWhenItIsOld() {
        for (long minutes : new long[] {0, 1, 5, 9, 10, 11, 20, 21, 60, 600}) {
            responder.wallSkewMillis = minutes * MINUTE;
            recorded.forEach(datagram -> responder.receive(datagram, PROBER));
            net.run(20_000);
            recorded.forEach(datagram -> responder.receive(datagram, initiator.address));
            net.run(20_000);
        }
        assertSilent();
    }

    @Test
    void aRecordedFlightIsNotAnsweredWhenTheClockWasSetBack() {
        for (int i = 0; i < 100; i++) {
            responder.wallSkewMillis = chance.nextLong(-20 * MINUTE, 20 * MINUTE);
            recorded.forEach(datagram -> responder.receive(datagram, PROBER));
        }
        assertSilent();
    }

    @Test
    void aRecordedFlightIsNotAnsweredAfterARestartInOrderOrOtherwise() {
        var kept = List.of(new StealthReplayGuard.Flight(
                Node.WALL_START, initiator.initiated.get(0).id()));
        for (boolean inOrder : new boolean[] {true, false}) {
            var saved = new StealthReplayGuard.Saved(
                    responder.guard.floor(), inOrder ? kept : List.of(), inOrder, responder.wallMillis());
            StealthReplayGuard guard = StealthReplayGuard.afterRestart(
                    StealthReplayGuard.DEFAULT_WINDOW_MILLIS,
                    StealthReplayGuard.DEFAULT_CAPACITY,
                    saved,
                    responder.wallMillis());
            responder = net.add(new Node(net, responder.address, responderIdentity, false, true, 77, guard));
            for (int i = 0; i < 20; i++) {
                recorded.forEach(datagram -> responder.receive(datagram, PROBER));
                recorded.forEach(datagram -> responder.receive(datagram, initiator.address));
                net.run(1_000);
            }
            assertSilent();
        }
        initiator.dial(responder, HandshakeMode.STEALTH);
        net.run(1_000);
        assertEquals(1, responder.answered.size(), "who knows the key still gets in");
    }

    @Test
    void nothingIsAnsweredAsLongAsTheFlightIsNotOnDisk() {
        responder.diskIsStuck = true;
        initiator.dial(responder, HandshakeMode.STEALTH);
        net.run(20_000);
        assertTrue(net.sentBy(responder).isEmpty());
        assertEquals(HandshakeFailure.TIMED_OUT, initiator.failed.get(0).reason());
    }

    @Test
    void anOpenHandshakeAnswersRepetitionsFromItsOwnAddressAndPortOnly() {
        InetSocketAddress otherPort = new InetSocketAddress(initiator.address.getAddress(), 8_366);
        Net dialling = Net.perfect(5);
        Node fresh = dialling.node(1, true, true);
        fresh.dial(Dial.to(HandshakeMode.STEALTH, responder.address, responderIdentity.id()));
        List<byte[]> flight = dialling.trace.stream().map(Net.Sent::datagram).toList();
        flight.forEach(datagram -> responder.receive(datagram, initiator.address));
        net.run(200);
        assertEquals(1, responder.inbound.openCount());
        net.trace.clear();

        flight.forEach(datagram -> responder.receive(datagram, otherPort));
        flight.forEach(datagram -> responder.receive(datagram, PROBER));
        assertEquals(List.of(), net.trace);
        flight.forEach(datagram -> responder.receive(datagram, initiator.address));
        assertTrue(net.trace.size() >= 2);
    }

    private void assertSilent() {
        assertEquals(List.of(), net.sentBy(responder));
        assertEquals(0, responder.inbound.openCount());
    }

    private List<byte[]> flightsFor(Identity target, HandshakeMode mode) {
        List<byte[]> flights = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Net other = Net.perfect(100 + i);
            other.node(4, true, true).dial(Dial.to(mode, responder.address, target.id()));
            other.trace.forEach(sent -> flights.add(sent.datagram()));
        }
        return flights;
    }

    private byte[] pick(List<byte[]> from) {
        return from.get(chance.nextInt(from.size()));
    }

    private byte[] random(int length) {
        byte[] bytes = new byte[length == Node.PING_LENGTH ? HandshakeDatagram.MIN_LENGTH : length];
        chance.nextBytes(bytes);
        return bytes;
    }

    private byte[] flipped(byte[] datagram) {
        byte[] changed = datagram.clone();
        changed[chance.nextInt(changed.length)] ^= (byte) (1 << chance.nextInt(8));
        return changed;
    }
}
