package dev.cutlass.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.PeerAddress;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The programs for links still do what they measure. Numbers are for docs/performance.md, by hand. */
class LinkSmokeTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final int PATIENCE_MILLIS = 30_000;

    @Test
    void linkCarriesDatagramsBothWaysInOrderAndNotBeforeTheirTime() throws Exception {
        final LinkModel.Conditions conditions = LinkModel.Conditions.of(100_000_000, 20, 0);
        try (DatagramSocket server = new DatagramSocket(0, LOOPBACK);
                DatagramSocket client = new DatagramSocket(0, LOOPBACK);
                UdpLink link = UdpLink.start(
                        new InetSocketAddress(LOOPBACK, 0),
                        new InetSocketAddress(LOOPBACK, server.getLocalPort()),
                        conditions,
                        1)) {
            server.setSoTimeout(PATIENCE_MILLIS);
            client.setSoTimeout(PATIENCE_MILLIS);
            final long start = System.nanoTime();
            for (byte i = 0; i < 10; i++) {
                client.send(new DatagramPacket(new byte[] {i, 7}, 2, LOOPBACK, link.port()));
            }
            final DatagramPacket packet = new DatagramPacket(new byte[9], 9);
            for (byte i = 0; i < 10; i++) {
                server.receive(packet);
                assertArrayEquals(new byte[] {i, 7}, Arrays.copyOf(packet.getData(), packet.getLength()));
            }
            server.send(new DatagramPacket(new byte[] {1}, 1, packet.getAddress(), packet.getPort()));
            client.receive(packet);
            assertEquals(1, packet.getLength());
            assertEquals(link.port(), packet.getPort());
            assertTrue(System.nanoTime() - start >= TimeUnit.MILLISECONDS.toNanos(20));
            assertEquals(0, link.ownLosses());
        }
    }

    @Test
    void everyMessageBesideBulkComesBack() throws Exception {
        final long moment = TimeUnit.MILLISECONDS.toNanos(100);
        final BesideBench.Phase idle = new BesideBench.Phase();
        final BesideBench.Phase beside = new BesideBench.Phase();
        final BesideBench.Phase files = new BesideBench.Phase();
        try (BesideServer server = BesideServer.start(LOOPBACK, 0);
                BesideBench bench = new BesideBench(PeerAddress.parse(server.address("127.0.0.1")))) {
            bench.measure(idle, moment, moment);
            bench.measureBeside(beside, moment, moment);
            bench.measureBesideFiles(files, 64 << 20, moment, moment);
        }
        assertTrue(idle.count() > 0 && idle.quantile(0.5) > 0 && idle.bulkMbits() == 0);
        assertTrue(beside.count() > 0 && beside.quantile(0.5) > 0);
        assertTrue(files.count() > 0 && files.quantile(0.5) > 0);
    }

    @Test
    void unknownOptionsAreNamedTogetherWithTheKnown() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new Options(List.of("--none=1"), "seconds"))
                .getMessage()
                .contains("seconds"));
        assertEquals(3, new Options(List.of(), "seconds").number("seconds", 3));
        assertEquals(4, new Options(List.of("--seconds=4"), "seconds").number("seconds", 3));
    }
}
