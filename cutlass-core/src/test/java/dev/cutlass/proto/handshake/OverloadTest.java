package dev.cutlass.proto.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.HandshakeDatagram;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** More strangers than there is room for. */
class OverloadTest {
    private static final int DIALS = 300;

    private final SeededSecureRandom random = new SeededSecureRandom(1);
    private final Net net = Net.perfect(1);
    private final Node responder = net.node(2, true, true);

    @Test
    void aboveTheCapCookiesAreDemandedAndWhoHoldsOneGetsIn() {
        fillWithoutCookies();
        assertEquals(ReassemblyPool.MAX_WITHOUT_COOKIE, responder.inbound.reassemblyCount());
        assertTrue(responder.cookies.isDemanding());

        Node honest = net.node(1, true, false);
        honest.dial(responder, HandshakeMode.NORMAL);
        net.run(2_000);
        assertEquals(1, honest.confirmed.size());
        assertTrue(responder.verdicts.stream().anyMatch(Verdict.Demand.class::isInstance));
        assertTrue(responder.cookies.isDemanding(), "others were not let in meanwhile");

        net.run(10_000);
        assertEquals(0, responder.inbound.reassemblyCount());
        assertFalse(responder.cookies.isDemanding());
    }

    @Test
    void whileCookiesAreDemandedPartsWithoutOneLeaveNothingAndAreAnsweredWithNoMoreBytes() {
        fillWithoutCookies();
        net.trace.clear();
        for (int i = 0; i < 50; i++) {
            net.run(101); // some of these addresses share a place in the gate's memory of whom it asked
            byte[] part = firstParts(HandshakeKeys.normal(), 0)[0];
            InetSocketAddress from = spoofed(5_000 + i);
            responder.receive(part, from);
            List<Net.Sent> answers =
                    net.trace.stream().filter(sent -> sent.to().equals(from)).toList();
            assertEquals(1, answers.size());
            assertTrue(answers.get(0).length() <= part.length);
            assertTrue(answers.get(0).length() >= HandshakeDatagram.MIN_LENGTH);
        }
        assertEquals(ReassemblyPool.MAX_WITHOUT_COOKIE, responder.inbound.reassemblyCount());
    }

    @Test
    void whoFloodsWithoutACookieIsAskedTenTimesASecondAndLookedAtWithOne() {
        fillWithoutCookies();
        InetSocketAddress from = spoofed(9_000);
        Bytes cookie = Bytes.of(responder.cookies.cookieFor(from, net.now()));
        byte[][] stranger = parts(HandshakeKeys.normal(), 0, Bytes.of(new byte[32]));
        int asked = 0;
        for (int i = 0; i < 1_000; i++) {
            net.run(1);
            responder.receive(i % 2 == 0 ? firstParts(HandshakeKeys.normal(), 0)[0] : stranger[0], from);
            asked += responder.verdicts.get(responder.verdicts.size() - 1) instanceof Verdict.Demand ? 1 : 0;
        }
        assertTrue(asked >= 9 && asked <= 11, asked + " demands");
        responder.receive(parts(HandshakeKeys.normal(), 0, cookie)[0], from);
        assertInstanceOf(Verdict.Candidate.class, responder.verdicts.get(responder.verdicts.size() - 1));
    }

    @Test
    void aCookieIsOfUseToItsAddressAndPortOnly() {
        fillWithoutCookies();
        InetSocketAddress holder = Node.address("198.51.100.9", 4_000);
        Bytes cookie = Bytes.of(responder.cookies.cookieFor(holder, net.now()));
        byte[] part = parts(HandshakeKeys.normal(), 0, cookie)[0];
        for (InetSocketAddress other :
                List.of(Node.address("198.51.100.9", 4_001), Node.address("198.51.100.8", 4_000))) {
            responder.receive(part, other);
            assertInstanceOf(Verdict.Demand.class, responder.verdicts.get(responder.verdicts.size() - 1));
        }
        responder.receive(part, holder);
        assertInstanceOf(Verdict.Candidate.class, responder.verdicts.get(responder.verdicts.size() - 1));
        assertEquals(ReassemblyPool.MAX_WITHOUT_COOKIE + 1, responder.inbound.reassemblyCount());
    }

    @Test
    void stealthDropsAboveItsBudgetAndNeverAnswers() {
        HandshakeKeys keys = HandshakeKeys.stealth(responder.identity.device().publicKey());
        for (int i = 0; i < 100; i++) {
            responder.receive(firstParts(keys, Node.WALL_START)[0], Node.address("203.0.113." + i, 1_000));
        }
        assertEquals(ReassemblyPool.MAX_STEALTH_PER_PREFIX, responder.inbound.reassemblyCount());
        for (int i = 0; i < 2 * ReassemblyPool.MAX_STEALTH; i++) {
            responder.receive(firstParts(keys, Node.WALL_START)[0], spoofed(i));
        }
        assertEquals(ReassemblyPool.MAX_STEALTH, responder.inbound.reassemblyCount());
        assertTrue(responder.inbound.dropped(Dropped.NO_ROOM) > 0);
        assertEquals(List.of(), net.sentBy(responder));
        assertFalse(responder.cookies.isDemanding(), "normal mode is not concerned");

        Node honest = net.node(1, true, false); // the parts of its flight come together, so it gets in at once
        honest.dial(responder, HandshakeMode.STEALTH);
        net.run(2_000);
        assertEquals(1, honest.confirmed.size());
    }

