package dev.cutlass.proto.handshake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.crypto.Identity;
import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.HandshakePayload;
import dev.cutlass.wire.Id128;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class HandshakeTest {
    @ParameterizedTest
    @EnumSource
    void twoNodesAgreeOnKeysAndLearnWhoTheOtherIs(HandshakeMode mode) {
        Net net = Net.perfect(1);
        Node left = net.node(1, true, true);
        Node right = net.node(2, true, true);
        left.dial(right, mode);
        net.run(1_000);

        assertEquals(List.of(), left.failed);
        HandshakeResult initiator = left.initiated.get(0);
        HandshakeResult responder = right.answered.get(0);
        assertEquals(mode, initiator.mode());
        assertEquals(mode, responder.mode());
        assertEquals(right.identity.id(), initiator.peer());
        assertEquals(left.identity.id(), responder.peer());
        assertEquals(initiator.id(), responder.id());
        assertEquals(initiator.localConnectionId(), responder.remoteConnectionId());
        assertEquals(initiator.remoteConnectionId(), responder.localConnectionId());
        assertEquals(right.local.bootId(), initiator.remoteBootId());
        assertEquals(left.local.bootId(), responder.remoteBootId());
        assertEquals("node at 10.0.1.1", responder.nick());
        assertEquals(AeadAlgorithm.AES_256_GCM, initiator.aead());
        assertEquals(AeadAlgorithm.AES_256_GCM, responder.aead());
        assertArrayEquals(export(initiator), export(responder));
        assertEquals(List.of(initiator.id()), left.confirmed);
        assertTrue(left.dials.isEmpty());
    }

    @Test
    void everyHandshakeHasKeysOfItsOwn() {
        Net net = Net.perfect(2);
        Node left = net.node(1, true, false);
        Node right = net.node(2, true, false);
        left.dial(right, HandshakeMode.NORMAL);
        left.dial(right, HandshakeMode.NORMAL);
        net.run(1_000);

        assertEquals(2, left.initiated.size());
        assertFalse(Arrays.equals(export(left.initiated.get(0)), export(left.initiated.get(1))));
        assertNotEquals(left.initiated.get(0).id(), left.initiated.get(1).id());
    }

    @Test
    void tokenAndSeenReachTheResponder() {
        Net net = Net.perfect(3);
        Node left = net.node(1, true, false);
        Node right = net.node(2, true, false);
        left.seen = new Id128(3, 4);
        Bytes token = Bytes.of(new byte[] {1, 2, 3});
        left.dial(new Dial(HandshakeMode.NORMAL, right.address, 0, null, Bytes.EMPTY, token, Dial.DEFAULT_TIMEOUT));
        net.run(1_000);

        assertEquals(token, right.answered.get(0).token());
        assertEquals(new Id128(3, 4), right.answered.get(0).seen());
        assertEquals(new Id128(3, 4), left.initiated.get(0).seen());
    }

    @ParameterizedTest
    @EnumSource
    void theSamePskOnBothSidesLetsThemIn(HandshakeMode mode) {
        Net net = Net.perfect(4);
        Node left = net.node(1, true, true);
        Node right = net.node(2, true, true);
        byte[] psk = {7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7};
        left.setPsk(right, psk);
        right.setPsk(left, psk);
        left.dial(right, mode);
        net.run(1_000);

        assertArrayEquals(export(left.initiated.get(0)), export(right.answered.get(0)));
        assertEquals(1, left.confirmed.size());
    }

    @ParameterizedTest
    @CsvSource({"NORMAL,1,0", "NORMAL,0,1", "NORMAL,1,2", "STEALTH,1,0", "STEALTH,0,1", "STEALTH,1,2"})
    void aPskThatOnlyOneSideHasOrThatDiffersLetsNobodyIn(HandshakeMode mode, int ofLeft, int ofRight) {
        Net net = Net.perfect(5);
        Node left = net.node(1, true, true);
        Node right = net.node(2, true, true);
        setPsk(left, right, ofLeft);
        setPsk(right, left, ofRight);
        left.dial(right, mode);
        net.run(16_000);

        assertEquals(List.of(), right.answered);
        assertEquals(List.of(), left.confirmed);
        assertEquals(HandshakeFailure.UNCONFIRMED, left.failed.get(0).reason());
        assertTrue(right.inbound.dropped(Dropped.NOT_AUTHENTIC) > 0);
        assertEquals(0, right.inbound.openCount());
    }

    @Test
    void aDialGivesUpAfterItsTimeAndRepeatsFlightOneWithGrowingJitteredPauses() {
        Net net = Net.perfect(6);
        Node left = net.node(1, true, false);
        left.dial(Dial.to(HandshakeMode.NORMAL, Net.addressOf(9), null));
        net.run(14_999);
        assertEquals(List.of(), left.failed);
        net.run(1);
        assertEquals(List.of(new HandshakeOutput.Failed(HandshakeFailure.TIMED_OUT, null)), left.failed);

        long[] times = net.trace.stream().mapToLong(Net.Sent::at).distinct().toArray();
        double expected = 300e6;
        for (int i = 1; i < times.length; i++) {
            double pause = times[i] - times[i - 1];
            assertTrue(pause >= 0.8 * expected && pause <= 1.2 * expected, "pause " + i + ": " + pause);
            expected = Math.min(2 * expected, 5e9);
        }
        assertTrue(times.length >= 6 && times.length <= 8, times.length + " transmissions");
    }

    @ParameterizedTest
    @EnumSource
    void anotherKeyThanTheExpectedOneLearnsNothingAboutTheDialler(HandshakeMode mode) {
        byte[][] flights = new byte[2][];
        for (int run = 0; run < 2; run++) { // the same randomness, two different diallers
            Net net = Net.perfect(7);
            Identity dialler = Identity.generate(new SeededSecureRandom(50 + run));
            Node left = net.node(1, dialler, true, true);
            Node right = net.node(2, true, true);
            Identity expected = Identity.generate(new SeededSecureRandom(60));
            left.dial(new Dial(
                    mode,
                    right.address,
                    0,
                    expected.id(),
                    mode == HandshakeMode.STEALTH
                            ? Bytes.of(right.identity.device().publicKey())
                            : Bytes.EMPTY,
                    Bytes.EMPTY,
                    Duration.ofSeconds(15)));
            net.run(16_000);

            assertEquals(
                    List.of(new HandshakeOutput.Failed(HandshakeFailure.UNEXPECTED_KEY, right.identity.id())),
                    left.failed);
            assertEquals(List.of(), right.answered);
            assertEquals(1, right.inbound.dropped(Dropped.NOT_AUTHENTIC), "flight 3 came and did not open");
            flights[run] = net.sentBy(left).stream().map(Net.Sent::datagram).reduce(new byte[0], HandshakeTest::join);
        }
        assertArrayEquals(flights[0], flights[1], "what is sent does not depend on who dialled");
    }

    @Test
    void bothAeadListsDecide() {
        AeadAlgorithm gcm = AeadAlgorithm.AES_256_GCM;
        AeadAlgorithm chacha = AeadAlgorithm.CHACHA20_POLY1305;
        assertEquals(gcm, negotiate(List.of(gcm, chacha), List.of(gcm, chacha)));
        assertEquals(chacha, negotiate(List.of(gcm, chacha), List.of(chacha, gcm)));
        assertEquals(chacha, negotiate(List.of(chacha, gcm), List.of(gcm, chacha)));
        assertEquals(gcm, negotiate(List.of(gcm), List.of(chacha, gcm)), "better slow than not at all");
        assertEquals(chacha, negotiate(List.of(chacha), List.of(gcm)));
    }

    @Test
    void aDialThatIsCancelledSaysSoOnceAndSendsNothingMore() {
        Net net = Net.perfect(8);
        Node left = net.node(1, true, false);
        InitiatorHandshake dial = left.dial(Dial.to(HandshakeMode.NORMAL, Net.addressOf(9), null));
        int sent = net.trace.size();
        dial.cancel();
        dial.cancel();
        left.timeout();
        net.run(16_000);

        assertEquals(List.of(new HandshakeOutput.Failed(HandshakeFailure.CANCELLED, null)), left.failed);
        assertEquals(sent, net.trace.size());
        assertEquals(Long.MAX_VALUE, dial.nextDeadline());
    }

    /** What both sides can derive and nobody else. */
    static byte[] export(HandshakeResult result) {
        return result.keys().export("test", new byte[0], 32);
    }

    private static AeadAlgorithm negotiate(List<AeadAlgorithm> initiator, List<AeadAlgorithm> responder) {
        Identity identity = Identity.generate(new SeededSecureRandom(9));
        LocalParty left = new LocalParty(identity.id(), identity.device(), Id128.ZERO, "", initiator);
        LocalParty right = new LocalParty(identity.id(), identity.device(), Id128.ZERO, "", responder);
        byte[] first = Payloads.first(left, HandshakeMode.NORMAL);
        return Payloads.choose((HandshakePayload) HandshakePayload.decode(1, first), right);
    }

    private static void setPsk(Node at, Node peer, int value) {
        if (value != 0) {
            byte[] psk = new byte[32];
            Arrays.fill(psk, (byte) value);
            at.setPsk(peer, psk);
        }
    }

    private static byte[] join(byte[] left, byte[] right) {
        byte[] joined = Arrays.copyOf(left, left.length + right.length);
        System.arraycopy(right, 0, joined, left.length, right.length);
        return joined;
    }
}
