package dev.cutlass.proto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.crypto.bc.X25519KeyPair;
import dev.cutlass.crypto.noise.Role;
import dev.cutlass.crypto.noise.SecretsOfTests;
import dev.cutlass.crypto.packet.KeySchedule;
import dev.cutlass.crypto.packet.Ratchet;
import dev.cutlass.crypto.packet.RekeyOutcome.Rekeyed;
import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.event.CloseReason;
import dev.cutlass.fixtures.Seeds;
import dev.cutlass.fixtures.SimNetwork;
import dev.cutlass.proto.recovery.FixedWindow;
import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.CryptoFrame;
import dev.cutlass.wire.Frame;
import dev.cutlass.wire.LimitsFrame;
import dev.cutlass.wire.MessageFrame;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** New keys in a connection that lives: docs/protocol.md section 4.6. */
class RekeyingTest {
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final ConnectionConfig DEFAULTS = ConnectionConfig.defaults();
    private static final long EPOCH = DEFAULTS.epochNanos();

    private static Side[] talking(SimNetwork network, ConnectionConfig config) {
        final Side[] sides = Side.pair(network, config, AeadAlgorithm.CHACHA20_POLY1305);
        sides[0].admit();
        sides[1].admit();
        network.runFor(Duration.ofSeconds(5));
        return sides;
    }

    private static long epoch(Side side) {
        return side.connection.keys().epoch();
    }

    @Test
    void keysChangeWhenDataFlowedAndItIsTime() {
        final SimNetwork network = SimNetwork.seeded(1).delayMillis(20, 20);
        final Side[] sides = talking(network, DEFAULTS);
        sides[0].send("hello");
        network.runFor(Duration.ofNanos(EPOCH * 8 / 10));
        assertEquals(0, epoch(sides[0]));
        network.runFor(Duration.ofNanos(EPOCH * 4 / 10));
        assertEquals(1, epoch(sides[0]));
        assertEquals(1, epoch(sides[1]));
        assertFalse(sides[0].connection.keys().canOpen(0), "the keys of the old epoch are wiped");
        assertFalse(sides[1].connection.keys().canOpen(0), "the keys of the old epoch are wiped");
        network.runFor(Duration.ofNanos(10 * EPOCH));
        assertEquals(1, epoch(sides[0]), "keep-alives do not count");
        sides[1].send("hello again");
        network.runFor(Duration.ofSeconds(2));
        assertEquals(2, epoch(sides[0]), "an idle connection changes keys with its first data");
        assertEquals(List.of("hello"), sides[1].received);
        assertEquals(List.of("hello again"), sides[0].received);
    }

    @Test
    void withoutDataNothingHappens() {
        final SimNetwork network = SimNetwork.seeded(2).delayMillis(20, 20);
        final Side[] sides = talking(network, DEFAULTS);
        network.runFor(Duration.ofHours(1));
        assertEquals(0, epoch(sides[0]));
        assertEquals(0, sides[0].count(Output.RekeyWaits.class) + sides[1].count(Output.RekeyWaits.class));
        assertTrue(sides[0].connection.isOpen());
    }

    @ParameterizedTest
    @MethodSource("dev.cutlass.fixtures.Seeds#all")
    void messagesArriveOnceAndInOrderThroughManyEpochs(long seed) {
        Seeds.run(seed, s -> {
            final SplittableRandom random = new SplittableRandom(s);
            final SimNetwork network = SimNetwork.seeded(s)
                    .loss(random.nextInt(4) / 10.0)
                    .duplicate(0.1)
                    .reorder(0.2, Duration.ofMillis(300))
                    .delayMillis(random.nextInt(1, 200), 300);
            // Epochs shorter than a round trip now and then: then both propose at once.
            final ConnectionConfig config =
                    DEFAULTS.withEpoch(TimeUnit.MILLISECONDS.toNanos(random.nextInt(100, 4_000)));
            final Side[] sides = talking(network, config);
            final List<List<String>> said = List.of(new ArrayList<>(), new ArrayList<>());
            for (int i = 0; i < 60; i++) {
                final int speaker = random.nextInt(2);
                final String text = i + "x".repeat(random.nextInt(random.nextInt(10) == 0 ? 9_000 : 100));
                sides[speaker].send(text);
                said.get(speaker).add(text);
                network.runFor(Duration.ofMillis(random.nextInt(500)));
            }
            assertTrue(network.runUntil(
                    () -> sides[1].received.equals(said.get(0)) && sides[0].received.equals(said.get(1)), LIMIT));
            assertTrue(epoch(sides[0]) > 1, () -> "epoch " + epoch(sides[0]));
            assertTrue(sides[0].connection.isOpen() && sides[1].connection.isOpen());
            network.runFor(Duration.ofMinutes(1));
            assertEquals(epoch(sides[0]), epoch(sides[1]));
            for (Side side : sides) {
                assertFalse(side.connection.keys().canOpen(EpochKeys.slot(epoch(side) - 1)), "old keys are wiped");
                assertFalse(side.connection.keys().canOpen(EpochKeys.slot(epoch(side) + 1)), "and none are ready");
            }
        });
    }

