package dev.cutlass.proto;

import static dev.cutlass.proto.Alone.MS;
import static dev.cutlass.proto.Alone.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.event.CloseReason;
import dev.cutlass.fixtures.SimNetwork;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The three settings of silence: docs/protocol.md section 5.3. */
class KeepAliveTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void allThreeAreDrawnFromNinetyToAHundredPercent(long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final TreeSet<Long> pings = new TreeSet<>();
        final TreeSet<Long> ends = new TreeSet<>();
        final KeepAlive keepAlive = new KeepAlive(ConnectionConfig.defaults(), random, 0);
        for (int i = 0; i < 2_000; i++) {
            keepAlive.onPingSent(0);
            pings.add(keepAlive.pingTime());
            ends.add(keepAlive.endTime());
        }
        assertTrue(pings.first() >= 13_500 * MS && pings.first() < 13_600 * MS);
        assertTrue(pings.last() <= 15_000 * MS && pings.last() > 14_900 * MS);
        assertTrue(ends.first() >= 54_000 * MS && ends.last() <= 60_000 * MS);
    }

    @Test
    void thePingIntervalCountsFromTheLastPing() {
        final ConnectionConfig config = ConnectionConfig.defaults().withSilence(5 * SECOND, 20 * SECOND, 60 * SECOND);
        final KeepAlive keepAlive = new KeepAlive(config, new SplittableRandom(1), 0);
        keepAlive.onPingSent(SECOND);
        keepAlive.onReceived(2 * SECOND);
        assertTrue(keepAlive.pingTime() >= 19 * SECOND && keepAlive.pingTime() <= 21 * SECOND);
        keepAlive.onReceived(40 * SECOND);
        assertTrue(keepAlive.pingTime() >= 44_500 * MS && keepAlive.pingTime() <= 45 * SECOND);
        assertTrue(keepAlive.endTime() >= 94 * SECOND && keepAlive.endTime() <= 100 * SECOND);
    }

    @Test
    void oneSidePingsAndBothStayAliveWithFewPackets() {
        final SimNetwork network = SimNetwork.seeded(5).delayMillis(20, 20);
        final Side[] sides = Side.pair(network, ConnectionConfig.defaults(), AeadAlgorithm.AES_256_GCM);
        sides[0].admit();
        sides[1].admit();
        network.runFor(Duration.ofSeconds(10));
        final long before = packets(network, sides);
        network.runFor(Duration.ofMinutes(10));
        final long packets = packets(network, sides) - before;
        assertTrue(sides[0].connection.isOpen() && sides[1].connection.isOpen());
        assertTrue(packets >= 3 * 38 && packets <= 4 * 46, () -> packets + " packets in 10 minutes");
        assertTrue(sides[0].connection.info(network.nanos()).silence() <= 15 * SECOND + 100 * MS);
        assertEquals(0, sides[0].count(Output.Suspect.class));
        assertTrue(sides[0].count(Output.AddressSeen.class) > 0 || sides[1].count(Output.AddressSeen.class) > 0);
    }

    private static long packets(SimNetwork network, Side[] sides) {
        return sides[0].connection.info(network.nanos()).packetsSent()
                + sides[1].connection.info(network.nanos()).packetsSent();
    }

    @Test
    void pongTellsTheAddressThatThePeerSees() {
        final SimNetwork network = SimNetwork.seeded(5);
        final Side[] sides = Side.pair(network, ConnectionConfig.defaults(), AeadAlgorithm.AES_256_GCM);
        network.runFor(Duration.ofSeconds(1));
        assertTrue(sides[1].outputs.contains(new Output.AddressSeen(sides[1].address())));
        sides[0].connection.ping(network.nanos());
        sides[0].drain();
        network.runFor(Duration.ofSeconds(1));
        assertTrue(sides[0].outputs.contains(new Output.AddressSeen(sides[0].address())));
    }

    @Test
    void theEndComesAtTheDrawnTimeAndNotBefore() {
        final Alone alone = new Alone(false);
        final long end = alone.connection.keepAlive().endTime();
        alone.connection.admit(0);
        alone.drain();
        long last = 0;
        while (alone.connection.isOpen()) {
            last = alone.connection.keepAlive().endTime();
            alone.runTo(Math.min(alone.connection.nextDeadline(), last - 1));
            assertTrue(alone.connection.isOpen());
            if (alone.now == last - 1) {
                alone.runTo(last);
            }
        }
        assertTrue(last >= 54 * SECOND && last <= 60 * SECOND && end > 0);
        assertEquals(new Output.Closed(CloseReason.TIMED_OUT, false), alone.outputs.get(alone.outputs.size() - 1));
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        final ConnectionConfig config = ConnectionConfig.defaults();
        assertThrows(IllegalArgumentException.class, () -> config.withSilence(0, SECOND, SECOND));
        assertThrows(IllegalArgumentException.class, () -> config.withSilence(SECOND, -1, SECOND));
        assertThrows(IllegalArgumentException.class, () -> config.withSilence(SECOND, SECOND, Long.MAX_VALUE));
        assertThrows(
                IllegalArgumentException.class,
                () -> new ConnectionConfig(
                        SECOND, SECOND, SECOND, SECOND, 1_000, SECOND, config.datagrams(), config.congestion()));
    }

    @Test
    void aTimeThatGoesBackIsTheLastOne() {
        final Alone alone = new Alone(false);
        alone.connection.admit(10 * SECOND);
        alone.drain();
        alone.connection.handleTimeout(5 * SECOND);
        alone.connection.flush(0);
        assertFalse(alone.connection.nextDeadline() < 0);
        assertEquals(List.of(), alone.drain());
    }

    @Test
    void aRateLimitLetsABurstPassAndThenOnePerInterval() {
        final RateLimit limit = new RateLimit(3);
        for (int i = 0; i < 3; i++) {
            assertTrue(limit.tryPass(SECOND));
        }
        assertFalse(limit.tryPass(SECOND));
        assertFalse(limit.tryPass(SECOND + 100 * MS - 1));
        assertTrue(limit.tryPass(SECOND + 100 * MS));
        assertFalse(limit.tryPass(SECOND + 100 * MS));
    }
}