    /** The owner of the handshakes cannot follow; nothing of it is open yet. */
    @Test
    void underPressureTheGateWantsCookiesForAWhile() {
        responder.cookies.press(net.now());
        responder.receive(firstParts(HandshakeKeys.normal(), 0)[0], spoofed(1));
        assertInstanceOf(Verdict.Demand.class, responder.verdicts.get(0));
        assertEquals(0, responder.inbound.reassemblyCount());
        Node honest = net.node(1, true, false);
        honest.dial(responder, HandshakeMode.NORMAL);
        net.run(1_000);
        assertEquals(1, honest.confirmed.size());
        net.run(5_000);
        responder.receive(firstParts(HandshakeKeys.normal(), 0)[0], spoofed(2));
        assertInstanceOf(Verdict.Candidate.class, responder.verdicts.get(responder.verdicts.size() - 1));
    }

    /** What a flood crowds out of the responder's buffer is lost; who was asked for a cookie knows that and does not wait longer each time. */
    @Test
    void whoWasAskedForACookieGetsInWithinTwoSecondsNearlyAlwaysWhereAThirdIsLost() {
        int soon = 0;
        for (int seed = 0; seed < DIALS; seed++) {
            Net lossy = new Net(seed, 0.33, 0) {
                @Override
                public void send(Node from, InetSocketAddress to, byte[] datagram) {
                    if (to.equals(addressOf(2))) {
                        super.send(from, to, datagram);
                    } else {
                        deliver(from.address, to, datagram);
                    }
                }
            };
            Node flooded = lossy.node(2, true, true);
            Node honest = lossy.node(1, true, false);
            flooded.cookies.press(lossy.now());
            honest.dial(flooded, HandshakeMode.NORMAL);
            lossy.run(2_000);
            soon += honest.confirmed.size();
            assertTrue(flooded.verdicts.isEmpty() || flooded.verdicts.get(0) instanceof Verdict.Demand);
        }
        assertTrue(soon >= DIALS * 0.93, soon + " of " + DIALS);
    }

    @Test
    void aDiallerGivesUpOnAResponderThatDemandsForEver() {
        Node honest = net.node(1, true, false);
        InitiatorHandshake dial = honest.dial(Dial.to(HandshakeMode.NORMAL, Net.addressOf(9), null));
        SeededSecureRandom cookies = new SeededSecureRandom(9);
        int before = net.trace.size();
        int transmissions = 0;
        for (int i = 0; i < 20; i++) {
            CookieJar jar = new CookieJar(cookies); // another cookie each time
            honest.receive(jar.demandFor(dial.id(), honest.address, 1_152, 0, cookies), Net.addressOf(9));
            transmissions += net.trace.size() > before ? 1 : 0;
            before = net.trace.size();
        }
        assertEquals(InitiatorHandshake.MAX_COOKIE_DEMANDS, transmissions);
    }

    @Test
    void demandsFromElsewhereAreIgnored() {
        Node honest = net.node(1, true, false);
        InitiatorHandshake dial = honest.dial(Dial.to(HandshakeMode.NORMAL, Net.addressOf(9), null));
        int before = net.trace.size();
        byte[] demand = new CookieJar(random).demandFor(dial.id(), honest.address, 1_152, 0, random);
        honest.receive(demand, Net.addressOf(8));
        assertEquals(before, net.trace.size());
        honest.receive(demand, Net.addressOf(9));
        assertTrue(net.trace.size() > before);
    }

    private void fillWithoutCookies() {
        for (int i = 0; i < ReassemblyPool.MAX_WITHOUT_COOKIE; i++) {
            responder.receive(firstParts(HandshakeKeys.normal(), 0)[0], spoofed(i));
        }
    }

    private byte[][] firstParts(HandshakeKeys keys, long stamp) {
        return parts(keys, stamp, Bytes.EMPTY);
    }

    private byte[][] parts(HandshakeKeys keys, long stamp, Bytes cookie) {
        byte[] message = new byte[Flight.FIRST.messageLength()];
        random.nextBytes(message);
        return OutgoingFlight.first(message, stamp, random)
                .datagrams(keys, keys.masks().toResponder(), cookie, random);
    }

    private static InetSocketAddress spoofed(int number) {
        return Node.address("10." + (100 + number / 256) + "." + number % 256 + ".1", 1_000);
    }
}
