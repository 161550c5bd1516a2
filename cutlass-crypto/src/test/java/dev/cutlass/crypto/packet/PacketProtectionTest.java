package dev.cutlass.crypto.packet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cutlass.crypto.primitive.Aead;
import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.crypto.primitive.AeadKey;
import dev.cutlass.crypto.provider.Aeads;
import java.lang.reflect.Field;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Packet keys and header protection. */
class PacketProtectionTest {
    private static final byte[] SECRET = new byte[32];
    private static final byte[] HEADER = {1, 2, 3};

    @ParameterizedTest
    @EnumSource(AeadAlgorithm.class)
    void aPacketIsSealedAsTheDocumentSays(AeadAlgorithm algorithm) throws GeneralSecurityException {
        byte[] key = KeyScheduleTest.expand(SECRET, KeyScheduleTest.text("cutlass2/key\0"), 32);
        byte[] iv = KeyScheduleTest.expand(SECRET, KeyScheduleTest.text("cutlass2/iv\0"), 12);
        int path = 0x80000001;
        long number = 0x3123456789abcdefL;
        byte[] nonce = xor(iv, HexFormat.of().parseHex("80000001" + "3123456789abcdef"));
        byte[] plain = {9, 8, 7, 6};
        byte[] expected = new byte[plain.length + Aead.TAG_LENGTH];
        try (AeadKey aead = Aeads.of(algorithm).newKey(key);
                PacketKeys keys = new PacketKeys(algorithm, SECRET)) {
            aead.seal(nonce, HEADER, 0, HEADER.length, plain, 0, plain.length, expected, 0);
            byte[] sealed = new byte[expected.length];
            assertEquals(expected.length, keys.seal(path, number, HEADER, 0, 3, plain, 0, plain.length, sealed, 0));
            assertArrayEquals(expected, sealed);
        }
    }

    @ParameterizedTest
    @EnumSource(AeadAlgorithm.class)
    void onlyTheSamePathNumberHeaderAndBytesOpen(AeadAlgorithm algorithm) {
        try (PacketKeys sender = new PacketKeys(algorithm, SECRET);
                PacketKeys receiver = new PacketKeys(algorithm, SECRET)) {
            byte[] packet = new byte[40];
            byte[] plain = HexFormat.of().parseHex("00112233445566778899");
            int length = sender.seal(1, 2, HEADER, 0, 3, plain, 0, plain.length, packet, 5);
            byte[] out = new byte[40];
            assertEquals(Aead.FORGED, receiver.open(0, 2, HEADER, 0, 3, packet, 5, length, out, 0));
            assertEquals(Aead.FORGED, receiver.open(1, 3, HEADER, 0, 3, packet, 5, length, out, 0));
            assertEquals(Aead.FORGED, receiver.open(1, 2, HEADER, 0, 2, packet, 5, length, out, 0));
            assertEquals(Aead.FORGED, receiver.open(1, 2, HEADER, 0, 3, packet, 5, length - 1, out, 0));
            for (int bit = 0; bit < length * 8; bit++) {
                byte[] changed = packet.clone();
                changed[5 + bit / 8] ^= (byte) (1 << bit % 8);
                assertEquals(Aead.FORGED, receiver.open(1, 2, HEADER, 0, 3, changed, 5, length, out, 0));
            }
            assertArrayEquals(new byte[40], out);
            assertEquals(4 + length * 8L, receiver.failedOpenings());
            for (int again = 0; again < 3; again++) { // a duplicate is the window's business and not the cipher's
                assertEquals(plain.length, receiver.open(1, 2, HEADER, 0, 3, packet, 5, length, out, 0));
                assertArrayEquals(plain, Arrays.copyOf(out, plain.length));
                Arrays.fill(out, (byte) 0);
            }
            receiver.dropCiphers();
            assertEquals(plain.length, receiver.open(1, 2, HEADER, 0, 3, packet, 5, length, packet, 5));
            assertArrayEquals(plain, Arrays.copyOfRange(packet, 5, 5 + plain.length));
        }
    }

