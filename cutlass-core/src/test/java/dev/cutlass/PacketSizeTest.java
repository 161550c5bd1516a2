package dev.cutlass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cutlass.event.Message;
import dev.cutlass.net.NioDatagramPort;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How large packets become over real sockets: docs/transport.md. */
class PacketSizeTest extends Engines {
    private static final int LOOPBACK = 65_507;
    private static final int LONG = 60_000;

    private static boolean canForbidFragments() throws IOException {
        try (NioDatagramPort port = NioDatagramPort.open(InetAddress.getLoopbackAddress(), 0)) {
            return port.isUnfragmented();
        }
    }

    private int sizeAfterTalking(UnaryOperator<CutlassBuilder> settings, int wanted, int rounds) throws Exception {
        TestEngine left = start("left", settings);
        TestEngine right = start("right", settings);
        Peer there = left.connect(right.address());
        for (int round = 0; round < rounds && size(there) < wanted; round++) {
            List<Delivery> deliveries = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                deliveries.add(there.send(Message.bytes("application/octet-stream", new byte[LONG])));
            }
            for (Delivery delivery : deliveries) {
                delivery.toCompletableFuture()
                        .get(TestEngine.WAIT_SECONDS, TimeUnit.SECONDS); // whole, whatever the size
            }
        }
        return size(there);
    }

    private static int size(Peer peer) {
        return peer.info().connection().orElseThrow().packetSize();
    }

    @ParameterizedTest
    @ValueSource(ints = {LOOPBACK, 9_000})
    void whereFragmentsCanBeForbiddenPacketsGrowToWhatLoopbackCarriesOrToTheCap(int cap) throws Exception {
        assumeTrue(canForbidFragments(), "JDK 17 and 18 cannot");
        assertEquals(cap, sizeAfterTalking(builder -> builder.maxDatagram(cap), cap, 200));
    }

    @Test
    void switchedOffPacketsStaySmall() throws Exception {
        assertEquals(1_200, sizeAfterTalking(builder -> builder.maxDatagram(1_200), 1_201, 3));
    }

    @Test
    void whereFragmentsCannotBeForbiddenPacketsHaveTheSizeThatWasSet() throws Exception {
        assumeFalse(canForbidFragments(), "nothing is fixed where packets can be tried");
        assertEquals(8_192, sizeAfterTalking(builder -> builder.fixedDatagram(8_192), 8_193, 3));
    }

    /** Also by the first link: docs/transport.md says why it is dropped. */
    @Test
    void whatTheSystemRefusesAsTooLongIsDroppedAndTheNextDatagramLeaves() throws Exception {
        try (NioDatagramPort port = NioDatagramPort.open(InetAddress.getLoopbackAddress(), 0)) {
            assertFalse(port.send(new byte[65_535], 0, 65_535, port.localAddress(), 0));
            assertEquals(true, port.send(new byte[1_200], 0, 1_200, port.localAddress(), 0));
        }
    }
}
