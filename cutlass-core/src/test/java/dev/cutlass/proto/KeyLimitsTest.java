package dev.cutlass.proto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.crypto.noise.SecretsOfTests;
import dev.cutlass.crypto.packet.KeySchedule;
import dev.cutlass.crypto.primitive.Aead;
import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.event.CloseReason;
import dev.cutlass.wire.Id128;
import dev.cutlass.wire.PacketHeader;
import dev.cutlass.wire.PingFrame;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A key that saw too many forgeries is used no more: docs/protocol.md section 4.3, with lower limits. */
class KeyLimitsTest {
    private static final int FORGERIES = 12;

    private final Alone alone = new Alone(
            false,
            ConnectionConfig.defaults(),
            new KeyLimits(EpochKeys.PACKETS_PER_EPOCH, FORGERIES),
            new SplittableRandom(1));
    private long nextNumber = 1_000;

    KeyLimitsTest() {
        alone.connection.admit(0);
        alone.hear(new PingFrame(1));
    }

    private byte[] genuine(long pathId) {
        final long id = alone.connection.localIds().bySequence(pathId).id();
        return alone.peer.packet(id, pathId, nextNumber++, new PingFrame(2));
    }

    private void forge(long pathId) {
        final byte[] packet = genuine(pathId);
        packet[packet.length - 1] ^= 1;
        alone.hearBytes(packet, Alone.PEER, 0);
    }

    private long forged() {
        return alone.connection.drops(PacketDrop.FORGED);
    }

    @Test
    void forgeriesAreCountedOverAllPathsAndTheLastOneEndsTheConnection() {
        for (int i = 1; i < FORGERIES; i++) {
            forge(i % 3);
        }
        assertEquals(ConnectionState.OPEN, alone.connection.state());
        assertEquals(0, Alone.count(alone.hear(new PingFrame(3)), Output.Ending.class), "one is left");
        forge(1);

        final List<Output> outputs = alone.drain();
        assertEquals(FORGERIES, forged());
        assertEquals(
                List.of(CloseReason.KEY_LIMIT),
                outputs.stream()
                        .filter(Output.Ending.class::isInstance)
                        .map(output -> ((Output.Ending) output).reason())
                        .toList());
        assertEquals(1, Alone.count(outputs, Output.Transmit.class), "the peer is told");
        assertEquals(ConnectionState.CLOSING, alone.connection.state());
    }

    @Test
    void packetsThatAreDroppedUnopenedAreNotCounted() {
        final byte[] packet = genuine(0);
        alone.hearBytes(packet, Alone.PEER, 0);
        for (int i = 0; i < 2 * FORGERIES; i++) {
            alone.hearBytes(packet, Alone.PEER, 0); // repeated
            alone.hearBytes(alone.peer.packet(1, 0, nextNumber++, new PingFrame(2)), Alone.PEER, 0); // not our id
            alone.hearBytes(
                    alone.peer.packet(
                            alone.connection.localIds().bySequence(0).id(), 0, nextNumber++, 2, 0, new byte[8]),
                    Alone.PEER,
                    0); // no key
        }
        assertEquals(0, forged());
        assertEquals(ConnectionState.OPEN, alone.connection.state());
    }

    @Test
    void aWornOutKeyOpensNothingAnyMore() {
        for (int i = 0; i < FORGERIES; i++) {
            forge(0);
        }
        alone.drain();
        alone.now += Alone.SECOND / 100;
        alone.hearBytes(genuine(0), Alone.PEER, 0);
        for (int i = 0; i < FORGERIES; i++) {
            forge(0);
        }
        assertEquals(FORGERIES, forged(), "none of them was tried");
        assertEquals(1 + FORGERIES, alone.connection.drops(PacketDrop.NO_KEY));
        assertEquals(1, Alone.count(alone.runTo(60 * Alone.SECOND), Output.Closed.class));
    }

    @ParameterizedTest
    @EnumSource(AeadAlgorithm.class)
    void eachKeyHasALimitOfItsOwn(AeadAlgorithm aead) {
        final EpochKeys keys = new EpochKeys(
                new ConnectionStart(
                        true,
                        true,
                        1,
                        2,
                        new Id128(1, 1),
                        aead,
                        new KeySchedule(SecretsOfTests.of(1)),
                        RekeyKeysOfTests.of(1, true)),
                new KeyLimits(EpochKeys.PACKETS_PER_EPOCH, 3));
        keys.agree(1, new byte[32], new byte[32]);
        for (int i = 0; i < 2; i++) {
            tryToOpen(keys, 0);
            tryToOpen(keys, 1);
        }
        assertFalse(keys.isForgeryLimitReached(), "four forgeries, but two each");
        tryToOpen(keys, 1);
        assertTrue(keys.isForgeryLimitReached());
        assertTrue(keys.canOpen(0));
        assertFalse(keys.canOpen(1));
        keys.stopReceivingUnder(1);
        assertFalse(keys.isForgeryLimitReached(), "what counts ends with its key");
        keys.close();
    }

    private static void tryToOpen(EpochKeys keys, int epoch) {
        final byte[] packet = new byte[PacketHeader.MIN_PACKET_LENGTH + 10];
        assertEquals(
                Aead.FORGED, keys.open(epoch, 0, 1, packet, 0, PacketHeader.MIN_PACKET_LENGTH - 20, packet.length, 0));
    }

    @ParameterizedTest
    @EnumSource(AeadAlgorithm.class)
    void theLimitsOfAConnectionAreThoseOfTheProtocol(AeadAlgorithm aead) {
        assertEquals(1L << 23, KeyLimits.of(aead).packets());
        assertEquals(
                aead == AeadAlgorithm.AES_256_GCM ? 1L << 52 : 1L << 36,
                KeyLimits.of(aead).failedOpenings());
    }
}
