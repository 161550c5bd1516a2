package dev.cutlass.proto;

import static dev.cutlass.proto.Alone.MS;
import static dev.cutlass.proto.Alone.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.fixtures.NatKind;
import dev.cutlass.fixtures.Seeds;
import dev.cutlass.fixtures.SimNat;
import dev.cutlass.fixtures.SimNetwork;
import dev.cutlass.fixtures.SimSocket;
import dev.cutlass.wire.NewConnectionIdFrame;
import dev.cutlass.wire.PacketHeader;
import dev.cutlass.wire.PathChallengeFrame;
import dev.cutlass.wire.PathResponseFrame;
import dev.cutlass.wire.PingFrame;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Addresses that change, on purpose or not: docs/protocol.md section 4.5. */
class ConnectionPathTest {
    private static final InetSocketAddress ELSEWHERE = new InetSocketAddress("198.51.100.9", 999);

    private static long bytesTo(List<Output> outputs, InetSocketAddress to) {
        return outputs.stream()
                .filter(output -> output instanceof Output.Transmit transmit
                        && transmit.to().equals(to))
                .mapToLong(output -> ((Output.Transmit) output).length())
                .sum();
    }

    @Test
    void anAddressThatDoesNotAnswerGetsAtMostThreeTimesWhatCameFromThere() {
        final Alone alone = new Alone(false);
        alone.connection.admit(0);
        alone.hear(new PingFrame(0));
        final List<Output> outputs = new ArrayList<>();
        long received = 0;
        for (int i = 0; i < 50; i++) {
            alone.now += 20 * MS;
            outputs.addAll(alone.hear(ELSEWHERE, 0, new PingFrame(i)));
            received += PacketHeader.MIN_PACKET_LENGTH + 10;
            assertTrue(bytesTo(outputs, ELSEWHERE) <= 3 * received);
        }
        outputs.addAll(alone.runTo(alone.now + 20 * SECOND));
        assertTrue(bytesTo(outputs, ELSEWHERE) > 0, "it was challenged");
        assertTrue(bytesTo(outputs, ELSEWHERE) <= 3 * received);
        assertEquals(0, Alone.count(outputs, Output.PathUsed.class));
        assertEquals(Alone.PEER, alone.connection.paths().primary().address());
        assertTrue(alone.connection.paths().isSingle(), "given up");
    }

    @Test
    void theResponseHasToComeFromWhereTheChallengeWent() {
        final Alone alone = new Alone(false);
        alone.hear(ELSEWHERE, 0, new PingFrame(1));
        final long data = alone.connection.paths().all().get(1).challenge();
        alone.hear(Alone.PEER, 0, new PathResponseFrame(data));
        alone.hear(ELSEWHERE, 0, new PathResponseFrame(data + 1));
        alone.hear(ELSEWHERE, 3, new PathResponseFrame(data));
        assertEquals(0, Alone.count(alone.outputs, Output.PathUsed.class));
        alone.hear(ELSEWHERE, 0, new PingFrame(2));
        final long again = alone.connection.paths().all().get(1).challenge();
        final List<Output> outputs = alone.hear(ELSEWHERE, 0, new PathResponseFrame(again));
        assertTrue(outputs.contains(new Output.PathUsed(ELSEWHERE, 0)));
        assertEquals(ELSEWHERE, alone.connection.paths().primary().address());
    }

    @Test
    void anOldPacketFromElsewhereMovesNothing() {
        final Alone alone = new Alone(false);
        final byte[] old = alone.peer.packet(100, 0, 50, new PingFrame(1));
        alone.hearBytes(alone.peer.packet(100, 0, 51, new PingFrame(1)), Alone.PEER, 0);
        alone.hearBytes(old, ELSEWHERE, 0);
        assertEquals(0, bytesTo(alone.drain(), ELSEWHERE));
        assertTrue(alone.connection.paths().isSingle());
    }

