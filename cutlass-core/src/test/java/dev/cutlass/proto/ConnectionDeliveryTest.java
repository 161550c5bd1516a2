package dev.cutlass.proto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.event.CloseReason;
import dev.cutlass.fixtures.Seeds;
import dev.cutlass.fixtures.SimNetwork;
import dev.cutlass.proto.message.Outcome;
import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.CloseCode;
import dev.cutlass.wire.LimitsFrame;
import dev.cutlass.wire.MessageFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Pairs of connections over the simulated network: what is sent arrives, once and in order. */
class ConnectionDeliveryTest {
    private static final Duration LIMIT = Duration.ofMinutes(10);

    private static List<String> messages(String name, RandomGenerator random, int count) {
        final List<String> messages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            final int length = random.nextInt(10) == 0 ? random.nextInt(20_000) : random.nextInt(300);
            messages.add(name + i + "-" + "x".repeat(length));
        }
        return messages;
    }

    @ParameterizedTest
    @MethodSource("dev.cutlass.fixtures.Seeds#all")
    void everyMessageArrivesOnceAndInOrderBothWays(long seed) {
        Seeds.run(seed, s -> {
            final SimNetwork network = SimNetwork.seeded(s);
            final RandomGenerator random = network.random();
            network.loss(random.nextInt(31) / 100.0)
                    .duplicate(random.nextInt(10) / 100.0)
                    .reorder(random.nextInt(30) / 100.0, Duration.ofMillis(40))
                    .delayMillis(1 + random.nextInt(20), 30 + random.nextInt(100));
            final AeadAlgorithm aead = AeadAlgorithm.values()[random.nextInt(2)];
            final Side[] sides = Side.pair(network, ConnectionConfig.defaults(), aead);
            final List<String> toRight = messages("l", random, 40);
            final List<String> toLeft = messages("r", random, 40);
            sides[0].admit();
            sides[1].admit();
            for (int i = 0; i < 40; i++) {
                sides[0].send(toRight.get(i));
                sides[1].send(toLeft.get(i));
                network.runFor(Duration.ofMillis(random.nextInt(60)));
            }
            assertTrue(
                    network.runUntil(() -> sides[0].settled.size() == 40 && sides[1].settled.size() == 40, LIMIT),
                    () -> "left " + sides[0].settled.size() + ", right " + sides[1].settled.size());
            assertEquals(toRight, sides[1].received);
            assertEquals(toLeft, sides[0].received);
            for (Side side : sides) {
                assertTrue(side.settled.stream().allMatch(one -> one.outcome() == Outcome.DELIVERED));
                assertEquals(0, side.conversation.heldBytes());
                assertEquals(0, side.conversation.queued());
            }
            sides[0].connection.close(CloseCode.NORMAL, "bye", network.nanos());
            sides[0].drain();
            assertTrue(network.runUntil(
                    () -> sides[0].count(Output.Closed.class) == 1 && sides[1].count(Output.Closed.class) == 1, LIMIT));
            assertEquals(0, sides[0].ids.size() + sides[1].ids.size());
        });
    }

    @Test
    void aSlowReaderStallsTheSenderWithBoundedMemory() {
        final SimNetwork network = SimNetwork.seeded(3).loss(0.05).delayMillis(5, 15);
        final Side[] sides = Side.pair(network, ConnectionConfig.defaults(), AeadAlgorithm.AES_256_GCM);
        sides[0].admit();
        sides[1].admit();
        sides[1].accepting = false;
        final List<String> sent = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            sent.add(i + "-" + "y".repeat(60_000));
            sides[0].send(sent.get(i));
        }
        network.runFor(Duration.ofSeconds(30));
        final long window = ConnectionConfig.defaults().messageWindow();
        assertTrue(sides[1].largestHeld <= window, () -> "held " + sides[1].largestHeld);
        assertTrue(sides[1].largestHeld > window * 3 / 4, () -> "held " + sides[1].largestHeld);
        assertEquals(List.of(), sides[0].settled);
        sides[1].resume();
        assertTrue(network.runUntil(() -> sides[0].settled.size() == 100, LIMIT));
        assertEquals(sent, sides[1].received);
        assertTrue(sides[1].largestHeld <= window);
    }

    @Test
    void whoSpeaksHasAdmittedUsThoughItsLimitsGotLost() {
        final Alone alone = new Alone(false);
        alone.connection.admit(alone.now);
        alone.drain();
        final List<Output> outputs = alone.hear(new MessageFrame(0, 0, 0, 3, 0, Bytes.of(new byte[] {0, 'h', 'i'})));
        assertEquals(1, Alone.count(outputs, Output.Admitted.class));
        assertEquals(0, Alone.count(alone.hear(new LimitsFrame(1_000_000)), Output.Admitted.class), "told once");
    }

    @Test
    void nothingFlowsBeforeBothSidesAdmit() {
        final SimNetwork network = SimNetwork.seeded(1);
        final Side[] sides = Side.pair(network, ConnectionConfig.defaults(), AeadAlgorithm.AES_256_GCM);
        sides[0].send("early");
        sides[0].admit();
        network.runFor(Duration.ofSeconds(5));
        assertEquals(List.of(), sides[1].received);
        assertEquals(1, sides[1].count(Output.Admitted.class));
        assertEquals(0, sides[0].count(Output.Admitted.class));
        sides[1].admit();
        network.runFor(Duration.ofSeconds(1));
        assertEquals(List.of("early"), sides[1].received);
        assertEquals(1, sides[0].count(Output.Admitted.class));
        assertEquals(1, sides[0].settled.size());
    }

    @Test
    void nobodyDecidesSoItExpires() {
        final SimNetwork network = SimNetwork.seeded(1);
        final Side[] sides = Side.pair(network, ConnectionConfig.defaults(), AeadAlgorithm.AES_256_GCM);
        sides[0].admit();
        network.runFor(Duration.ofSeconds(119));
        assertTrue(sides[0].connection.isOpen());
        network.runFor(Duration.ofSeconds(10));
        assertEquals(List.of(new Output.Closed(CloseReason.EXPIRED, true)), sides[0].outputs(Output.Closed.class));
        assertEquals(List.of(new Output.Closed(CloseReason.EXPIRED, true)), sides[1].outputs(Output.Closed.class));
        assertTrue(sides[0].outputs(Output.Ending.class).get(0).byPeer());
        assertFalse(sides[1].outputs(Output.Ending.class).get(0).byPeer());
    }

    @Test
    void smallMessagesShareAPacketWhenTheyWait() {
        final SimNetwork network = SimNetwork.seeded(1).delayMillis(20, 20);
        final Side[] sides = Side.pair(network, ConnectionConfig.defaults(), AeadAlgorithm.AES_256_GCM);
        sides[1].admit();
        for (int i = 0; i < 500; i++) {
            sides[0].send("message " + i);
        }
        network.runFor(Duration.ofSeconds(1));
        final long before = sides[0].connection.info(network.nanos()).packetsSent();
        sides[0].admit();
        network.runFor(Duration.ofSeconds(1));
        assertEquals(500, sides[1].received.size());
        final long packets = sides[0].connection.info(network.nanos()).packetsSent() - before;
        assertTrue(packets < 40, () -> packets + " packets");
    }
}
