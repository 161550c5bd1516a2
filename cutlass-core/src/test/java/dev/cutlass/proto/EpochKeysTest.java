package dev.cutlass.proto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.crypto.noise.SecretsOfTests;
import dev.cutlass.crypto.packet.KeySchedule;
import dev.cutlass.crypto.primitive.Aead;
import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.wire.Id128;
import dev.cutlass.wire.PacketHeader;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EpochKeysTest {
    private static final byte[] PLAIN = {1, 2, 3, 4, 5, 6, 7};

    private static EpochKeys keys(boolean initiator, AeadAlgorithm aead) {
        return new EpochKeys(
                new ConnectionStart(
                        initiator,
                        true,
                        1,
                        2,
                        new Id128(1, 1),
                        aead,
                        new KeySchedule(SecretsOfTests.of(1)),
                        RekeyKeysOfTests.of(1, initiator)),
                KeyLimits.of(aead));
    }

    private static byte[] seal(EpochKeys keys, long pathId, long number, long now) {
        final PacketHeader header = PacketHeader.of(2, keys.epoch(), number, number - 1);
        final byte[] packet = new byte[header.length() + PLAIN.length + Aead.TAG_LENGTH];
        header.writeTo(packet, 0);
        keys.seal(pathId, number, PLAIN, PLAIN.length, packet, header.length(), now);
        return packet;
    }

    /** The plaintext; null if it does not open. */
    private static byte[] open(EpochKeys keys, long pathId, long number, byte[] sealed, long now) {
        final byte[] packet = sealed.clone();
        keys.unprotect(packet, 0);
        final PacketHeader header = PacketHeader.read(packet, 0);
        if (!keys.canOpen(header.epoch())) {
            return null;
        }
        final int length = keys.open(header.epoch(), pathId, number, packet, 0, header.length(), packet.length, now);
        return length < 0 ? null : Arrays.copyOfRange(packet, header.length(), header.length() + length);
    }

    @ParameterizedTest
    @EnumSource(AeadAlgorithm.class)
    void packetsOpenOnlyOnTheirPathWithTheirNumberAndInTheirDirection(AeadAlgorithm aead) {
        final EpochKeys left = keys(true, aead);
        final EpochKeys right = keys(false, aead);
        final byte[] packet = seal(left, 3, 1_000, 0);
        assertArrayEquals(PLAIN, open(right, 3, 1_000, packet, 0));
        assertEquals(null, open(right, 2, 1_000, packet, 0));
        assertEquals(null, open(right, 3, 1_001, packet, 0));
        assertEquals(null, open(left, 3, 1_000, packet, 0));
        assertArrayEquals(PLAIN, open(right, 0xffff_ffffL, 7, seal(left, 0xffff_ffffL, 7, 0), 0));
    }

    @ParameterizedTest
    @EnumSource(AeadAlgorithm.class)
    void aNewEpochCanBeReceivedBeforeItIsSentAndTheOldOneForAWhileAfter(AeadAlgorithm aead) {
        final EpochKeys left = keys(true, aead);
        final EpochKeys right = keys(false, aead);
        byte[] late = seal(left, 0, 1, 0);
        for (long epoch = 1; epoch < 12; epoch++) {
            final byte[] secret = new byte[32];
            new Random(epoch).nextBytes(secret);
            assertFalse(right.canOpen((int) (epoch & 3)));
            right.agree(epoch, new byte[32], secret);
            assertArrayEquals(PLAIN, open(right, 0, 10 * epoch - 9, late, 0), "the old epoch still opens");
            left.agree(epoch, secret, new byte[32]);
            assertEquals(epoch - 1, left.epoch(), "not before it is told to");
            left.sendUnderAgreed();
            assertEquals(epoch, left.epoch());
            final byte[] fresh = seal(left, 0, 10 * epoch, 0);
            assertArrayEquals(PLAIN, open(right, 0, 10 * epoch, fresh, 0));
            right.stopReceivingUnder(epoch - 1);
            assertEquals(null, open(right, 0, 10 * epoch - 9, late, 0));
            late = seal(left, 0, 10 * epoch + 1, 0);
        }
    }

    @ParameterizedTest
    @EnumSource(AeadAlgorithm.class)
    void cipherObjectsComeAndGoUnnoticed(AeadAlgorithm aead) {
        final EpochKeys left = keys(true, aead);
        final EpochKeys right = keys(false, aead);
        long now = 0;
        for (int i = 0; i < 100; i++) {
            now += i % 20 == 0 ? 10 * Alone.SECOND : Alone.MS;
            assertArrayEquals(PLAIN, open(right, 0, i, seal(left, 0, i, now), now));
            if (i % 15 == 0) {
                left.rest();
                right.rest();
            }
        }
        left.close();
        assertFalse(left.canSeal());
        assertFalse(left.canSealFrames());
        assertFalse(left.canOpen(0));
        assertTrue(right.canSeal());
    }
}
