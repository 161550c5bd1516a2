package dev.cutlass.crypto.bc;

import static dev.cutlass.crypto.vectors.Vectors.bytes;
import static dev.cutlass.crypto.vectors.Vectors.isValid;
import static dev.cutlass.crypto.vectors.Vectors.name;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import dev.cutlass.crypto.primitive.Aead;
import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.crypto.primitive.AeadKey;
import dev.cutlass.crypto.primitive.Hash;
import dev.cutlass.crypto.primitive.Hkdf;
import dev.cutlass.crypto.primitive.Hmac;
import dev.cutlass.crypto.primitive.JdkAead;
import dev.cutlass.crypto.primitive.Secrets;
import dev.cutlass.crypto.vectors.Vectors;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Google's Wycheproof vectors (C2SP/wycheproof): valid cases, and the mistakes that others have made. */
class WycheproofTest {
    private int run;

    @Test
    void aesGcmOfBothProviders() {
        aead("aes_gcm_test.json", AeadAlgorithm.AES_256_GCM);
        assertTrue(run > 60, "only " + run);
    }

    @Test
    void chaCha20Poly1305OfBothProviders() {
        aead("chacha20_poly1305_test.json", AeadAlgorithm.CHACHA20_POLY1305);
        assertTrue(run > 250, "only " + run);
    }

    private void aead(String file, AeadAlgorithm algorithm) {
        List<Aead> implementations = List.of(Objects.requireNonNull(JdkAead.of(algorithm)), BcAead.of(algorithm));
        Vectors.wycheproof(file, (group, test) -> {
            if (group.get("keySize").getAsInt() == 256 && group.get("tagSize").getAsInt() == 128) {
                for (Aead aead : implementations) {
                    aeadCase(aead, test);
                }
            }
        });
    }

    private void aeadCase(Aead aead, JsonObject test) {
        byte[] nonce = bytes(test, "iv");
        byte[] associated = bytes(test, "aad");
        byte[] message = bytes(test, "msg");
        byte[] sealed = concatenate(bytes(test, "ct"), bytes(test, "tag"));
        byte[] out = new byte[sealed.length];
        try (AeadKey key = aead.newKey(bytes(test, "key"))) {
            if (nonce.length != Aead.NONCE_LENGTH) {
                assertThrows(
                        IllegalArgumentException.class,
                        () -> key.open(nonce, associated, 0, associated.length, sealed, 0, sealed.length, out, 0));
                return;
            }
            int length = key.open(nonce, associated, 0, associated.length, sealed, 0, sealed.length, out, 0);
            assertEquals(isValid(test) ? message.length : Aead.FORGED, length, name(test));
            if (isValid(test)) {
                assertArrayEquals(message, Arrays.copyOf(out, length), name(test));
                key.seal(nonce, associated, 0, associated.length, message, 0, message.length, out, 0);
                assertArrayEquals(sealed, out, name(test));
            } else {
                assertArrayEquals(new byte[out.length], out, "plaintext left behind: " + name(test));
            }
        }
        run++;
    }

    @Test
    void ed25519() {
        int count = Vectors.wycheproof("ed25519_test.json", (group, test) -> {
            byte[] key = bytes(group.getAsJsonObject("publicKey"), "pk");
            boolean verified = Ed25519.verify(key, bytes(test, "sig"), bytes(test, "msg"));
            assertEquals(isValid(test), verified, name(test));
        });
        assertTrue(count > 140, "only " + count);
    }

    @Test
    void x25519() {
        int count = Vectors.wycheproof("x25519_test.json", (group, test) -> {
            byte[] expected = bytes(test, "shared");
            byte[] shared = X25519.agree(bytes(test, "private"), bytes(test, "public"));
            assertEquals(Secrets.isZero(expected), X25519.isSmallOrder(bytes(test, "public")), name(test));
            if (Secrets.isZero(expected)) {
                assertNull(shared, name(test));
            } else {
                assertArrayEquals(expected, shared, name(test));
            }
        });
        assertTrue(count > 500, "only " + count);
    }

    @Test
    void hkdf() {
        int count = Vectors.wycheproof("hkdf_sha256_test.json", (group, test) -> {
            byte[] secret = Hkdf.extract(Hash.SHA_256, bytes(test, "salt"), bytes(test, "ikm"));
            int size = test.get("size").getAsInt();
            if (isValid(test)) {
                assertArrayEquals(
                        bytes(test, "okm"), Hkdf.expand(Hash.SHA_256, secret, bytes(test, "info"), size), name(test));
            } else {
                assertThrows(
                        IllegalArgumentException.class,
                        () -> Hkdf.expand(Hash.SHA_256, secret, bytes(test, "info"), size),
                        name(test));
            }
        });
        assertTrue(count > 80, "only " + count);
    }

    @Test
    void hmac() {
        int count = Vectors.wycheproof("hmac_sha256_test.json", (group, test) -> {
            byte[] code = Hmac.of(Hash.SHA_256, bytes(test, "key"), bytes(test, "msg"));
            byte[] cut = Arrays.copyOf(code, group.get("tagSize").getAsInt() / 8);
            assertEquals(isValid(test), Secrets.equal(cut, bytes(test, "tag")), name(test));
        });
        assertTrue(count > 170, "only " + count);
    }

    @Test
    void mlKemDecapsulates() {
        int count = Vectors.wycheproof("mlkem_768_test.json", (group, test) -> {
            byte[] seed = bytes(test, "seed");
            if (seed.length != MlKem768KeyPair.SEED_LENGTH) {
                assertThrows(IllegalArgumentException.class, () -> MlKem768KeyPair.of(seed), name(test));
                return;
            }
            try (MlKem768KeyPair pair = MlKem768KeyPair.of(seed)) {
                if (test.has("ek")) {
                    assertArrayEquals(bytes(test, "ek"), pair.publicKey(), name(test));
                }
                byte[] secret = pair.decapsulate(bytes(test, "c"));
                assertEquals(isValid(test), secret != null, name(test));
                if (secret != null) {
                    assertArrayEquals(bytes(test, "K"), secret, name(test));
                }
            }
        });
        assertTrue(count > 190, "only " + count);
    }

    @Test
    void mlKemMakesKeysFromSeeds() {
        int count = Vectors.wycheproof("mlkem_768_keygen_seed_test.json", (group, test) -> {
            try (MlKem768KeyPair pair = MlKem768KeyPair.of(bytes(test, "seed"))) {
                assertArrayEquals(bytes(test, "ek"), pair.publicKey(), name(test));
                assertTrue(MlKem768.isValidPublicKey(pair.publicKey()));
            }
        });
        assertEquals(100, count);
    }

    private static byte[] concatenate(byte[] left, byte[] right) {
        byte[] both = Arrays.copyOf(left, left.length + right.length);
        System.arraycopy(right, 0, both, left.length, right.length);
        return both;
    }
}