    /**
     * Who stole all that a connection knows, but no static key, follows it up to the next step of the ratchet: neither as a listener, who lacks the new ephemeral
     * keys, nor in its peer's place, whose static key it lacks.
     */
    @Test
    void aThiefOfTheSessionsKeysIsOutAfterOneStep() {
        final byte[] stolenRoot = new KeySchedule(SecretsOfTests.of(5)).ratchetRoot();
        final Alone victim = admitted();
        final byte[] proposal = proposalOf(victim);

        try (X25519KeyPair own = X25519KeyPair.generate(new SecureRandom());
                Ratchet thief = new Ratchet(
                        Role.RESPONDER,
                        stolenRoot,
                        own,
                        RekeyKeysOfTests.staticKey(5, true).publicKey(),
                        8)) {
            final Rekeyed forged = (Rekeyed) thief.handle(proposal, new SecureRandom());
            victim.hear(new CryptoFrame(0, Bytes.of(forged.reply())));
            victim.connection.rekey(victim.now);
            victim.drain();
            assertEquals(1, victim.connection.keys().epoch(), "the victim believes that it changed its keys");
            assertFalse(opens(victim, forged), "but not to those of the thief");
        }
    }

    /** Who stole the static key of its peer, too, takes the peer's place. Only a listener is out all the same. */
    @Test
    void aThiefOfEverythingTakesThePeersPlace() {
        final byte[] stolenRoot = new KeySchedule(SecretsOfTests.of(5)).ratchetRoot();
        final Alone victim = admitted();
        final byte[] proposal = proposalOf(victim);

        try (Ratchet thief = new Ratchet(
                Role.RESPONDER,
                stolenRoot,
                RekeyKeysOfTests.staticKey(5, false),
                RekeyKeysOfTests.staticKey(5, true).publicKey(),
                8)) {
            final Rekeyed forged = (Rekeyed) thief.handle(proposal, new SecureRandom());
            victim.hear(new CryptoFrame(0, Bytes.of(forged.reply())));
            victim.connection.rekey(victim.now);
            victim.drain();
            assertTrue(opens(victim, forged));
        }
    }

    /** Whether a packet under these secrets reaches the victim. */
    private static boolean opens(Alone victim, Rekeyed secrets) {
        final long forged = victim.connection.drops(PacketDrop.FORGED);
        victim.hearBytes(
                victim.peer.under(secrets.traffic().of(Role.RESPONDER)).packet(100, 0, 1_000, 1, 0, new byte[20]),
                Alone.PEER,
                0);
        return victim.connection.drops(PacketDrop.FORGED) == forged;
    }

    private static byte[] proposalOf(Alone victim) {
        victim.hear(message(0));
        victim.now = 2 * Alone.SECOND;
        victim.connection.handleTimeout(victim.now);
        victim.connection.rekey(victim.now);
        return sentOnCryptoStream(victim);
    }

    /** What it wrote there, read with the keys of epoch 0, which the thief has. */
    private static byte[] sentOnCryptoStream(Alone victim) {
        final Wiretap keys = new Wiretap(Role.INITIATOR, AeadAlgorithm.AES_256_GCM, 5);
        final byte[] stream = new byte[CryptoStream.WINDOW];
        int end = 0;
        for (Output output : victim.drain()) {
            if (output instanceof Output.Transmit transmit) {
                for (Frame frame : keys.read(Arrays.copyOf(transmit.datagram(), transmit.length()))) {
                    if (frame instanceof CryptoFrame crypto) {
                        crypto.data()
                                .copyTo(
                                        0,
                                        stream,
                                        (int) crypto.offset(),
                                        crypto.data().length());
                        end = Math.max(
                                end, (int) crypto.offset() + crypto.data().length());
                    }
                }
            }
        }
        return Arrays.copyOf(stream, end);
    }

