package dev.cutlass.crypto.bc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** ML-KEM-768: round trips, the checks of FIPS 203, and the JDK's own from version 24 on as oracle. */
class MlKemTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int ROUNDS = 20;

    @Test
    void bothSidesGetTheSameSecret() {
        for (int i = 0; i < ROUNDS; i++) {
            try (MlKem768KeyPair pair = MlKem768KeyPair.generate(RANDOM);
                    MlKem768.Encapsulation made = MlKem768.encapsulate(pair.publicKey(), RANDOM)) {
                assertNotNull(made);
                assertEquals(MlKem768.PUBLIC_KEY_LENGTH, pair.publicKey().length);
                assertEquals(MlKem768.CIPHERTEXT_LENGTH, made.ciphertext().length);
                assertEquals(MlKem768.SECRET_LENGTH, made.secret().length);
                assertArrayEquals(made.secret(), pair.decapsulate(made.ciphertext()));
                byte[] forged = made.ciphertext().clone();
                forged[i * 50] ^= 1;
                byte[] rejected = pair.decapsulate(forged);
                assertNotNull(rejected);
                assertFalse(Arrays.equals(made.secret(), rejected));
                assertArrayEquals(rejected, pair.decapsulate(forged)); // implicit rejection is deterministic
            }
        }
    }

    @Test
    void badLengthsAndCoefficientsAreRefused() {
        MlKem768KeyPair pair = MlKem768KeyPair.generate(RANDOM);
        byte[] good = pair.publicKey();
        assertTrue(MlKem768.isValidPublicKey(good));
        assertNull(MlKem768.encapsulate(Arrays.copyOf(good, good.length - 1), RANDOM));
        assertNull(MlKem768.encapsulate(Arrays.copyOf(good, good.length + 1), RANDOM));
        assertNull(pair.decapsulate(new byte[MlKem768.CIPHERTEXT_LENGTH - 1]));
        assertNull(pair.decapsulate(new byte[MlKem768.CIPHERTEXT_LENGTH + 1]));
        for (int coefficient = 0; coefficient < 768; coefficient++) {
            assertTrue(MlKem768.isValidPublicKey(withCoefficient(good, coefficient, 3328)), "at " + coefficient);
            assertFalse(MlKem768.isValidPublicKey(withCoefficient(good, coefficient, 3329)), "at " + coefficient);
        }
        assertNull(MlKem768.encapsulate(withCoefficient(good, 767, 4095), RANDOM));
        pair.close();
        assertThrows(IllegalStateException.class, () -> pair.decapsulate(new byte[MlKem768.CIPHERTEXT_LENGTH]));
        assertThrows(IllegalArgumentException.class, () -> MlKem768KeyPair.of(new byte[63]));
    }

    /** Reflection, since the sources are of Java 17: {@code javax.crypto.KEM} came with 21 and ML-KEM with 24. */
    @Test
    void theJdkUnderstandsUsAndWeUnderstandIt() throws ReflectiveOperationException, GeneralSecurityException {
        KeyFactory factory;
        try {
            factory = KeyFactory.getInstance("ML-KEM-768");
        } catch (NoSuchAlgorithmException e) {
            assumeTrue(false, "this JDK has no ML-KEM");
            return;
        }
        KeyPairGenerator generator = KeyPairGenerator.getInstance("ML-KEM-768");
        for (int i = 0; i < ROUNDS; i++) {
            // ours to theirs: they decapsulate
            KeyPair theirs = generator.generateKeyPair();
            byte[] encoded = theirs.getPublic().getEncoded();
            byte[] prefix = Arrays.copyOf(encoded, encoded.length - MlKem768.PUBLIC_KEY_LENGTH);
            byte[] raw = Arrays.copyOfRange(encoded, prefix.length, encoded.length);
            MlKem768.Encapsulation made = MlKem768.encapsulate(raw, RANDOM);
            assertNotNull(made);
            assertArrayEquals(made.secret(), jdkDecapsulate(theirs.getPrivate(), made.ciphertext()));

            // theirs to ours: they encapsulate
            MlKem768KeyPair ours = MlKem768KeyPair.generate(RANDOM);
            byte[] spki = Arrays.copyOf(prefix, encoded.length);
            System.arraycopy(ours.publicKey(), 0, spki, prefix.length, MlKem768.PUBLIC_KEY_LENGTH);
            byte[][] secretAndCiphertext = jdkEncapsulate(factory.generatePublic(new X509EncodedKeySpec(spki)));
            assertArrayEquals(secretAndCiphertext[0], ours.decapsulate(secretAndCiphertext[1]));
        }
    }

    private static Object kem() throws ReflectiveOperationException {
        return Class.forName("javax.crypto.KEM")
                .getMethod("getInstance", String.class)
                .invoke(null, "ML-KEM-768");
    }

    private static byte[] jdkDecapsulate(PrivateKey key, byte[] ciphertext) throws ReflectiveOperationException {
        Object kem = kem();
        Object decapsulator =
                kem.getClass().getMethod("newDecapsulator", PrivateKey.class).invoke(kem, key);
        Object secret =
                decapsulator.getClass().getMethod("decapsulate", byte[].class).invoke(decapsulator, ciphertext);
        return ((Key) secret).getEncoded();
    }

    private static byte[][] jdkEncapsulate(PublicKey key) throws ReflectiveOperationException {
        Object kem = kem();
        Object encapsulator =
                kem.getClass().getMethod("newEncapsulator", PublicKey.class).invoke(kem, key);
        Object made = encapsulator.getClass().getMethod("encapsulate").invoke(encapsulator);
        Key secret = (Key) made.getClass().getMethod("key").invoke(made);
        byte[] ciphertext = (byte[]) made.getClass().getMethod("encapsulation").invoke(made);
        return new byte[][] {secret.getEncoded(), ciphertext};
    }

    private static byte[] withCoefficient(byte[] publicKey, int index, int value) {
        byte[] changed = publicKey.clone();
        int offset = index / 2 * 3;
        if (index % 2 == 0) {
            changed[offset] = (byte) value;
            changed[offset + 1] = (byte) (changed[offset + 1] & 0xf0 | value >> 8);
        } else {
            changed[offset + 1] = (byte) (changed[offset + 1] & 0x0f | (value & 0x0f) << 4);
            changed[offset + 2] = (byte) (value >> 4);
        }
        return changed;
    }
}
