package dev.cutlass.proto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.event.ConnectionInfo;
import dev.cutlass.fixtures.SimNetwork;
import dev.cutlass.proto.recovery.Bbr;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a connection says about itself is what the link did to it. */
class ConnectionInfoTest {
    private static final long ONE_WAY_MILLIS = 10;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private static Side[] pair(SimNetwork network) {
        final Side[] sides =
                Side.pair(network, ConnectionConfig.defaults().withCongestion(Bbr::new), AeadAlgorithm.AES_256_GCM);
        sides[0].admit();
        sides[1].admit();
        network.runFor(Duration.ofMillis(200));
        return sides;
    }

    private static SimNetwork link(double loss) {
        return SimNetwork.seeded(5)
                .delayMillis((int) ONE_WAY_MILLIS, (int) ONE_WAY_MILLIS)
                .keepOrder(true)
                .rate(20_000_000, 50_000)
                .loss(loss);
    }

    private static void transfer(SimNetwork network, Side[] sides) {
        for (int i = 0; i < 60; i++) {
            sides[0].send("x".repeat(60_000));
        }
        assertTrue(network.runUntil(() -> !sides[1].received.isEmpty(), LIMIT));
    }

    private static ConnectionInfo info(Side side, SimNetwork network) {
        return side.connection.info(network.nanos());
    }

    @Test
    void inTheMiddleOfATransferItNamesControllerRateAndWhatIsInFlight() {
        final SimNetwork network = link(0);
        final Side[] sides = pair(network);
        transfer(network, sides);
        final ConnectionInfo info = info(sides[0], network);

        assertEquals("BBR", info.controller());
        assertTrue(info.pacingRate() > 0, info::toString);
        assertTrue(info.inFlight() > 0 && info.inFlight() <= info.window() + info.packetSize(), info::toString);
        assertTrue(
                info.leastRoundTrip() >= Duration.ofMillis(2 * ONE_WAY_MILLIS).toNanos());
        assertTrue(info.leastRoundTrip() <= info.roundTrip());
        assertTrue(info.sent() > 0 && info.sent() <= info.packetsSent());
    }

    @Test
    void theShareOfLossIsThatOfTheLink() {
        final SimNetwork network = link(0.05);
        final Side[] sides = pair(network);
        transfer(network, sides);
        assertTrue(network.runUntil(() -> sides[1].received.size() == 60, LIMIT));
        final ConnectionInfo info = info(sides[0], network);

        assertTrue(info.lost() > 0);
        assertEquals(0.05, info.lossShare(), 0.03);
        assertEquals((double) info.lost() / info.sent(), info.lossShare());
    }

    @Test
    void aConnectionAtRestHasNoControllerAndNoLoss() {
        final SimNetwork network = link(0);
        final Side[] sides = pair(network);
        network.runFor(Duration.ofMinutes(1));
        final ConnectionInfo info = info(sides[0], network);

        assertEquals("", info.controller());
        assertEquals(0, info.pacingRate());
        assertEquals(0, info.lossShare());
        assertEquals(0, info.inFlight());
    }

    @Test
    void theAgeOfKeysBeginsAnewWithEachEpoch() {
        final SimNetwork network = link(0);
        final Side[] sides = pair(network);
        sides[0].send("hello");
        final Duration epoch = Duration.ofNanos(ConnectionConfig.defaults().epochNanos());
        for (Side side : sides) {
            assertTrue(network.runUntil(() -> info(side, network).epoch() == 1, epoch.multipliedBy(2)));
        }
        network.runFor(Duration.ofSeconds(3));

        for (Side side : sides) {
            final ConnectionInfo info = info(side, network);
            assertTrue(info.keyAge() >= Duration.ofSeconds(3).toNanos(), info::toString);
            assertTrue(info.keyAge() < Duration.ofSeconds(4).toNanos(), info::toString);
            assertTrue(info.age() > epoch.toNanos() / 2);
        }
    }

    @Test
    void nothingOfTheAddressIsInTheText() {
        final SimNetwork network = link(0);
        final ConnectionInfo info = info(pair(network)[0], network);
        assertFalse(info.toString().contains(info.address().getHostString()));
    }
}
