package dev.cutlass.proto.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.cutlass.wire.HandshakeDatagram;
import org.junit.jupiter.api.Tag;

/** What strangers send without a right mac1. Runs its empty input in the normal tests and fuzzes with JAZZER_FUZZ=1. */
@Tag("fuzz")
class HandshakeDatagramFuzzTest {
    /** Any bytes: no exception, and no answer. */
    @FuzzTest(maxDuration = "60s")
    void datagrams(FuzzedDataProvider data) {
        Net net = Net.perfect(1);
        Node node = net.node(1, true, true);
        while (data.remainingBytes() > 0) {
            byte[] datagram = data.consumeBytes(data.consumeInt(1, HandshakeDatagram.MAX_LENGTH + 1));
            if (datagram.length != Node.PING_LENGTH) {
                node.receive(datagram, Net.addressOf(2));
            }
        }
        assertEquals(0, net.trace.size());
        assertEquals(0, node.inbound.openCount());
    }
}