    @Test
    void aPacketRepeatedFromElsewhereDoesNotMoveUsWhileTheNewestComeFromThePeer() {
        final Alone alone = new Alone(false);
        alone.hear(ELSEWHERE, 0, new PingFrame(1)); // somebody was faster than the peer
        alone.hear(Alone.PEER, 0, new PingFrame(2));
        final long data = alone.connection.paths().all().get(1).challenge();
        alone.hear(ELSEWHERE, 0, new PathResponseFrame(data)); // and carries the answer there, too
        assertEquals(Alone.PEER, alone.connection.paths().primary().address());
    }

    @Test
    void aChallengeIsAnsweredWhereItCameFromAndMovesNothing() {
        final Alone alone = new Alone(false);
        alone.hear(new NewConnectionIdFrame(1, 0, 201));
        final List<Output> outputs = alone.hearOn(1, ELSEWHERE, 0, new PathChallengeFrame(77));
        assertTrue(bytesTo(outputs, ELSEWHERE) > 0);
        assertTrue(bytesTo(outputs, ELSEWHERE) <= 3 * (PacketHeader.MIN_PACKET_LENGTH + 10));
        final Output.Transmit answer = (Output.Transmit) outputs.get(0);
        assertEquals(201, PacketHeader.connectionId(answer.datagram(), 0), "under a fresh id, as the peer did");
        assertEquals(Alone.PEER, alone.connection.paths().primary().address());
    }

    @Test
    void aProbeThatNobodyAnswersIsTriedThreeTimesAndItsChannelFreed() {
        final Alone alone = new Alone(false);
        alone.hear(new NewConnectionIdFrame(1, 0, 201));
        alone.connection.probe(Alone.PEER, 4, 0);
        alone.hear(new PingFrame(1));
        alone.runTo(30 * SECOND);
        final List<Output.Transmit> probes = alone.outputs.stream()
                .filter(Output.Transmit.class::isInstance)
                .map(Output.Transmit.class::cast)
                .filter(transmit -> transmit.channel() == 4)
                .toList();
        assertEquals(3, probes.size());
        for (Output.Transmit probe : probes) {
            assertEquals(201, PacketHeader.connectionId(probe.datagram(), 0));
            assertEquals(PacketHeader.BASE_PACKET_LENGTH, probe.length());
        }
        assertTrue(alone.outputs.contains(new Output.ChannelFree(4)));
        assertTrue(alone.connection.paths().isSingle());
    }

    @Test
    void thePeerMayTakeItsIdsBack() {
        final Alone alone = new Alone(false);
        alone.hear(new NewConnectionIdFrame(1, 0, 201));
        alone.hear(new NewConnectionIdFrame(2, 2, 202));
        final Output.Transmit next = (Output.Transmit) alone.hear(new PingFrame(1)).stream()
                .filter(Output.Transmit.class::isInstance)
                .findFirst()
                .orElseThrow();
        assertEquals(202, PacketHeader.connectionId(next.datagram(), 0));
        assertEquals(1, alone.connection.remoteIds().size());
        assertNotNull(alone.connection.remoteIds().bySequence(2));
    }

    private static void run(SimNetwork network, Side[] sides, int count, String name) {
        final int before = sides[1].settled.size();
        for (int i = 0; i < count; i++) {
            sides[0].send(name + i);
            sides[1].send(name + i);
            network.runFor(Duration.ofMillis(3));
        }
        assertTrue(
                network.runUntil(
                        () -> sides[0].settled.size() == before + count && sides[1].settled.size() == before + count,
                        Duration.ofMinutes(2)),
                name);
        assertEquals(sides[0].received, sides[1].received);
    }