    @Test
    void anEpochEndsAtItsLastPacketAndClosedKeysDoNothing() {
        PacketKeys keys = new PacketKeys(AeadAlgorithm.AES_256_GCM, SECRET, 2);
        byte[] out = new byte[Aead.TAG_LENGTH];
        keys.seal(0, 0, HEADER, 0, 3, out, 0, 0, out, 0);
        keys.seal(0, 1, HEADER, 0, 3, out, 0, 0, out, 0);
        assertThrows(IllegalStateException.class, () -> keys.seal(0, 2, HEADER, 0, 3, out, 0, 0, out, 0));
        assertEquals(2, keys.sealed());
        PacketKeys receiver = new PacketKeys(AeadAlgorithm.AES_256_GCM, SECRET);
        receiver.close();
        assertThrows(IllegalStateException.class, () -> receiver.seal(0, 1, HEADER, 0, 3, out, 0, 0, out, 0));
        assertThrows(IllegalStateException.class, () -> receiver.open(0, 1, HEADER, 0, 3, out, 0, 16, out, 0));
    }

    @Test
    void theLimitsAreThoseOfTheDesign() {
        assertEquals(1L << 23, PacketKeys.MAX_SEALED);
        assertEquals(1L << 52, AeadAlgorithm.AES_256_GCM.failedOpeningLimit());
        assertEquals(1L << 36, AeadAlgorithm.CHACHA20_POLY1305.failedOpeningLimit());
        assertEquals(AeadAlgorithm.AES_256_GCM, AeadAlgorithm.of(1));
        assertEquals(AeadAlgorithm.CHACHA20_POLY1305, AeadAlgorithm.of(2));
        assertEquals(null, AeadAlgorithm.of(0));
    }

    @Test
    void theChaChaMaskIsThatOfRfc9001() { // appendix A.5
        HeaderProtection protection = new HeaderProtection(
                HexFormat.of().parseHex("25a282b9e82f06f21f488917a4fc8f1b73573685608597d0efcb076b0ab7a7a4"),
                AeadAlgorithm.CHACHA20_POLY1305);
        assertArrayEquals(
                HexFormat.of().parseHex("aefefe7d03"), mask(protection, "ffff5e5cd55c41f69080575d7999c25a5bfb", 2));
        protection.dropCiphers();
        assertArrayEquals(
                HexFormat.of().parseHex("aefefe7d03"), mask(protection, "5e5cd55c41f69080575d7999c25a5bfb", 0));
    }

    @Test
    void theAesMaskIsTheBlockOfFips197() { // appendix C.3
        HeaderProtection protection = new HeaderProtection(
                HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"),
                AeadAlgorithm.AES_256_GCM);
        assertArrayEquals(
                HexFormat.of().parseHex("8ea2b7ca51"), mask(protection, "00112233445566778899aabbccddeeff", 0));
        protection.dropCiphers();
        assertArrayEquals(
                HexFormat.of().parseHex("8ea2b7ca51"), mask(protection, "0000112233445566778899aabbccddeeff", 1));
    }

    private static byte[] mask(HeaderProtection protection, String packet, int offset) {
        byte[] mask = new byte[HeaderProtection.MASK_LENGTH];
        protection.mask(HexFormat.of().parseHex(packet), offset, mask);
        return mask;
    }

    private static byte[] xor(byte[] left, byte[] right) {
        byte[] bytes = new BigInteger(1, left).xor(new BigInteger(1, right)).toByteArray();
        byte[] padded = new byte[left.length];
        int length = Math.min(bytes.length, padded.length);
        System.arraycopy(bytes, bytes.length - length, padded, padded.length - length, length);
        return padded;
    }

    @Test
    void theNonceIsWipedWithTheCipher() throws ReflectiveOperationException {
        final PacketKeys keys = new PacketKeys(AeadAlgorithm.AES_256_GCM, new byte[32]);
        keys.seal(0, 1, new byte[0], 0, 0, new byte[4], 0, 4, new byte[20], 0);
        final Field field = PacketKeys.class.getDeclaredField("nonce");
        field.setAccessible(true);
        final byte[] nonce = (byte[]) field.get(keys);
        assertFalse(Arrays.equals(new byte[nonce.length], nonce));
        keys.dropCiphers();
        assertArrayEquals(new byte[nonce.length], nonce);
        keys.close();
    }
}
