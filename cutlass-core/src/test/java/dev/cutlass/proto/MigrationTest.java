package dev.cutlass.proto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.fixtures.NatKind;
import dev.cutlass.fixtures.Seeds;
import dev.cutlass.fixtures.SimNat;
import dev.cutlass.fixtures.SimNetwork;
import dev.cutlass.proto.message.Outcome;
import dev.cutlass.proto.recovery.CongestionController;
import dev.cutlass.wire.PacketHeader;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Connections that move while much is under way: docs/protocol.md section 4.5. {@link Side} checks the 3x rule in all of them. */
class MigrationTest {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final String LONG = "x".repeat(60_000);

    static LongStream seeds() {
        return Seeds.oneIn(10);
    }

    private static Side[] pair(SimNetwork network, SimNat nat) {
        final Side[] sides = Side.pair(
                network,
                nat == null ? network.host("left") : nat.host("left"),
                network.host("right"),
                ConnectionConfig.defaults().withDatagrams(DatagramSizes.upTo(DatagramSizes.LARGEST)),
                AeadAlgorithm.AES_256_GCM,
                EpochKeys.PACKETS_PER_EPOCH);
        for (Side side : sides) {
            side.largestDatagram = DatagramSizes.LARGEST;
            side.admit();
        }
        for (int i = 0;
                !sides[0].connection.isOpen();
                i++) { // as often as the handshake repeats flight 3, until it is heard
            assertTrue(i < 100, "a connection that is never confirmed");
            sides[1].connection.repeatConfirmation(network.nanos());
            sides[1].drain();
            network.runFor(Duration.ofMillis(200));
        }
        return sides;
    }

    private static void networkChanged(Side side) {
        side.connection.networkChanged(side.now());
        side.drain();
    }

    private static int size(Side side) {
        return side.connection.info(side.now()).packetSize();
    }

    private static long window(Side side) {
        return side.connection.info(side.now()).window();
    }

    private static void deliverAll(SimNetwork network, Side[] sides, List<List<String>> sent) {
        assertTrue(
                network.runUntil(
                        () -> sides[0].settled.size() == sent.get(0).size()
                                && sides[1].settled.size() == sent.get(1).size(),
                        LIMIT),
                () -> "left " + sides[0].settled.size() + " of " + sent.get(0).size() + ", right "
                        + sides[1].settled.size() + " of " + sent.get(1).size());
        for (int k = 0; k < 2; k++) {
            assertEquals(sent.get(1 - k), sides[k].received);
            assertTrue(sides[k].settled.stream().allMatch(one -> one.outcome() == Outcome.DELIVERED));
        }
    }

    /** Messages of all sizes both ways, the search for the packet size going on, and one side on the road. */
    @ParameterizedTest
    @MethodSource("seeds")
    void underLoadNoMessageIsLostOrDoubledWhateverMoves(long seed) {
        Seeds.run(seed, s -> {
            final SimNetwork network = SimNetwork.seeded(s);
            final RandomGenerator random = network.random();
            network.loss(random.nextInt(6) / 100.0)
                    .duplicate(random.nextInt(5) / 100.0)
                    .reorder(random.nextInt(10) / 100.0, Duration.ofMillis(20))
                    .delayMillis(1 + random.nextInt(20), 21 + random.nextInt(20))
                    .mtu(1_200 + random.nextInt(9_000));
            final SimNat home = network.nat(NatKind.values()[random.nextInt(NatKind.values().length)]);
            final SimNat cafe = network.nat(NatKind.PORT_FILTERED);
            final Side[] sides = pair(network, home);
            final Side left = sides[0];
            final List<List<String>> sent = List.of(new ArrayList<>(), new ArrayList<>());
            for (int i = 0; i < 40; i++) {
                for (int k = 0; k < 2; k++) {
                    final String text = i + "-" + "x".repeat(random.nextInt(random.nextBoolean() ? 300 : 60_000));
                    sent.get(k).add(text);
                    sides[k].send(text);
                }
                switch (random.nextInt(10)) {
                    case 0 -> {
                        home.rebind(); // nobody notices
                        cafe.rebind();
                    }
                    case 1 -> {
                        home.changeAddress();
                        cafe.changeAddress();
                    }
                    case 2 -> {
                        left.host.move();
                        networkChanged(left);
                    }
                    case 3 -> left.host.move(); // not told: the next packet shows it
                    case 4 -> {
                        left.host.moveBehind(cafe, Duration.ofMillis(random.nextInt(100)));
                        networkChanged(left);
                    }
                    case 5 -> networkChanged(left); // but it has not
                    case 6 -> network.mtu(1_200 + random.nextInt(9_000));
                    default -> {}
                }
                network.runFor(Duration.ofMillis(random.nextInt(400)));
            }
            deliverAll(network, sides, sent);
            assertTrue(left.connection.isOpen() && sides[1].connection.isOpen());
            for (Side side : sides) {
                final List<Output.IdIssued> issued = side.outputs(Output.IdIssued.class);
                assertEquals(issued.size(), new HashSet<>(issued).size(), "an id twice");
                assertTrue(side.ids.size() <= LocalIds.VALID);
            }
        });
    }