    @ParameterizedTest
    @MethodSource("dev.cutlass.fixtures.Seeds#all")
    void addressesChangeAndEverythingArrives(long seed) {
        Seeds.run(seed, s -> {
            final SimNetwork network = SimNetwork.seeded(s);
            final RandomGenerator random = network.random();
            network.loss(random.nextInt(16) / 100.0).delayMillis(2, 40);
            final SimNat nat = network.nat(NatKind.values()[random.nextInt(NatKind.values().length)]);
            final Side[] sides = Side.pair(
                    network,
                    nat.host("left"),
                    network.host("right"),
                    ConnectionConfig.defaults(),
                    AeadAlgorithm.AES_256_GCM,
                    EpochKeys.PACKETS_PER_EPOCH);
            sides[0].admit();
            sides[1].admit();
            sides[0].connection.ping(network.nanos()); // opens the NAT, as the handshake would
            sides[0].drain();
            run(network, sides, 5, "first");
            for (int i = 0; i < 4; i++) {
                switch (random.nextInt(3)) {
                    case 0 -> nat.rebind();
                    case 1 -> nat.changeAddress();
                    default -> {
                        sides[0].host.move();
                        sides[0].connection.networkChanged(network.nanos());
                        sides[0].drain();
                    }
                }
                run(network, sides, 5, "round" + i + "-");
            }
            assertTrue(sides[0].connection.isOpen() && sides[1].connection.isOpen());
            assertTrue(sides[0].ids.size() <= LocalIds.VALID && sides[1].ids.size() <= LocalIds.VALID);
        });
    }

    @Test
    void aBackConnectedSocketIsUsedOnceItAnsweredAndLeftAtOnceWhenItFails() {
        final SimNetwork network = SimNetwork.seeded(1).delayMillis(5, 5);
        final Side[] sides = Side.pair(network, ConnectionConfig.defaults(), AeadAlgorithm.AES_256_GCM);
        final Side left = sides[0];
        final Side right = sides[1];
        left.admit();
        right.admit();
        run(network, sides, 3, "before");
        final long firstId = right.connection.paths().primary().via().id();
        final SimSocket own = right.host.connect(0, left.address());
        right.open(7, own);
        right.connection.probe(left.address(), 7, network.nanos());
        right.drain();
        run(network, sides, 3, "after");
        assertEquals(7, right.connection.info(network.nanos()).channel());
        assertNotEquals(firstId, right.connection.paths().primary().via().id());
        assertEquals(own.address(), left.connection.info(network.nanos()).address(), "both directions use it");

        right.connection.pathFailed(7, network.nanos());
        right.drain();
        assertEquals(0, right.connection.info(network.nanos()).channel());
        assertEquals(firstId, right.connection.paths().primary().via().id());
        assertEquals(1, right.count(Output.ChannelFree.class));
        run(network, sides, 3, "failed");
        assertEquals(right.address(), left.connection.info(network.nanos()).address());
        assertTrue(left.connection.isOpen() && right.connection.isOpen());
    }

    @Test
    void aSilentPathIsLeftForTheOneBefore() {
        final SimNetwork network = SimNetwork.seeded(1).delayMillis(5, 5);
        final Side[] sides = Side.pair(network, ConnectionConfig.defaults(), AeadAlgorithm.AES_256_GCM);
        sides[0].admit();
        sides[1].admit();
        run(network, sides, 3, "before");
        final SimSocket own = sides[1].host.connect(0, sides[0].address());
        sides[1].open(7, own);
        sides[1].connection.probe(sides[0].address(), 7, network.nanos());
        sides[1].drain();
        run(network, sides, 3, "after");
        sides[1].channels.remove(7).close(); // nobody says so
        sides[1].host.hideClosedPorts(true);
        run(network, sides, 3, "silent");
        assertEquals(0, sides[1].connection.info(network.nanos()).channel());
    }

    @Test
    void anIcmpErrorOnTheOnlyPathIsNoMoreThanAPing() {
        final Alone alone = new Alone(false);
        alone.connection.pathFailed(0, 0);
        assertEquals(1, Alone.count(alone.drain(), Output.Transmit.class));
        assertTrue(alone.connection.isOpen());
    }
}
