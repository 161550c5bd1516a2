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
import dev.cutlass.wire.CloseCode;
import dev.cutlass.wire.MessageClass;
import dev.cutlass.wire.PingFrame;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Orderly and other ends, confirmation, suspicion, and the limits of keys. */
class ConnectionEndTest {
    @Test
    void theResponderSpeaksFirstAndConfirmsTheInitiator() {
        final Alone initiator = new Alone(true);
        assertEquals(List.of(), initiator.outputs, "silent until it hears something");
        initiator.conversation.offer(0, new byte[] {0, 'x'});
        initiator.connection.flush(0);
        initiator.connection.admit(0);
        assertEquals(List.of(), initiator.drain());
        final List<Output> first = initiator.hear(new PingFrame(1));
        assertEquals(new Output.Confirmed(), first.get(0));
        assertTrue(Alone.count(first, Output.Transmit.class) > 0);

        final Alone responder = new Alone(false);
        assertEquals(1, Alone.count(responder.outputs, Output.Transmit.class));
        assertEquals(3, Alone.count(responder.outputs, Output.IdIssued.class));
        assertEquals(0, Alone.count(responder.outputs, Output.Confirmed.class));
    }

    @Test
    void aRepeatedFlight3IsAnsweredAtMostOncePer100Milliseconds() {
        final Alone responder = new Alone(false);
        int answers = 0;
        for (responder.now = 0; responder.now < SECOND; responder.now += 10 * MS) {
            responder.connection.repeatConfirmation(responder.now);
            answers += (int) Alone.count(responder.drain(), Output.Transmit.class);
        }
        assertEquals(10, answers);
    }

    @Test
    void stragglersAreAnsweredWithCloseAtMostOncePer100Milliseconds() {
        final Alone alone = new Alone(false);
        alone.connection.close(CloseCode.NORMAL, "bye", 0);
        assertEquals(1, Alone.count(alone.drain(), Output.Transmit.class));
        int answers = 0;
        for (alone.now = 10 * MS; alone.now < 1_000 * MS; alone.now += 10 * MS) {
            answers += (int) Alone.count(alone.hear(new PingFrame(1)), Output.Transmit.class);
        }
        assertEquals(9, answers);
        assertEquals(99, alone.connection.drops(PacketDrop.OVER));
    }

    @Test
    void closeIsRepeatedSoThatOneLossDoesNotHideIt() {
        final Alone alone = new Alone(false);
        alone.connection.close(CloseCode.NORMAL, "", 0);
        assertEquals(1, Alone.count(alone.drain(), Output.Transmit.class));
        assertEquals(2, Alone.count(alone.runTo(3_071 * MS), Output.Transmit.class));
        assertEquals(0, Alone.count(alone.outputs, Output.Closed.class));
        assertEquals(List.of(new Output.Closed(CloseReason.NORMAL, true)), alone.runTo(3_072 * MS));
    }

    @Test
    void afterTheEndTheKeysAreGone() {
        final Alone alone = new Alone(false);
        assertEquals(32, alone.connection.export("label", new byte[0], 32).length);
        alone.connection.dispose();
        assertFalse(alone.connection.keys().canSeal());
        assertThrows(IllegalStateException.class, () -> alone.connection.export("label", new byte[0], 32));
    }

    @Test
    void whatWaitsGoesOutBeforeClose() {
        final SimNetwork network = SimNetwork.seeded(1);
        final Side[] sides = Side.pair(network, ConnectionConfig.defaults(), AeadAlgorithm.AES_256_GCM);
        sides[0].admit();
        sides[1].admit();
        network.runFor(Duration.ofSeconds(1));
        sides[0].send("last words");
        sides[0].connection.close(CloseCode.NORMAL, "bye", network.nanos());
        sides[0].drain();
        network.runFor(Duration.ofSeconds(1));
        assertEquals(List.of("last words"), sides[1].received);
        assertEquals(
                List.of(new Output.Ending(CloseReason.NORMAL, true, true, "bye")),
                sides[1].outputs(Output.Ending.class));
    }

    @Test
    void bothCloseAtOnceAndBothEndInOrder() {
        final SimNetwork network = SimNetwork.seeded(1).delayMillis(20, 20);
        final Side[] sides = Side.pair(network, ConnectionConfig.defaults(), AeadAlgorithm.AES_256_GCM);
        network.runFor(Duration.ofSeconds(1));
        for (Side side : sides) {
            side.connection.close(CloseCode.SHUTDOWN, "", network.nanos());
            side.drain();
        }
        network.runFor(Duration.ofSeconds(5));
        for (Side side : sides) {
            assertEquals(List.of(new Output.Closed(CloseReason.SHUTDOWN, true)), side.outputs(Output.Closed.class));
        }
    }

    @Test
    void aCutLineIsSuspectFirstAndTimesOutThen() {
        final SimNetwork network = SimNetwork.seeded(1).delayMillis(20, 20);
        final Side[] sides = Side.pair(network, ConnectionConfig.defaults(), AeadAlgorithm.AES_256_GCM);
        sides[0].admit();
        sides[1].admit();
        network.runFor(Duration.ofSeconds(1));
        network.isolate(sides[1].host);
        sides[0].send("into the void");
        network.runFor(Duration.ofSeconds(4));
        assertEquals(1, sides[0].count(Output.Suspect.class));
        network.runFor(Duration.ofSeconds(49));
        assertTrue(sides[0].connection.isOpen(), "54 s are the earliest end");
        network.runFor(Duration.ofSeconds(7));
        assertEquals(1, sides[0].count(Output.Suspect.class), "once per silence");
        for (Side side : sides) {
            assertEquals(List.of(new Output.Closed(CloseReason.TIMED_OUT, false)), side.outputs(Output.Closed.class));
        }
        assertEquals(1, sides[0].conversation.queued(), "the message stays for the next connection");
    }