    /** RFC 9000 section 9.5: who sees all datagrams of both networks, but not which of their ends is the same, finds nothing in common. */
    @ParameterizedTest
    @MethodSource("seeds")
    void noIdIsSeenOnTwoNetworks(long seed) {
        Seeds.run(seed, s -> {
            final SimNetwork network = SimNetwork.seeded(s).loss(0.01).delayMillis(5, 25);
            final Side[] sides = pair(network, null);
            final InetAddress right = sides[1].host.address();
            final Map<Long, Set<InetAddress>> places = new HashMap<>();
            network.intercept((now, from, to, payload) -> {
                places.computeIfAbsent(PacketHeader.connectionId(payload, 0), id -> new HashSet<>())
                        .add(from.getAddress().equals(right) ? to.getAddress() : from.getAddress());
                return payload;
            });
            final List<List<String>> sent = List.of(new ArrayList<>(), new ArrayList<>());
            for (int i = 0; i < 10; i++) {
                for (int k = 0; k < 2; k++) {
                    for (String text : List.of("small " + i, LONG + i)) {
                        sent.get(k).add(text);
                        sides[k].send(text);
                    }
                }
                network.runFor(Duration.ofMillis(network.random().nextInt(30))); // much is in flight
                sides[0].host.move();
                networkChanged(sides[0]);
                network.runFor(Duration.ofSeconds(2)); // for fresh ids
            }
            deliverAll(network, sides, sent);
            places.forEach((id, seen) -> assertEquals(1, seen.size(), () -> "one id at " + seen));
            assertTrue(places.size() >= 2 * 10, "each side uses another id on each network");
        });
    }

    @Test
    void pathIdsAreNeverUsedAgainAndFreshOnesDoNotRunOut() {
        final SimNetwork network = SimNetwork.seeded(1).delayMillis(5, 5);
        final Side[] sides = pair(network, null);
        long last = 0;
        for (int i = 1; i <= 100; i++) {
            sides[0].host.move();
            networkChanged(sides[0]);
            network.runFor(Duration.ofMillis(100));
            sides[0].send("there " + i);
            sides[1].send("back " + i);
            network.runFor(Duration.ofMillis(100));
            final long present = sides[0].connection.paths().primary().via().sequence();
            assertEquals(last + 1, present);
            assertEquals(i, sides[1].connection.paths().primary().via().sequence());
            last = present;
        }
        assertEquals(100, sides[0].received.size());
        assertEquals(100, sides[1].received.size());
    }

    @Test
    void whoseNetworkChangesFasterThanThePeerGivesIdsGoesOnWithTheLast() {
        final SimNetwork network = SimNetwork.seeded(1).delayMillis(50, 50);
        final Side[] sides = pair(network, null);
        for (int i = 0; i < 20; i++) {
            sides[0].host.move();
            networkChanged(sides[0]);
            sides[0].send("there " + i);
            sides[1].send("back " + i);
        }
        assertTrue(network.runUntil(
                () -> sides[0].received.size() == 20 && sides[1].received.size() == 20, Duration.ofSeconds(30)));
        assertEquals(
                sides[0].host.address(),
                sides[1].connection.info(network.nanos()).address().getAddress());
    }

