package dev.cutlass.proto.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.cutlass.crypto.primitive.ChaCha20;
import dev.cutlass.wire.HandshakeDatagram;
import org.junit.jupiter.api.Tag;

/** What strangers send with a right mac1. Runs its empty input in the normal tests and fuzzes with JAZZER_FUZZ=1. */
@Tag("fuzz")
class HandshakePartFuzzTest {
    /** Any part behind a right mac1 and mask, in both directions, while a dial is under way: no exception, memory within its bounds. */
    @FuzzTest(maxDuration = "60s")
    void partsWithARightMac(FuzzedDataProvider data) {
        Net net = Net.perfect(1);
        Node node = net.node(1, true, true);
        node.dial(Dial.to(HandshakeMode.NORMAL, Net.addressOf(2), null));
        SeededSecureRandom nonces = new SeededSecureRandom(1);
        HandshakeKeys[] modes = {
            HandshakeKeys.normal(), HandshakeKeys.stealth(node.identity.device().publicKey())
        };
        while (data.remainingBytes() > 0) {
            HandshakeKeys keys = modes[data.consumeInt(0, 1)];
            MaskKeys masks = keys.masks();
            byte[] mask = data.consumeBoolean() ? masks.toResponder() : masks.toInitiator();
            int room = HandshakeDatagram.MAX_LENGTH - HandshakeDatagram.PART_OFFSET;
            byte[] clear = data.consumeBytes(data.consumeInt(1, room));
            if (clear.length > 2 && data.consumeBoolean()) {
                clear[0] = 2; // the version, so that more gets through
            }
            byte[] datagram = new byte[HandshakeDatagram.PART_OFFSET + clear.length];
            byte[] nonce = new byte[HandshakeDatagram.NONCE_LENGTH];
            nonces.nextBytes(nonce);
            System.arraycopy(nonce, 0, datagram, 0, nonce.length);
            System.arraycopy(clear, 0, datagram, HandshakeDatagram.PART_OFFSET, clear.length);
            try (var stream = new ChaCha20(mask)) {
                stream.xor(nonce, 0, datagram, HandshakeDatagram.PART_OFFSET, clear.length);
            }
            ForgedDatagramsTest.remac(datagram, keys);
            if (datagram.length != Node.PING_LENGTH) {
                node.receive(datagram, Net.addressOf(2));
            }
        }
        net.run(1);
        assertTrue(node.inbound.reassemblyCount() <= ReassemblyPool.MAX_NORMAL);
        assertEquals(0, node.inbound.openCount());
    }
}
