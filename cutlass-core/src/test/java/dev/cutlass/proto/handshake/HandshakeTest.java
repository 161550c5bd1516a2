package dev.cutlass.proto.handshake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.crypto.primitive.AeadAlgorithm;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
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

    /** What both sides can derive and nobody else. */
    static byte[] export(HandshakeResult result) {
        return result.keys().export("test", new byte[0], 32);
    }
}