    @Test
    void aPauseBelowOneSecondIsNotSuspect() {
        final SimNetwork network = SimNetwork.seeded(1);
        final Side[] sides = Side.pair(network, ConnectionConfig.defaults(), AeadAlgorithm.AES_256_GCM);
        sides[0].admit();
        sides[1].admit();
        network.runFor(Duration.ofSeconds(1));
        final var cut = network.isolate(sides[1].host);
        sides[0].send("hello");
        network.runFor(Duration.ofMillis(900));
        cut.heal();
        network.runFor(Duration.ofSeconds(5));
        assertEquals(0, sides[0].count(Output.Suspect.class));
        assertEquals(List.of("hello"), sides[1].received);
    }

    @Test
    void aSupersededConnectionIsSilentWhoeverSpeaksAndEnds() {
        final Alone alone = new Alone(false);
        alone.connection.supersede(0);
        assertEquals(List.of(new Output.Ending(CloseReason.REPLACED, true, false, "")), alone.drain());
        assertEquals(List.of(), alone.hear(new PingFrame(1)));
        assertEquals(List.of(new Output.Closed(CloseReason.REPLACED, true)), alone.runTo(4 * SECOND));
    }

    @Test
    void aNewKeyIsAskedForInTimeAndTheLimitEndsTheConnection() {
        final long limit = 4_096;
        final Alone alone = new Alone(false, ConnectionConfig.defaults(), limit);
        alone.connection.admit(0);
        long sent = Alone.count(alone.outputs, Output.Transmit.class);
        long neededAt = 0;
        long endingAt = 0;
        while (endingAt == 0) {
            alone.now += 200 * MS;
            alone.connection.ping(alone.now);
            final List<Output> outputs = alone.hear(new PingFrame(alone.now));
            sent += Alone.count(outputs, Output.Transmit.class);
            neededAt = Alone.count(outputs, Output.RekeyNeeded.class) > 0 ? sent : neededAt;
            endingAt = Alone.count(outputs, Output.Ending.class) > 0 ? sent : 0;
        }
        assertEquals(1, Alone.count(alone.outputs, Output.RekeyNeeded.class));
        assertTrue(neededAt < limit - 64 && neededAt > limit * 9 / 10, "asked after " + neededAt);
        assertTrue(endingAt <= limit && endingAt >= limit - 64, "ended after " + endingAt);
        assertTrue(alone.outputs.contains(new Output.Ending(CloseReason.KEY_LIMIT, true, false, "")));
        for (int i = 0; i < 1_000; i++) {
            alone.now += 100 * MS;
            sent += Alone.count(alone.hear(new PingFrame(i)), Output.Transmit.class);
        }
        assertTrue(sent <= limit, sent + " packets under one key");
    }

    @Test
    void theSameSecretCanBeExportedOnBothSides() {
        final SimNetwork network = SimNetwork.seeded(1);
        final Side[] sides = Side.pair(network, ConnectionConfig.defaults(), AeadAlgorithm.AES_256_GCM);
        final byte[] one = sides[0].connection.export("files", new byte[] {1}, 40);
        final byte[] other = sides[1].connection.export("files", new byte[] {1}, 40);
        org.junit.jupiter.api.Assertions.assertArrayEquals(one, other);
        assertThrows(IllegalArgumentException.class, () -> sides[0].connection.export("files", new byte[0], 1 << 20));
    }

    @Test
    void theNewNickArrivesAndChannelsOpen() {
        final SimNetwork network = SimNetwork.seeded(4).loss(0.3).delayMillis(5, 30);
        final Side[] sides = Side.pair(network, ConnectionConfig.defaults(), AeadAlgorithm.CHACHA20_POLY1305);
        sides[0].admit();
        sides[1].admit();
        sides[0].connection.setNick("alice", network.nanos());
        sides[0].connection.setNick("Alice", network.nanos());
        sides[0].connection.open(2, MessageClass.MESSAGES, 1, "files", network.nanos());
        sides[0].drain();
        assertThrows(
                IllegalArgumentException.class,
                () -> sides[0].connection.open(3, MessageClass.MESSAGES, 1, "files", network.nanos()));
        assertTrue(network.runUntil(() -> sides[1].count(Output.OpenRequested.class) == 1, Duration.ofMinutes(1)));
        sides[1].connection.answerOpen(2, 0, network.nanos());
        sides[1].drain();
        assertTrue(network.runUntil(() -> sides[0].count(Output.OpenAnswered.class) == 1, Duration.ofMinutes(1)));
        assertEquals(List.of(new Output.OpenAnswered(2, 0)), sides[0].outputs(Output.OpenAnswered.class));
        assertTrue(network.runUntil(
                () -> sides[1].outputs(Output.RemoteNick.class).contains(new Output.RemoteNick("Alice")),
                Duration.ofMinutes(1)));
    }
}
