package dev.cutlass.crypto.bc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** X25519 and Ed25519 against the answers of RFC 7748 and RFC 8032, and against the keys and signatures that we refuse. */
class CurveKnownAnswersTest {
    private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
    private static final BigInteger ORDER =
            BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

    // RFC 8032 section 7.1, TEST 2
    private static final byte[] SEED = hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
    private static final byte[] PUBLIC = hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");

    @ParameterizedTest
    @CsvSource({ // RFC 7748 section 5.2
        "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4, "
                + "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c, "
                + "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
        "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d, "
                + "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493, "
                + "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957"
    })
    void x25519GivesTheAnswersOfRfc7748(String scalar, String u, String result) {
        assertArrayEquals(hex(result), X25519.agree(hex(scalar), hex(u)));
    }

    @Test
    void x25519AgreesAsInRfc7748Section6() {
        byte[] alice = hex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
        byte[] bob = hex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
        byte[] shared = hex("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
        assertArrayEquals(
                hex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"), X25519.publicKey(alice));
        assertArrayEquals(
                hex("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"), X25519.publicKey(bob));
        assertArrayEquals(shared, X25519.agree(alice, X25519.publicKey(bob)));
        try (X25519KeyPair pair = X25519KeyPair.of(bob)) {
            assertArrayEquals(shared, pair.agree(X25519.publicKey(alice)));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = { // the points of small order, in canonical and other forms
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0100000000000000000000000000000000000000000000000000000000000000",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"
            })
    void x25519RefusesAnAllZeroSecret(String smallOrder) {
        assertNull(X25519.agree(X25519.newPrivateKey(new SecureRandom()), hex(smallOrder)));
    }

    @Test
    void aClosedKeyPairRefusesToAgree() {
        X25519KeyPair pair = X25519KeyPair.generate(new SecureRandom());
        X25519KeyPair copy = pair.copy();
        byte[] other = X25519.publicKey(X25519.newPrivateKey(new SecureRandom()));
        pair.close();
        assertThrows(IllegalStateException.class, () -> pair.agree(other));
        assertNotNull(copy.agree(other));
        assertFalse(copy.toString().contains(HexFormat.of().formatHex(copy.publicKey())));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = { // RFC 8032 section 7.1, TEST 1 to 3
                "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60, "
                        + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a, '', "
                        + "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                        + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
                "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb, "
                        + "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c, 72, "
                        + "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                        + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
                "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7, "
                        + "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025, af82, "
                        + "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
                        + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
            })
    void ed25519GivesTheAnswersOfRfc8032(String seed, String publicKey, String message, String signature) {
        assertArrayEquals(hex(publicKey), Ed25519.publicKey(hex(seed)));
        assertArrayEquals(hex(signature), Ed25519.sign(hex(seed), hex(message)));
        assertTrue(Ed25519.verify(hex(publicKey), hex(signature), hex(message)));
        assertFalse(Ed25519.verify(hex(publicKey), hex(signature), hex(message + "00")));
    }

    @Test
    void aMessageInPartsIsTheSameMessage() {
        byte[] signature = Ed25519.sign(SEED, hex("0102"), hex(""), hex("03"));
        assertArrayEquals(Ed25519.sign(SEED, hex("010203")), signature);
        assertTrue(Ed25519.verify(PUBLIC, signature, hex("01"), hex("0203")));
    }

    @Test
    void everyChangedBitBreaksASignature() {
        byte[] message = hex("726f6f74");
        byte[] signature = Ed25519.sign(SEED, message);
        for (int bit = 0; bit < signature.length * 8; bit++) {
            byte[] changed = signature.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertFalse(Ed25519.verify(PUBLIC, changed, message), "bit " + bit);
        }
        for (int length = 0; length < signature.length; length++) {
            assertFalse(Ed25519.verify(PUBLIC, Arrays.copyOf(signature, length), message));
        }
    }

    @Test
    void anSThatIsNotReducedIsRefused() {
        byte[] signature = Ed25519.sign(SEED, hex("00"));
        BigInteger s = littleEndian(signature, 32).add(ORDER);
        System.arraycopy(littleEndian(s), 0, signature, 32, 32);
        assertFalse(Ed25519.verify(PUBLIC, signature, hex("00")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = { // the eight points of small order and their non-canonical forms
                "0100000000000000000000000000000000000000000000000000000000000000",
                "0100000000000000000000000000000000000000000000000000000000000080",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0000000000000000000000000000000000000000000000000000000000000080",
                "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
                "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
                "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
                "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
            })
    void keysOfSmallOrderAndNonCanonicalOnesAreRefused(String key) {
        assertFalse(Ed25519.isValidPublicKey(hex(key)));
        assertNull(Ed25519.toX25519PublicKey(hex(key)));
        // S = 0 and R = A = a small point fulfils the equation for some messages in lax implementations
        byte[] signature = new byte[Ed25519.SIGNATURE_LENGTH];
        System.arraycopy(hex(key), 0, signature, 0, 32);
        for (int i = 0; i < 8; i++) {
            assertFalse(Ed25519.verify(hex(key), signature, new byte[] {(byte) i}));
            assertFalse(Ed25519.verify(PUBLIC, signature, new byte[] {(byte) i}));
        }
    }

    /** A + T with T of order 2: (x, y) becomes (-x, -y), which is canonical, on the curve, and of no small order. */
    @Test
    void aKeyWithATorsionPartIsRefused() {
        BigInteger y = littleEndian(PUBLIC, 0).clearBit(255);
        byte[] torsioned = littleEndian(P.subtract(y));
        torsioned[31] |= (byte) (~PUBLIC[31] & 0x80);
        assertTrue(Ed25519.isValidPublicKey(PUBLIC));
        assertFalse(Ed25519.isValidPublicKey(torsioned));
        assertNull(Ed25519.toX25519PublicKey(torsioned));
        byte[] signature = Ed25519.sign(SEED, hex("00"));
        assertFalse(Ed25519.verify(torsioned, signature, hex("00")));
    }

    /**
     * R + T with T of order 2, and S made for it with the private key: the equation holds up to T, so that who multiplies by the
     * cofactor accepts it, and who checks a multiple of the equation accepts it for every second message.
     */
    @Test
    void anRWithATorsionPartIsRefusedForEveryMessage() {
        byte[] nonceSeed = hex("77".repeat(32));
        BigInteger r = littleEndian(Ed25519.toX25519PrivateKey(nonceSeed), 0);
        BigInteger a = littleEndian(Ed25519.toX25519PrivateKey(SEED), 0);
        byte[] plain = Ed25519.publicKey(nonceSeed);
        byte[] torsioned = littleEndian(P.subtract(littleEndian(plain, 0).clearBit(255)));
        torsioned[31] |= (byte) (~plain[31] & 0x80);
        for (int i = 0; i < 64; i++) {
            byte[] message = {(byte) i};
            assertTrue(Ed25519.verify(PUBLIC, signature(plain, r, a, message), message));
            assertFalse(Ed25519.verify(PUBLIC, signature(torsioned, r, a, message), message), "message " + i);
        }
    }

    /** RFC 8032 section 5.1.6 with a chosen R = rB. */
    private static byte[] signature(byte[] encodedR, BigInteger r, BigInteger a, byte[] message) {
        byte[] hash;
        try {
            MessageDigest sha512 = MessageDigest.getInstance("SHA-512");
            sha512.update(encodedR);
            sha512.update(PUBLIC);
            hash = sha512.digest(message);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
        BigInteger k = littleEndian(hash, 0).add(littleEndian(hash, 32).shiftLeft(256));
        byte[] signature = Arrays.copyOf(encodedR, Ed25519.SIGNATURE_LENGTH);
        System.arraycopy(littleEndian(k.multiply(a).add(r).mod(ORDER)), 0, signature, 32, 32);
        return signature;
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7})
    void bothFormsOfAKeyPairBelongTogether(long seed) {
        byte[] privateKey = new byte[Ed25519.KEY_LENGTH];
        new Random(seed).nextBytes(privateKey);
        byte[] converted = Ed25519.toX25519PublicKey(Ed25519.publicKey(privateKey));
        assertArrayEquals(X25519.publicKey(Ed25519.toX25519PrivateKey(privateKey)), converted);
        BigInteger y = littleEndian(Ed25519.publicKey(privateKey), 0).clearBit(255);
        BigInteger u = BigInteger.ONE
                .add(y)
                .multiply(BigInteger.ONE.subtract(y).modInverse(P))
                .mod(P);
        assertEquals(u, littleEndian(Objects.requireNonNull(converted), 0));
    }

    @Test
    void argon2idGivesTheAnswerOfTheReferenceImplementation() {
        // The vector of RFC 9106 section 5.3 needs secret and associated data, which we never use; this one is the
        // reference
        // implementation's own test: version 19, t=2, m=65536, p=1.
        byte[] tag = Argon2id.derive(
                "password".getBytes(StandardCharsets.US_ASCII),
                "somesalt".getBytes(StandardCharsets.US_ASCII),
                65536,
                2,
                1,
                32);
        assertArrayEquals(hex("09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7"), tag);
        assertThrows(IllegalArgumentException.class, () -> Argon2id.derive(new byte[1], new byte[7], 64, 1, 1, 32));
        assertThrows(IllegalArgumentException.class, () -> Argon2id.derive(new byte[1], new byte[8], 7, 1, 1, 32));
    }

    private static BigInteger littleEndian(byte[] bytes, int offset) {
        byte[] reversed = new byte[32];
        for (int i = 0; i < 32; i++) {
            reversed[31 - i] = bytes[offset + i];
        }
        return new BigInteger(1, reversed);
    }

    private static byte[] littleEndian(BigInteger value) {
        byte[] bytes = new byte[32];
        for (int i = 0; i < 32; i++) {
            bytes[i] = value.shiftRight(8 * i).byteValue();
        }
        return bytes;
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }
}
