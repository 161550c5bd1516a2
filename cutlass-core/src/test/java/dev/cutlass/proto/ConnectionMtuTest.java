package dev.cutlass.proto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.fixtures.Seeds;
import dev.cutlass.fixtures.SimNetwork;
import dev.cutlass.proto.message.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole connections on links that carry more, or less, than they did: packets grow and shrink, messages arrive once. */
class ConnectionMtuTest {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final String LONG = "x".repeat(60_000);

    private static SimNetwork link(long seed, int mtu) {
        return SimNetwork.seeded(seed).delayMillis(5, 5).mtu(mtu);
    }

    private static Side[] pair(SimNetwork network, DatagramSizes sizes) {
        final Side[] sides =
                Side.pair(network, ConnectionConfig.defaults().withDatagrams(sizes), AeadAlgorithm.AES_256_GCM);
        for (Side side : sides) {
            side.largestDatagram = sizes.max();
            side.admit();
        }
        network.runFor(Duration.ofMillis(200));
        return sides;
    }

    /** Long messages one after the other, for so long. */
    private static void talk(SimNetwork network, Side from, Duration time) {
        final long end = network.nanos() + time.toNanos();
        while (network.nanos() < end) {
            final int expected = from.settled.size() + 1;
            from.send(LONG);
            assertTrue(network.runUntil(() -> from.settled.size() == expected, LIMIT), "stuck");
        }
    }

    private static int size(Side side) {
        return side.connection.info(side.now()).packetSize();
    }

    @ParameterizedTest
    @ValueSource(ints = {1_200, 1_412, 1_472, 8_972, 65_507})
    void packetsGrowToWhatThePathCarries(int mtu) {
        final SimNetwork network = link(1, mtu);
        final Side[] sides = pair(network, DatagramSizes.upTo(DatagramSizes.LARGEST));
        assertEquals(1_200, size(sides[0]));
        talk(network, sides[0], Duration.ofSeconds(20));
        assertEquals(mtu, size(sides[0]));
        assertEquals(1_200, size(sides[1]), "who sends nothing long needs nothing");
        assertEquals(0, sides[0].connection.info(network.nanos()).lost(), "probes are no packets that get lost");
        assertEquals(sides[0].settled.size(), sides[1].received.size());
    }

    @Test
    void largePacketsSaveMostOfThem() {
        final long[] packets = new long[2];
        for (int i = 0; i < 2; i++) {
            final SimNetwork network = link(2, 65_507);
            final Side[] sides = pair(network, DatagramSizes.upTo(i == 0 ? 1_200 : 65_507));
            for (int k = 1; k <= 100; k++) {
                final int expected = k;
                sides[0].send(LONG);
                assertTrue(network.runUntil(() -> sides[0].settled.size() == expected, LIMIT));
            }
            packets[i] = sides[0].connection.info(network.nanos()).packetsSent();
        }
        assertTrue(packets[1] * 8 < packets[0], () -> packets[1] + " instead of " + packets[0]);
    }

    @Test
    void aConnectionThatChatsOrRestsSendsNoProbe() {
        final SimNetwork network = link(3, 65_507);
        final Side[] sides = pair(network, DatagramSizes.upTo(DatagramSizes.LARGEST));
        for (int i = 0; i < 200; i++) {
            sides[0].send("small " + i);
            network.runFor(Duration.ofMillis(100));
        }
        network.runFor(Duration.ofMinutes(30));
        assertTrue(sides[0].largestSent < 1_200, () -> sides[0].largestSent + " bytes");
        talk(network, sides[0], Duration.ofSeconds(1));
        network.runFor(Duration.ofSeconds(5));
        sides[0].largestSent = 0;
        network.runFor(Duration.ofMinutes(30));
        assertTrue(sides[0].largestSent < 1_200, () -> sides[0].largestSent + " bytes at rest");
    }

    @Test
    void switchedOffNothingAboveTheBaseLeaves() {
        final SimNetwork network = link(4, 65_507);
        final Side[] sides = pair(network, DatagramSizes.upTo(1_200)); // Side checks each datagram
        talk(network, sides[0], Duration.ofSeconds(5));
        assertTrue(
                sides[0].largestSent > 1_190 && sides[0].largestSent <= 1_200, () -> sides[0].largestSent + " bytes");
    }

    @ParameterizedTest
    @ValueSource(ints = {1_300, 1_472, 9_000})
    void theCapHolds(int cap) {
        final SimNetwork network = link(5, 65_507);
        final Side[] sides = pair(network, DatagramSizes.upTo(cap)); // Side checks each datagram
        talk(network, sides[0], Duration.ofSeconds(5));
        assertEquals(cap, size(sides[0]));
    }