    private static void grow(SimNetwork network, Side[] sides) {
        final List<List<String>> sent = List.of(new ArrayList<>(sides[1].received), new ArrayList<>(sides[0].received));
        for (int i = 0; i < 100; i++) {
            for (int k = 0; k < 2; k++) {
                sent.get(k).add(LONG);
                sides[k].send(LONG);
            }
            network.runFor(Duration.ofMillis(20));
        }
        for (int k = 0; k < 2; k++) {
            assertTrue(window(sides[k]) > 2 * CongestionController.initialWindow(size(sides[k])), "grown");
        }
        deliverAll(network, sides, sent);
    }

    @Test
    void aNewPathBeginsWithTheInitialWindowAndWithoutARoundTripOrAPacketSize() {
        final SimNetwork network = SimNetwork.seeded(2).delayMillis(20, 20).mtu(8_972);
        final Side[] sides = pair(network, null);
        grow(network, sides);
        assertEquals(8_972, size(sides[0]));
        assertEquals(8_972, size(sides[1]));
        for (int i = 0; i < 20; i++) {
            sides[0].send(LONG); // and much is in flight
            sides[1].send(LONG);
        }
        network.runFor(Duration.ofMillis(5));
        sides[0].host.move();
        networkChanged(sides[0]);
        assertEquals(1_200, size(sides[0]));
        assertEquals(0, sides[0].connection.info(network.nanos()).roundTrip());
        assertTrue(window(sides[0]) <= CongestionController.initialWindow(1_200));
        final long moves = sides[1].count(Output.PathUsed.class);
        assertTrue(network.runUntil(() -> sides[1].count(Output.PathUsed.class) > moves, Duration.ofSeconds(1)));
        assertEquals(1_200, size(sides[1]));
        assertTrue(window(sides[1]) <= CongestionController.initialWindow(1_200));
        final int before = sides[0].received.size();
        network.runUntil(() -> sides[0].received.size() == before + 20, Duration.ofSeconds(10));
        grow(network, sides);
        assertEquals(8_972, size(sides[0]), "the search begins again");
        assertEquals(8_972, size(sides[1]));
    }

    /** RFC 9000 section 9.4, where the id stays: what is acknowledged of the old path says nothing about the new one. */
    @Test
    void afterAnUnnoticedChangeOfTheAddressTheWindowStartsAnewAndAfterOneOfThePortItDoesNot() {
        final SimNetwork network = SimNetwork.seeded(3).delayMillis(20, 20);
        final SimNat nat = network.nat(NatKind.OPEN);
        final Side[] sides = pair(network, nat);
        final Side right = sides[1];
        for (boolean port : new boolean[] {true, false}) {
            grow(network, sides);
            final long moves = right.count(Output.PathUsed.class);
            final long before = window(right);
            final long roundTrip = right.connection.info(network.nanos()).leastRoundTrip();
            if (port) {
                nat.rebind();
            } else {
                nat.changeAddress();
            }
            right.send(LONG);
            sides[0].send("here");
            assertTrue(network.runUntil(() -> right.count(Output.PathUsed.class) > moves, Duration.ofSeconds(5)));
            if (port) {
                assertTrue(window(right) > before / 4, () -> window(right) + " after " + before);
                assertEquals(roundTrip, right.connection.info(network.nanos()).leastRoundTrip());
            } else {
                assertTrue(window(right) <= CongestionController.initialWindow(1_200), () -> "" + window(right));
                assertEquals(0, right.connection.info(network.nanos()).roundTrip());
            }
            assertEquals(1_200, size(right));
            final int all = right.settled.size() + 1;
            assertTrue(network.runUntil(() -> right.settled.size() == all, Duration.ofSeconds(10)));
        }
    }

    @Test
    void whoMovesSaysSoAtOnceAndIsHeardThereWithinTwoRoundTrips() {
        final SimNetwork network = SimNetwork.seeded(4).delayMillis(50, 50);
        final Side[] sides = pair(network, null);
        network.runFor(Duration.ofSeconds(1));
        final long old = sides[0].connection.paths().primary().via().id();
        sides[0].host.move();
        networkChanged(sides[0]);
        assertNotEquals(old, sides[0].connection.paths().primary().via().id());
        sides[1].send("where are you?");
        network.runFor(Duration.ofMillis(110));
        assertEquals(List.of(), sides[0].received, "it went to the old address");
        assertFalse(sides[0].connection.paths().primary().via().id() == old);
        assertTrue(network.runUntil(() -> !sides[0].received.isEmpty(), Duration.ofMillis(100)));
    }
}
