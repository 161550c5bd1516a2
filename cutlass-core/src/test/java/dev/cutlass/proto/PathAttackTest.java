package dev.cutlass.proto;

import static dev.cutlass.proto.Alone.MS;
import static dev.cutlass.proto.Alone.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.crypto.noise.Role;
import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.fixtures.Participant;
import dev.cutlass.fixtures.Seeds;
import dev.cutlass.fixtures.SimDatagram;
import dev.cutlass.fixtures.SimHost;
import dev.cutlass.fixtures.SimNetwork;
import dev.cutlass.fixtures.SimSocket;
import dev.cutlass.proto.message.Outcome;
import dev.cutlass.wire.AckFrame;
import dev.cutlass.wire.AckRanges;
import dev.cutlass.wire.Frame;
import dev.cutlass.wire.NewConnectionIdFrame;
import dev.cutlass.wire.PathChallengeFrame;
import dev.cutlass.wire.PathResponseFrame;
import dev.cutlass.wire.PingFrame;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers that lie about their address, and others that lie about a peer's: RFC 9000 sections 9.3.1 to 9.3.3 and 21.5. */
class PathAttackTest {
    private static final InetSocketAddress VICTIM = new InetSocketAddress("198.51.100.9", 999);
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final int LEAST_LENGTH = 30;

    static LongStream seeds() {
        return Seeds.oneIn(5);
    }

    private static InetSocketAddress address(int number) {
        return new InetSocketAddress("203.0." + (number >> 8 & 255) + "." + (number & 255), 1_024 + (number >> 16));
    }

    private static long bytes(List<Output> outputs) {
        return outputs.stream()
                .filter(Output.Transmit.class::isInstance)
                .mapToLong(output -> ((Output.Transmit) output).length())
                .sum();
    }

    private static Alone admitted() {
        final Alone alone = new Alone(false);
        alone.connection.admit(0);
        for (int i = 1; i <= 3; i++) {
            alone.hear(new NewConnectionIdFrame(i, 0, 200 + i));
        }
        alone.runTo(SECOND);
        return alone;
    }

    // the peer itself: section 9.3.1

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPeerThatClaimsThousandsOfAddressesCostsThreeTimesItsBytesAndOnePlace(boolean challenges) {
        final Alone alone = admitted();
        long received = 0;
        long elsewhere = 0;
        for (int i = 0; i < 3_000; i++) {
            alone.now += MS;
            final InetSocketAddress from = address(i);
            final List<Output> outputs = alone.hear(from, 0, challenges ? new PathChallengeFrame(i) : new PingFrame(i));
            received += LEAST_LENGTH + 9;
            for (Output output : outputs) {
                if (output instanceof Output.Transmit transmit && !transmit.to().equals(Alone.PEER)) {
                    assertEquals(from, transmit.to());
                    elsewhere += transmit.length();
                }
            }
            assertTrue(alone.connection.paths().all().size() <= 4);
            assertTrue(elsewhere <= 3 * received);
        }
        assertEquals(4, alone.connection.remoteIds().size(), "no id of the peer was used up");
        assertEquals(Alone.PEER, alone.connection.paths().primary().address());
        alone.runTo(alone.now + 30 * SECOND);
        assertTrue(alone.connection.paths().isSingle());
    }

    /** Section 21.5.6; who is on the same machine may of course be talked to there. */
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.9.9.9", "::1", "0.0.0.0", "::", "224.0.0.1", "ff02::1"})
    void nobodyMovesUsToOurOwnMachineOrToMany(String host) {
        final Alone alone = admitted();
        final InetSocketAddress there = new InetSocketAddress(host, 53);
        final List<Output> outputs = alone.hear(there, 0, new PingFrame(1));
        outputs.addAll(alone.hear(there, 0, new PathChallengeFrame(1)));
        outputs.addAll(alone.runTo(alone.now + 10 * SECOND));
        assertTrue(outputs.stream()
                .noneMatch(output -> output instanceof Output.Transmit transmit
                        && transmit.to().equals(there)));
    }

