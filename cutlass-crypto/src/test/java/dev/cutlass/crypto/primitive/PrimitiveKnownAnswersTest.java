package dev.cutlass.crypto.primitive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.crypto.bc.BcAead;
import dev.cutlass.crypto.bc.Blake2s;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.ChaCha20ParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The answers of RFC 8439, 5869 and 7693, and the JDK and Bouncy Castle as each other's oracle. */
class PrimitiveKnownAnswersTest {
    private static final byte[] SUNSCREEN = ("Ladies and Gentlemen of the class of '99: If I could offer you only one"
                    + " tip for the future, sunscreen would be it.")
            .getBytes(StandardCharsets.US_ASCII);

    private static List<Aead> implementations(AeadAlgorithm algorithm) {
        return List.of(Objects.requireNonNull(JdkAead.of(algorithm)), BcAead.of(algorithm));
    }

    @Test
    void chaCha20GivesTheBlockOfRfc8439() { // section 2.3.2
        byte[] out = new byte[ChaCha20.BLOCK_LENGTH];
        try (ChaCha20 cipher = new ChaCha20(sequence(0, 32))) {
            cipher.keyStream(1, hex("ff000000090000004a00000000"), 1, out, 0, out.length);
        }
        assertArrayEquals(
                hex("10f1e7e4d13b5915500fdd1fa32071c4c7d1f4c733c068030422aa9ac3d46c4e"
                        + "d2826446079faa0914c2d705d98b02a2b5129cd1de164eb9cbd083e8a2503c4e"),
                out);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3})
    void chaCha20GivesTheStreamOfTheJdk(long seed) throws GeneralSecurityException {
        Random random = new Random(seed);
        for (int length = 0; length < 300; length += 1 + random.nextInt(7)) {
            byte[] key = bytes(random, 32);
            byte[] nonce = bytes(random, 12);
            byte[] data = bytes(random, length);
            Cipher cipher = Cipher.getInstance("ChaCha20");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "ChaCha20"), new ChaCha20ParameterSpec(nonce, 0));
            byte[] expected = cipher.doFinal(data);
            byte[] padded = new byte[length + 5];
            System.arraycopy(data, 0, padded, 2, length);
            try (ChaCha20 ours = new ChaCha20(key)) {
                ours.xor(nonce, 0, padded, 2, length);
                assertArrayEquals(expected, Arrays.copyOfRange(padded, 2, 2 + length));
                ours.xor(nonce, 0, padded, 2, length); // the same nonce again takes the mask off
                assertArrayEquals(data, Arrays.copyOfRange(padded, 2, 2 + length));
            }
            assertEquals(0, padded[0] | padded[1] | padded[length + 2] | padded[length + 4]);
        }
    }

    @Test
    void chaCha20Poly1305GivesTheAnswerOfRfc8439() { // section 2.8.2
        byte[] sealed = hex("d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6"
                + "3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36"
                + "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc"
                + "3ff4def08e4b7a9de576d26586cec64b6116"
                + "1ae10b594f09e26a7e902ecbd0600691");
        byte[] associated = hex("50515253c0c1c2c3c4c5c6c7");
        byte[] nonce = hex("070000004041424344454647");
        for (Aead aead : implementations(AeadAlgorithm.CHACHA20_POLY1305)) {
            byte[] out = new byte[sealed.length];
            try (AeadKey key = aead.newKey(sequence(0x80, 32))) {
                assertEquals(
                        sealed.length,
                        key.seal(nonce, associated, 0, associated.length, SUNSCREEN, 0, SUNSCREEN.length, out, 0));
                assertArrayEquals(sealed, out);
                assertEquals(
                        SUNSCREEN.length,
                        key.open(nonce, associated, 0, associated.length, sealed, 0, sealed.length, out, 0));
                assertArrayEquals(SUNSCREEN, Arrays.copyOf(out, SUNSCREEN.length));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(AeadAlgorithm.class)
    void bothProvidersSealAlikeAndOpenEachOther(AeadAlgorithm algorithm) {
        List<Aead> aeads = implementations(algorithm);
        Random random = new Random(42);
        for (int length = 0; length < 1500; length += 1 + random.nextInt(40)) {
            byte[] key = bytes(random, Aead.KEY_LENGTH);
            byte[] nonce = bytes(random, Aead.NONCE_LENGTH);
            byte[] associated = bytes(random, 3 + random.nextInt(40));
            byte[] plain = bytes(random, length);
            byte[][] sealed = new byte[2][length + Aead.TAG_LENGTH + 3];
            for (int i = 0; i < 2; i++) {
                try (AeadKey sealing = aeads.get(i).newKey(key);
                        AeadKey opening = aeads.get(1 - i).newKey(key)) {
                    System.arraycopy(plain, 0, sealed[i], 3, length);
                    int written = sealing.seal(
                            nonce, associated, 2, associated.length - 2, sealed[i], 3, length, sealed[i], 3);
                    assertEquals(length + Aead.TAG_LENGTH, written);
                    byte[] opened = sealed[i].clone();
                    for (int again = 0; again < 3; again++) { // the same nonce three times: a duplicate must not throw
                        assertEquals(
                                length,
                                opening.open(
                                        nonce, associated, 2, associated.length - 2, sealed[i], 3, written, opened, 3));
                        assertArrayEquals(plain, Arrays.copyOfRange(opened, 3, 3 + length));
                    }
                    byte[] forged = sealed[i].clone();
                    forged[3 + random.nextInt(written)] ^= (byte) (1 << random.nextInt(8));
                    assertEquals(
                            Aead.FORGED,
                            opening.open(nonce, associated, 2, associated.length - 2, forged, 3, written, forged, 3));
                    assertArrayEquals(new byte[length], Arrays.copyOfRange(forged, 3, 3 + length));
                    assertEquals(
                            Aead.FORGED,
                            opening.open(
                                    nonce, associated, 1, associated.length - 1, sealed[i], 3, written, opened, 3));
                    assertEquals(
                            length,
                            opening.open(
                                    nonce, associated, 2, associated.length - 2, sealed[i], 3, written, opened, 3));
                }
            }
            assertArrayEquals(sealed[0], sealed[1]);
        }
    }

    @ParameterizedTest
    @EnumSource(AeadAlgorithm.class)
    void aCallerThatIsWrongIsTold(AeadAlgorithm algorithm) {
        for (Aead aead : implementations(algorithm)) {
            assertThrows(IllegalArgumentException.class, () -> aead.newKey(new byte[31]));
            AeadKey key = aead.newKey(new byte[Aead.KEY_LENGTH]);
            byte[] nonce = new byte[Aead.NONCE_LENGTH];
            byte[] small = new byte[20];
            assertThrows(
                    IllegalArgumentException.class, () -> key.seal(new byte[11], small, 0, 0, small, 0, 4, small, 0));
            assertThrows(
                    IllegalArgumentException.class, () -> key.open(new byte[13], small, 0, 0, small, 0, 20, small, 0));
            assertThrows(IllegalArgumentException.class, () -> key.seal(nonce, small, 0, 0, small, 0, 5, small, 0));
            assertThrows(
                    IllegalArgumentException.class, () -> key.open(nonce, small, 0, 0, small, 0, 20, new byte[3], 0));
            for (int length = 0; length < Aead.TAG_LENGTH; length++) {
                assertEquals(Aead.FORGED, key.open(nonce, small, 0, 0, small, 0, length, small, 0));
            }
            key.close();
            assertThrows(IllegalStateException.class, () -> key.seal(nonce, small, 0, 0, small, 0, 4, small, 0));
            assertThrows(IllegalStateException.class, () -> key.open(nonce, small, 0, 0, small, 0, 20, small, 0));
        }
    }

    @ParameterizedTest
    @EnumSource(AeadAlgorithm.class)
    void sealingTwiceUnderOneNonceIsNoticed(AeadAlgorithm algorithm) {
        for (Aead aead : implementations(algorithm)) {
            byte[] out = new byte[32];
            byte[] nonce = new byte[Aead.NONCE_LENGTH];
            try (AeadKey key = aead.newKey(sequence(1, 32))) {
                key.seal(nonce, out, 0, 0, out, 0, 4, out, 0);
                assertThrows(IllegalStateException.class, () -> key.seal(nonce, out, 0, 0, out, 0, 4, out, 0));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({ // RFC 5869 appendix A, the cases with SHA-256
        "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b, 000102030405060708090a0b0c, f0f1f2f3f4f5f6f7f8f9, 42, "
                + "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5, "
                + "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
        "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b, '', '', 42, "
                + "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04, "
                + "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
    })
    void hkdfGivesTheAnswersOfRfc5869(String ikm, String salt, String info, int length, String prk, String okm) {
        byte[] extracted = Hkdf.extract(Hash.SHA_256, hex(salt), hex(ikm));
        assertArrayEquals(hex(prk), extracted);
        assertArrayEquals(hex(okm), Hkdf.expand(Hash.SHA_256, extracted, hex(info), length));
    }

    @Test
    void hkdfGivesTheLongAnswerOfRfc5869() { // appendix A.2
        byte[] extracted = Hkdf.extract(Hash.SHA_256, sequence(0x60, 80), sequence(0, 80));
        assertArrayEquals(
                hex("b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
                        + "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
                        + "cc30c58179ec3e87c14c01d5c1f3434f1d87"),
                Hkdf.expand(Hash.SHA_256, extracted, sequence(0xb0, 80), 82));
        assertThrows(
                IllegalArgumentException.class,
                () -> Hkdf.expand(Hash.SHA_256, extracted, new byte[0], Hkdf.MAX_OUTPUT + 1));
        assertEquals(0, Hkdf.expand(Hash.SHA_256, extracted, new byte[0], 0).length);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 31, 63, 64, 65, 200})
    void hmacIsThatOfTheJdk(int keyLength) throws GeneralSecurityException {
        byte[] key = sequence(3, keyLength);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "RAW"));
        Hmac ours = new Hmac(Hash.SHA_256, key);
        for (int length = 0; length < 200; length += 7) {
            byte[] message = sequence(length, length);
            assertArrayEquals(mac.doFinal(message), ours.update(message).finish());
        }
        ours.close();
        assertThrows(IllegalStateException.class, () -> ours.update((byte) 0));
    }

    @Test
    void blake2sGivesTheAnswerOfRfc7693() { // appendix B
        byte[] abc = "abc".getBytes(StandardCharsets.US_ASCII);
        assertArrayEquals(
                hex("508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982"), Blake2s.HASH.of(abc));
        assertArrayEquals(Blake2s.HASH.of(abc), Blake2s.HASH.of(new byte[] {'a'}, new byte[] {'b', 'c'}));
    }

    @Test
    void aLabelStandsBeforeWhatItLabels() {
        byte[] text = "cutlass2/flight\0x".getBytes(StandardCharsets.US_ASCII);
        assertArrayEquals(Hash.SHA_256.of(text), Labels.hash("flight", new byte[] {'x'}));
        assertArrayEquals(
                Hkdf.expand(Hash.SHA_256, new byte[32], text, 40),
                Labels.expand(new byte[32], "flight", new byte[] {'x'}, 40));
        assertArrayEquals(Labels.expand(new byte[32], "key", new byte[0], 32), Labels.expand(new byte[32], "key", 32));
    }

    @Test
    void secretsAreComparedAndWiped() {
        byte[] secret = {1, 2, 3};
        assertTrue(Secrets.equal(secret, new byte[] {1, 2, 3}));
        assertFalse(Secrets.equal(secret, new byte[] {1, 2, 4}));
        assertFalse(Secrets.equal(secret, new byte[] {1, 2}));
        assertFalse(Secrets.isZero(secret));
        Secrets.wipe(secret, null);
        assertTrue(Secrets.isZero(secret));
    }

    private static byte[] sequence(int first, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (first + i);
        }
        return bytes;
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }
}
