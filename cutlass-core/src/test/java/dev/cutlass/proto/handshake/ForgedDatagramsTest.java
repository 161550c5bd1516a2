package dev.cutlass.proto.handshake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.wire.HandshakeDatagram;
import dev.cutlass.wire.HandshakePart;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Somebody on the way who changes, cuts and forges what passes: it must not keep the genuine datagrams from being taken. */
class ForgedDatagramsTest {
    @ParameterizedTest
    @EnumSource
    void everyFlippedBitAndEveryTruncationIsRejectedAndTheHandshakeCompletes(HandshakeMode mode) {
        long[] count = new long[1];
        Net net =
                new TamperingNet((node, genuine, from, now) -> {
                    if (genuine.length == Node.PING_LENGTH) {
                        return;
                    }
                    for (int bit = 0; bit < Byte.SIZE * genuine.length; bit++) {
                        byte[] changed = genuine.clone();
                        changed[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
                        node.receive(changed, from);
                        count[0]++;
                    }
                    for (int length = 0; length < genuine.length; length++) {
                        if (length != Node.PING_LENGTH) {
                            node.receive(Arrays.copyOf(genuine, length), from);
                            count[0]++;
                        }
                    }
                    assertTrue(
                            node.verdicts.stream()
                                    .allMatch(verdict ->
                                            verdict == Verdict.Rejected.MAC || verdict == Verdict.Rejected.LENGTH),
                            "no changed datagram passes mac1");
                    node.verdicts.clear();
                }) {
                    @Override
                    void afterGenuine(Node node) {
                        node.verdicts.clear();
                    }
                };
        assertCompletes(net, mode);
        assertTrue(count[0] > 40_000, count[0] + " changed datagrams");
    }

    /**
     * Parts that are wrong but carry a right mac1, which anybody can make in normal mode, and in stealth mode who knows the responder's
     * key. In the first second the forger always comes first.
     */
    @ParameterizedTest
    @EnumSource
    void partsForgedUnderARightMacDelayTheHandshakeAndNoMore(HandshakeMode mode) {
        for (int seed = 0; seed < 10; seed++) {
            SplittableRandom chance = new SplittableRandom(seed);
            SeededSecureRandom nonces = new SeededSecureRandom(seed);
            long[] forged = new long[1];
            Net net = new TamperingNet((node, genuine, from, now) -> {
                Node responder = node.wire instanceof TamperingNet tampering ? tampering.responder() : node;
                HandshakeKeys keys = mode == HandshakeMode.NORMAL
                        ? HandshakeKeys.normal()
                        : HandshakeKeys.stealth(responder.identity.device().publicKey());
                for (byte[] mask :
                        new byte[][] {keys.masks().toResponder(), keys.masks().toInitiator()}) {
                    if (now < 1_000_000_000L
                            && genuine.length != Node.PING_LENGTH
                            && HandshakeCodec.open(genuine, 0, genuine.length, mask) instanceof HandshakePart part) {
                        for (int i = 0; i < 20; i++) {
                            node.receive(forge(part, keys, mask, chance, nonces), from);
                            forged[0]++;
                        }
                    }
                }
                if (now < 1_000_000_000L && mode == HandshakeMode.STEALTH && genuine.length != Node.PING_LENGTH) {
                    // flights 2 and 3 are masked for others; what is left is to change them and repair mac1
                    byte[] changed = genuine.clone();
                    changed[chance.nextInt(HandshakeDatagram.PART_OFFSET, changed.length)] ^= 1;
                    remac(changed, keys);
                    node.receive(changed, from);
                }
            });
            assertCompletes(net, mode);
            assertTrue(forged[0] >= 40, "forgeries: " + forged[0]);
        }
    }

    private static byte[] forge(
            HandshakePart part, HandshakeKeys keys, byte[] mask, SplittableRandom chance, SeededSecureRandom nonces) {
        byte[] datagram = HandshakeCodec.seal(part, keys, mask, nonces);
        int header = HandshakeDatagram.PART_OFFSET + HandshakePart.HEADER_LENGTH;
        boolean inHeader = chance.nextBoolean();
        int place = inHeader
                ? chance.nextInt(HandshakeDatagram.PART_OFFSET, header)
                : chance.nextInt(header, datagram.length);
        datagram[place] ^= (byte) (1 << chance.nextInt(8));
        if (chance.nextInt(4) == 0) {
            datagram = Arrays.copyOf(datagram, chance.nextInt(HandshakeDatagram.MIN_LENGTH, datagram.length));
        }
        remac(datagram, keys);
        return datagram;
    }

    static void remac(byte[] datagram, HandshakeKeys keys) {
        try (var mac = keys.newMac()) {
            byte[] code = mac.update(datagram, 0, HandshakeDatagram.NONCE_LENGTH)
                    .update(datagram, HandshakeDatagram.PART_OFFSET, datagram.length - HandshakeDatagram.PART_OFFSET)
                    .finish();
            System.arraycopy(code, 0, datagram, HandshakeDatagram.MAC1_OFFSET, HandshakeDatagram.MAC1_LENGTH);
        }
    }

    private static void assertCompletes(Net net, HandshakeMode mode) {
        Node left = net.node(1, true, true);
        Node right = net.node(2, true, true);
        if (net instanceof TamperingNet tampering) {
            tampering.responder = right;
        }
        left.dial(right, mode);
        net.run(15_000);
        assertEquals(1, left.confirmed.size(), "confirmed");
        assertEquals(1, right.answered.size(), "answered");
        assertArrayEquals(HandshakeTest.export(left.initiated.get(0)), HandshakeTest.export(right.answered.get(0)));
        net.run(30_000);
        assertEquals(0, right.inbound.openCount());
        assertEquals(0, right.inbound.reassemblyCount());
    }

    @FunctionalInterface
    private interface Tampering {
        /** Before the genuine datagram is delivered to a node. */
        void before(Node node, byte[] genuine, InetSocketAddress from, long now);
    }

    private static class TamperingNet extends Net {
        private final Tampering tampering;
        private Node responder;

        TamperingNet(Tampering tampering) {
            super(1, 0, 0);
            this.tampering = tampering;
        }

        Node responder() {
            return responder;
        }

        void afterGenuine(Node node) {}

        @Override
        void deliver(InetSocketAddress from, InetSocketAddress to, byte[] datagram) {
            later(10_000_000, () -> {
                Node node = nodes.get(to);
                tampering.before(node, datagram, from, now());
                node.receive(datagram, from);
                afterGenuine(node);
            });
        }
    }
}