    @Test
    void aChallengeIsNeverAnsweredWithMoreThanThreeTimesItsBytesEvenWhereThePathIsProved() {
        final Alone alone = admitted();
        for (InetSocketAddress from : List.of(Alone.PEER, VICTIM)) {
            for (int i = 0; i < 100; i++) {
                alone.now += 200 * MS; // so that the PING of each comes along, too
                final long answer = alone.hear(from, 0, new PathChallengeFrame(i)).stream()
                        .filter(output -> output instanceof Output.Transmit transmit
                                && transmit.to().equals(from))
                        .mapToLong(output -> ((Output.Transmit) output).length())
                        .max()
                        .orElse(0);
                assertTrue(answer <= 3 * (LEAST_LENGTH + 9), () -> answer + " bytes");
            }
        }
    }

    @Test
    void aFloodOfChallengesIsAnsweredPacketByPacketAndLeavesNothingBehind() {
        final Alone alone = admitted();
        int packets = 0;
        for (int i = 0; i < 10_000; i++) {
            packets += (int) Alone.count(
                    alone.hear(new PathChallengeFrame(i), new PathChallengeFrame(~i), new PathResponseFrame(i)),
                    Output.Transmit.class);
        }
        assertTrue(packets <= 10_000 * 3 / 2 + 10, packets + " packets"); // and an ACK of every second
        assertTrue(alone.connection.paths().isSingle());
        assertTrue(alone.connection.isOpen());
        assertTrue(bytes(alone.drain()) == 0);
    }

