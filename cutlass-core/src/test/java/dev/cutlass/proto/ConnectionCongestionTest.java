package dev.cutlass.proto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.fixtures.SimNetwork;
import dev.cutlass.proto.recovery.Bbr;
import dev.cutlass.proto.recovery.CongestionController;
import dev.cutlass.proto.recovery.Cubic;
import dev.cutlass.proto.recovery.Ledbat;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole connections on links with a rate and a queue: recovery, controller, pacing and timers together. */
class ConnectionCongestionTest {
    private static final int MESSAGE = 60_000;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    static Stream<Supplier<CongestionController>> controllers() {
        return Stream.of(Bbr::new, Cubic::new, Ledbat::new);
    }

    private static SimNetwork link(long seed, double loss) {
        return link(seed, loss, 50_000);
    }

    private static SimNetwork link(long seed, double loss, int queueBytes) {
        return SimNetwork.seeded(seed)
                .delayMillis(10, 10)
                .keepOrder(true)
                .rate(20_000_000, queueBytes)
                .loss(loss);
    }

    private static Side[] pair(SimNetwork network, Supplier<? extends CongestionController> controller) {
        final Side[] sides =
                Side.pair(network, ConnectionConfig.defaults().withCongestion(controller), AeadAlgorithm.AES_256_GCM);
        sides[0].admit();
        sides[1].admit();
        network.runFor(Duration.ofMillis(200));
        return sides;
    }

    /** Sends messages, a new one for each that is settled; returns the time that it took. */
    private static Duration transfer(SimNetwork network, Side[] sides, int messages) {
        final long start = network.nanos();
        final String text = "x".repeat(MESSAGE);
        int sent = 0;
        while (sides[0].settled.size() < messages) {
            while (sent < messages && sent - sides[0].settled.size() < 14) {
                sides[0].send(text);
                sent++;
            }
            final int before = sides[0].settled.size();
            assertTrue(network.runUntil(() -> sides[0].settled.size() > before, LIMIT), "stuck at " + before);
        }
        return Duration.ofNanos(network.nanos() - start);
    }

    @ParameterizedTest
    @MethodSource("controllers")
    void bulkFillsALinkAndLosesNothing(Supplier<CongestionController> controller) {
        final SimNetwork network = link(1, 0);
        final Side[] sides = pair(network, controller);
        final Duration took = transfer(network, sides, 200); // 12 MB: 4.8 s at the rate of the link
        assertEquals(200, sides[1].received.size());
        assertTrue(took.toMillis() < 7_500, () -> took + "");
    }

    @ParameterizedTest
    @CsvSource({"0.01, 6200", "0.05, 7200"})
    void theDefaultFillsALinkThatLoses(double loss, long millis) {
        final SimNetwork network = link(2, loss);
        final Side[] sides = pair(network, Bbr::new);
        final Duration took = transfer(network, sides, 200);
        assertEquals(200, sides[1].received.size());
        assertTrue(took.toMillis() < millis, () -> took + "");
    }

    @Test
    void packetsArePacedAndDoNotFloodTheQueue() {
        final SimNetwork network = link(3, 0, 25_000); // half a round trip
        final Side[] sides = pair(network, Bbr::new);
        transfer(network, sides, 100);
        final long lost = sides[0].connection.info(network.nanos()).lost();
        assertTrue(lost < 250, () -> lost + " of 5,000 packets");
    }

    @Test
    void aSmallMessageOnAnIdleLinkTakesOneWay() {
        final SimNetwork network = link(4, 0);
        final Side[] sides = pair(network, Bbr::new);
        for (int i = 0; i < 50; i++) {
            network.runFor(Duration.ofMillis(37));
            final long start = network.nanos();
            final int expected = i + 1;
            sides[0].send("small " + i);
            assertTrue(network.runUntil(() -> sides[1].received.size() == expected, LIMIT));
            assertTrue(network.nanos() - start < 10_200_000, () -> network.nanos() - start + " ns");
        }
    }
}