    @Test
    void aFixedSizeThatDoesNotPassIsGivenUp() {
        final SimNetwork network = link(6, 1_472);
        final Side[] sides = pair(network, DatagramSizes.fixed(8_192));
        talk(network, sides[0], Duration.ofSeconds(10));
        assertEquals(1_200, size(sides[0]));
        assertEquals(sides[0].settled.size(), sides[1].received.size());
    }

    @ParameterizedTest
    @ValueSource(ints = {1_200, 1_472, 4_052})
    void aPathThatShrinksIsNoticedAndSearchedAgain(int after) {
        final SimNetwork network = link(7, 65_507);
        final Side[] sides = pair(network, DatagramSizes.upTo(DatagramSizes.LARGEST));
        talk(network, sides[0], Duration.ofSeconds(2));
        talk(network, sides[1], Duration.ofSeconds(2));
        assertEquals(65_507, size(sides[0]));
        assertEquals(65_507, size(sides[1]));
        network.mtu(after); // both ways
        final long start = network.nanos();
        for (Side side : sides) {
            for (int i = 0; i < 20; i++) {
                side.send(LONG);
            }
        }
        assertTrue(
                network.runUntil(
                        () -> sides[0].conversation.queued() == 0 && sides[1].conversation.queued() == 0, LIMIT),
                "stuck");
        final long took = network.nanos() - start;
        assertTrue(took < Duration.ofSeconds(5).toNanos(), () -> took / 1_000_000 + " ms");
        assertTrue(size(sides[0]) <= after && size(sides[1]) <= after);
        network.runFor(Duration.ofSeconds(12));
        talk(network, sides[0], Duration.ofSeconds(5));
        assertEquals(after, size(sides[0]));
        assertEquals(sides[0].settled.size(), sides[1].received.size());
        assertEquals(sides[1].settled.size(), sides[0].received.size());
    }

    /** An on-path attacker that lets probes pass and drops the data, or a peer that acknowledges what it never got. */
    @Test
    void whoLiesAboutTheSizeCostsAPauseNowAndThenAndNoMessage() {
        final SimNetwork network = link(8, 65_507);
        final Side[] sides = pair(network, DatagramSizes.upTo(DatagramSizes.LARGEST));
        int holes = 0;
        long stalled = 0;
        final long start = network.nanos();
        while (network.nanos() - start < Duration.ofMinutes(20).toNanos()) {
            final boolean grown = size(sides[0]) > 1_472;
            network.mtu(grown ? 1_200 : 65_507); // the probe passed; what follows does not
            holes += grown ? 1 : 0;
            final long before = network.nanos();
            talk(network, sides[0], Duration.ofMillis(1));
            stalled += Math.max(
                    0, network.nanos() - before - Duration.ofMillis(300).toNanos());
            network.runFor(Duration.ofMillis(200));
        }
        final int seen = holes;
        final long lost = stalled;
        assertTrue(seen > 0);
        assertTrue(lost < Duration.ofMinutes(1).toNanos(), () -> lost / 1_000_000 + " ms in " + seen + " holes");
        assertEquals(sides[0].settled.size(), sides[1].received.size());
    }

    static LongStream someSeeds() {
        return Seeds.oneIn(5); // each takes a third of a second
    }

    @ParameterizedTest
    @MethodSource("someSeeds")
    void noMessageIsLostOrDoubledWhileTheSizeOfThePathChanges(long seed) {
        Seeds.run(seed, s -> {
            final SimNetwork network = SimNetwork.seeded(s);
            final RandomGenerator random = network.random();
            network.loss(random.nextInt(6) / 100.0)
                    .duplicate(random.nextInt(5) / 100.0)
                    .reorder(random.nextInt(10) / 100.0, Duration.ofMillis(20))
                    .delayMillis(1 + random.nextInt(10), 11 + random.nextInt(20));
            final Side[] sides = pair(network, DatagramSizes.upTo(DatagramSizes.LARGEST));
            final List<List<String>> sent = List.of(new ArrayList<>(), new ArrayList<>());
            for (int i = 0; i < 60; i++) {
                for (int k = 0; k < 2; k++) {
                    final String text = i + "-" + "x".repeat(random.nextInt(random.nextBoolean() ? 300 : 60_000));
                    sent.get(k).add(text);
                    sides[k].send(text);
                }
                if (random.nextInt(6) == 0) {
                    network.mtu(random.nextBoolean() ? 65_507 : 1_200 + random.nextInt(10_000));
                }
                network.runFor(Duration.ofMillis(random.nextInt(500)));
            }
            assertTrue(
                    network.runUntil(() -> sides[0].settled.size() == 60 && sides[1].settled.size() == 60, LIMIT),
                    () -> "left " + sides[0].settled.size() + ", right " + sides[1].settled.size());
            for (int k = 0; k < 2; k++) {
                assertEquals(sent.get(1 - k), sides[k].received);
                assertTrue(sides[k].settled.stream().allMatch(one -> one.outcome() == Outcome.DELIVERED));
            }
        });
    }
}