    @Test
    void aFloodOfAcksIsAnsweredWithNothing() {
        final Alone alone = admitted();
        final long last = alone.connection.paths().primary().recovery().largestAcked();
        alone.hear(new PingFrame(1));
        final long next = alone.connection.paths().primary().recovery().nextNumber() - 1;
        final List<Output> outputs = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            outputs.addAll(alone.hear(new AckFrame(0, AckRanges.of(next, i % (next + 1)), i)));
        }
        assertTrue(Alone.count(outputs, Output.Transmit.class) <= 2, "what an ACK set free");
        assertTrue(last < next);
    }

    @Test
    void anAddressThatWasThePeersLongAgoIsChallengedAnew() {
        final Alone alone = admitted();
        alone.hear(VICTIM, 0, new PingFrame(1));
        final long data = alone.connection.paths().all().get(1).challenge();
        alone.hear(VICTIM, 0, new PathResponseFrame(data));
        assertEquals(VICTIM, alone.connection.paths().primary().address());
        alone.now += Paths.RECENT_NANOS;
        alone.hear(Alone.PEER, 0, new PingFrame(2));
        assertEquals(Alone.PEER, alone.connection.paths().primary().address(), "just now");
        alone.now += Paths.RECENT_NANOS + 1;
        alone.hear(VICTIM, 0, new PingFrame(3));
        assertEquals(Alone.PEER, alone.connection.paths().primary().address(), "first it has to answer");
        final long again = alone.connection
                .paths()
                .all()
                .get(alone.connection.paths().all().size() - 1)
                .challenge();
        alone.hear(VICTIM, 0, new PathResponseFrame(again));
        assertEquals(VICTIM, alone.connection.paths().primary().address());
    }

    @Test
    void numbersOfTheFarFutureTakeNoMemoryAndHurtOnlyTheirSender() {
        final Alone alone = admitted();
        long number = 1_000;
        long longest = 0;
        for (int i = 0; i < 2_000; i++) {
            number += 1L << 30;
            alone.now += 30 * MS;
            alone.hearBytes(alone.peer.packet(100, 0, number, new PingFrame(i)), Alone.PEER, 0);
            for (Output output : alone.runTo(alone.now)) {
                if (output instanceof Output.Transmit transmit) {
                    longest = Math.max(longest, transmit.length());
                }
            }
        }
        assertTrue(alone.connection.isOpen());
        assertTrue(longest <= 1_200 && longest > 0);
        assertEquals(number, alone.connection.localIds().bySequence(0).largest());
        alone.hearBytes(alone.peer.packet(100, 0, 999, new PingFrame(0)), Alone.PEER, 0);
        assertEquals(1, alone.connection.drops(PacketDrop.FORGED) + alone.connection.drops(PacketDrop.REPLAYED));
    }

    // somebody else: sections 9.3.2 and 9.3.3

    private static Side[] pair(SimNetwork network) {
        final Side[] sides = Side.pair(network, ConnectionConfig.defaults(), AeadAlgorithm.AES_256_GCM);
        sides[0].admit();
        sides[1].admit();
        network.runFor(Duration.ofSeconds(1));
        return sides;
    }

    private static void talk(SimNetwork network, Side[] sides, List<List<String>> sent, int count) {
        for (int i = 0; i < count; i++) {
            for (int k = 0; k < 2; k++) {
                final String text = sent.get(k).size() + "-" + "x".repeat(i % 4 == 0 ? 5_000 : 10);
                sent.get(k).add(text);
                sides[k].send(text);
            }
            network.runFor(Duration.ofMillis(network.random().nextInt(40)));
        }
    }

    private static void assertAllArrived(SimNetwork network, Side[] sides, List<List<String>> sent) {
        assertTrue(network.runUntil(
                () -> sides[0].settled.size() == sent.get(0).size()
                        && sides[1].settled.size() == sent.get(1).size(),
                LIMIT));
        for (int k = 0; k < 2; k++) {
            assertEquals(sent.get(1 - k), sides[k].received);
            assertTrue(sides[k].settled.stream().allMatch(one -> one.outcome() == Outcome.DELIVERED));
        }
    }

    private static boolean isOnTruePath(Side[] sides) {
        return sides[0].connection.info(sides[0].now()).address().equals(sides[1].address())
                && sides[1].connection.info(sides[1].now()).address().equals(sides[0].address());
    }

    /** Section 9.3.2: some packets of the peer come from elsewhere, where nobody answers. */
    @ParameterizedTest
    @MethodSource("seeds")
    void anOnPathAttackerThatRewritesAddressesMovesNobody(long seed) {
        Seeds.run(seed, s -> {
            final SimNetwork network = SimNetwork.seeded(s).delayMillis(5, 20);
            final Side[] sides = pair(network);
            final RandomGenerator random = network.random();
            final int share = 1 + random.nextInt(3);
            final List<List<String>> sent = List.of(new ArrayList<>(), new ArrayList<>());
            network.intercept((now, from, to, payload) -> {
                if (from.equals(sides[0].address()) && random.nextInt(4) < share) {
                    network.inject(payload, address(random.nextInt(3)), to);
                    return random.nextBoolean() ? payload : null;
                }
                return payload;
            });
            talk(network, sides, sent, 30);
            assertEquals(0, sides[1].count(Output.PathUsed.class));
            network.intercept(null);
            assertAllArrived(network, sides, sent);
            assertTrue(isOnTruePath(sides));
        });
    }

    /** Another address for every packet, each a copy that comes before the packet itself. */
    @Test
    void racedCopiesFromThousandsOfAddressesDoNotHurtTheConversation() {
        final SimNetwork network = SimNetwork.seeded(7).delayMillis(5, 5);
        final Side[] sides = pair(network);
        final List<List<String>> sent = List.of(new ArrayList<>(), new ArrayList<>());
        final int[] raced = new int[1];
        network.intercept((now, from, to, payload) -> {
            network.inject(payload, address(raced[0]++), to);
            return payload;
        });
        talk(network, sides, sent, 300);
        assertAllArrived(network, sides, sent);
        assertTrue(raced[0] > 1_000);
        assertTrue(isOnTruePath(sides));
        for (Side side : sides) {
            assertEquals(0, side.count(Output.PathUsed.class));
            assertTrue(side.connection.paths().all().size() <= 4);
            assertEquals(LocalIds.VALID, side.connection.remoteIds().size());
        }
    }

    /** Forwards what it sees of one side to the other, and back, faster than their own path. */
    private static final class Forwarder implements Participant {
        private final SimNetwork network;
        private final Side[] sides;
        private final SimSocket[] sockets = new SimSocket[2];
        boolean copies = true;

        /** Whether what it brings back seems to come from its true sender: then only one side takes it for the other. */
        boolean hides;

        Forwarder(SimNetwork network, Side[] sides) {
            this.network = network;
            this.sides = sides;
            final SimHost host = network.host("forwarder");
            sockets[0] = host.open(1_000); // what the right side takes for the left one
            sockets[1] = host.open(1_001);
            host.attach(this);
            network.intercept((now, from, to, payload) -> {
                for (int k = 0; k < 2; k++) {
                    if (copies
                            && !(hides && k == 1)
                            && from.equals(sides[k].address())
                            && to.equals(sides[1 - k].address())) {
                        network.inject(payload, sockets[k].address(), to);
                    }
                }
                return payload;
            });
        }

        @Override
        public long nextDeadline() {
            return NONE;
        }

        @Override
        public void turn(long now) {
            for (int k = 0; k < 2; k++) {
                for (SimDatagram datagram; (datagram = sockets[k].receive()) != null; ) {
                    final InetSocketAddress from = hides ? sides[1 - k].address() : sockets[1 - k].address();
                    network.inject(datagram.payload(), from, sides[k].address());
                }
            }
        }

        void vanish() {
            copies = false;
            sockets[0].close();
            sockets[1].close();
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whoForwardsPacketsFasterIsOnThePathAndLosesItWhenHeStops(long seed) {
        Seeds.run(seed, s -> {
            final SimNetwork network = SimNetwork.seeded(s);
            final RandomGenerator random = network.random();
            network.delayMillis(10, 30).loss(random.nextInt(3) / 100.0);
            final Side[] sides = pair(network);
            final List<List<String>> sent = List.of(new ArrayList<>(), new ArrayList<>());
            final Forwarder forwarder = new Forwarder(network, sides);
            talk(network, sides, sent, 20);
            assertFalse(isOnTruePath(sides), "he is faster");
            if (random.nextBoolean()) {
                forwarder.copies = false; // first he becomes slow, then he is gone
                talk(network, sides, sent, 3);
            }
            forwarder.vanish();
            talk(network, sides, sent, 5);
            assertAllArrived(network, sides, sent);
            assertTrue(network.runUntil(() -> isOnTruePath(sides), Duration.ofSeconds(30)));
        });
    }

    /** Section 9.3.3: the challenge on the path before brings the peer to say that it is still there. */
    @Test
    void oneRacedPacketOfASilentPeerIsFoundOutWithoutWaitingForItsNextWord() {
        final SimNetwork network = SimNetwork.seeded(9).delayMillis(10, 10);
        final Side[] sides = pair(network);
        network.runFor(Duration.ofSeconds(2));
        final Forwarder forwarder = new Forwarder(network, sides);
        forwarder.hides = true;
        sides[0].connection.ping(network.nanos());
        sides[0].drain();
        assertTrue(network.runUntil(() -> sides[1].count(Output.PathUsed.class) == 1, Duration.ofSeconds(1)));
        forwarder.copies = false; // he has what he wanted
        assertFalse(isOnTruePath(sides));
        assertTrue(network.runUntil(() -> isOnTruePath(sides), Duration.ofMillis(200)));
        forwarder.vanish();
        sides[1].send("still there?");
        assertTrue(network.runUntil(() -> sides[0].received.size() == 1, Duration.ofMillis(11)));
    }

    // the size of packets

    /** The peer acknowledges probes that the path swallowed, so that we send more that cannot arrive. */
    @Test
    void aPeerThatAcknowledgesProbesThatNeverCameGetsItsMessagesAllTheSame() {
        final SimNetwork network = SimNetwork.seeded(10).delayMillis(5, 5).mtu(1_472);
        final Side[] sides = Side.pair(
                network,
                ConnectionConfig.defaults().withDatagrams(DatagramSizes.upTo(DatagramSizes.LARGEST)),
                AeadAlgorithm.AES_256_GCM);
        final Side left = sides[0];
        left.largestDatagram = DatagramSizes.LARGEST;
        sides[0].admit();
        sides[1].admit();
        network.runFor(Duration.ofSeconds(1));
        final Wiretap asRight = new Wiretap(Role.RESPONDER, AeadAlgorithm.AES_256_GCM, 10);
        final LocalId id = left.connection.localIds().bySequence(1);
        final long[] lies = new long[1];
        left.connection.trace(new ConnectionTrace() {
            @Override
            public void packetSent(long path, long number, int bytes, List<Frame> frames, long now) {
                if (bytes > 1_472
                        && frames.get(0) instanceof PingFrame) { // what it says to have got, nobody sends again
                    final byte[] lie =
                            asRight.packet(id.id(), 1, lies[0]++, new AckFrame(0, AckRanges.of(number, number), 0));
                    network.after(Duration.ofMillis(10), () -> network.inject(lie, sides[1].address(), left.address()));
                }
            }
        });
        final String text = "x".repeat(60_000);
        for (int i = 1; i <= 40; i++) {
            final int expected = i;
            left.send(text);
            assertTrue(network.runUntil(() -> left.settled.size() == expected, LIMIT), "stuck");
        }
        assertTrue(lies[0] > 0);
        assertTrue(left.largestSent > 1_472);
        assertEquals(40, sides[1].received.size());
    }
}