    @Test
    void anEpochThatRunsOutOfPacketsIsFollowedByAnother() {
        final SimNetwork network = SimNetwork.seeded(5).delayMillis(5, 5);
        final Side[] sides = Side.pair(network, DEFAULTS, AeadAlgorithm.AES_256_GCM, 1_000);
        sides[0].admit();
        sides[1].admit();
        for (int i = 0; i < 4_000; i++) {
            sides[0].send("x" + i);
            network.runFor(Duration.ofMillis(20));
        }
        assertEquals(4_000, sides[1].received.size());
        assertTrue(epoch(sides[0]) >= 4, () -> "epoch " + epoch(sides[0]));
        assertEquals(0, sides[0].count(Output.RekeyNeeded.class), "no other connection is needed");
    }

    @Test
    void aPeerThatNeverAcceptsCostsNothingButAConnection() {
        // Nothing is acknowledged either: a window that everything fits into.
        final ConnectionConfig config = DEFAULTS.withCongestion(() -> new FixedWindow(1_000, 1_200));
        final Alone alone = new Alone(false, config, 1_000);
        alone.connection.admit(alone.now);
        alone.hear(new LimitsFrame(1_000_000));
        for (int i = 0; i < 450; i++) {
            alone.hear(message(i));
            alone.connection.ping(alone.now);
            alone.drain();
        }
        alone.connection.rekey(alone.now);
        for (int i = 450; i < 900; i++) {
            alone.hear(message(i));
            alone.connection.ping(alone.now);
            alone.drain();
        }
        assertEquals(1, Alone.count(alone.outputs, Output.RekeyWaits.class));
        assertEquals(0, alone.connection.keys().epoch());
        assertTrue(alone.connection.isOpen());
    }

    private static MessageFrame message(long number) {
        return new MessageFrame(0, number, 0, 2, 0, Bytes.of(new byte[] {0, 'x'}));
    }

    private static Alone admitted() {
        final Alone alone = new Alone(true, DEFAULTS.withEpoch(Alone.SECOND), EpochKeys.PACKETS_PER_EPOCH);
        alone.hear(new LimitsFrame(1_000_000));
        alone.connection.admit(alone.now);
        alone.drain();
        return alone;
    }

    private static void assertRefused(Alone alone) {
        for (int i = 0; i < 2; i++) {
            alone.connection.rekey(alone.now);
            alone.drain();
        }
        assertFalse(alone.connection.isOpen());
        final Output.Ending ending = (Output.Ending) alone.outputs.stream()
                .filter(Output.Ending.class::isInstance)
                .findFirst()
                .orElseThrow();
        assertEquals(CloseReason.PROTOCOL_VIOLATION, ending.reason());
    }

    @Test
    void whatIsNoRekeyMessageCloses() {
        final Alone alone = admitted();
        alone.hear(new CryptoFrame(0, Bytes.of(new byte[] {3})));
        assertRefused(alone);
    }

    @Test
    void whatLeadsNowhereCloses() {
        final Alone alone = admitted();
        final byte[] message = proposer().propose(RekeyKeysOfTests.of(9, false).random());
        message[4] = 7; // the last byte of the epoch
        alone.hear(new CryptoFrame(0, Bytes.of(message)));
        assertRefused(alone);
    }

    @Test
    void whoWritesTooFarAheadIsClosedAtOnce() {
        final Alone alone = admitted();
        alone.hear(new CryptoFrame(CryptoStream.WINDOW - 1, Bytes.of(new byte[1])));
        assertTrue(alone.connection.isOpen());
        alone.hear(new CryptoFrame(CryptoStream.WINDOW, Bytes.of(new byte[1])));
        assertRefused(alone);
    }

    @Test
    void aMessageInPiecesIsAnsweredOnce() {
        final Alone alone = admitted();
        final byte[] message = proposer().propose(RekeyKeysOfTests.of(9, false).random());
        for (int i = message.length - 1; i >= 0; i--) {
            alone.hear(new CryptoFrame(i, Bytes.of(message, i, 1)));
            alone.hear(new CryptoFrame(i, Bytes.of(message, i, 1)));
        }
        assertEquals(1, Alone.count(alone.outputs, Output.RekeyWaits.class));
        alone.connection.rekey(alone.now);
        alone.drain();
        assertTrue(alone.connection.isOpen());
        assertTrue(alone.connection.keys().canOpen(1), "it can open what the proposer sends");
        assertEquals(0, alone.connection.keys().epoch(), "but knows not yet that the proposer got its answer");
        alone.hear(new CryptoFrame(message.length, Bytes.of(message)));
        assertRefused(alone);
    }

    private static Ratchet proposer() {
        return new Ratchet(
                Role.RESPONDER,
                new KeySchedule(SecretsOfTests.of(5)).ratchetRoot(),
                RekeyKeysOfTests.staticKey(5, false),
                RekeyKeysOfTests.staticKey(5, true).publicKey(),
                Ratchet.DEFAULT_KEM_INTERVAL);
    }
}
