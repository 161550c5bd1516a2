package dev.cutlass.crypto.bc;

import dev.cutlass.crypto.primitive.Secrets;
import java.security.SecureRandom;
import org.bouncycastle.crypto.SecretWithEncapsulation;
import org.bouncycastle.crypto.kems.MLKEMGenerator;
import org.bouncycastle.crypto.params.MLKEMParameters;
import org.bouncycastle.crypto.params.MLKEMPublicKeyParameters;
import org.jspecify.annotations.Nullable;

/** ML-KEM-768 (FIPS 203): the encapsulating side. {@link MlKem768KeyPair} is the other. Any thread. */
public final class MlKem768 {
    /** Bytes in an encapsulation key. */
    public static final int PUBLIC_KEY_LENGTH = 1184;

    /** Bytes in a ciphertext. */
    public static final int CIPHERTEXT_LENGTH = 1088;

    /** Bytes in a shared secret. */
    public static final int SECRET_LENGTH = 32;

    /** Bytes of randomness that an encapsulation takes: the {@code m} of FIPS 203 algorithm 17. */
    public static final int ENCAPSULATION_SEED_LENGTH = 32;

    private static final int MODULUS = 3329;
    private static final int POLYNOMIALS_LENGTH = PUBLIC_KEY_LENGTH - 32; // the rest is the seed rho

    private MlKem768() {}

    /** FIPS 203 section 7.2: the length, and every coefficient below the modulus. */
    public static boolean isValidPublicKey(byte[] publicKey) {
        if (publicKey.length != PUBLIC_KEY_LENGTH) {
            return false;
        }
        for (int i = 0; i < POLYNOMIALS_LENGTH; i += 3) { // two coefficients of 12 bits in three bytes, low bits first
            int low = publicKey[i] & 0xff;
            int middle = publicKey[i + 1] & 0xff;
            int high = publicKey[i + 2] & 0xff;
            if ((low | (middle & 0x0f) << 8) >= MODULUS || (middle >> 4 | high << 4) >= MODULUS) {
                return false;
            }
        }
        return true;
    }

    /**
     * Draws {@link #ENCAPSULATION_SEED_LENGTH} bytes and encapsulates a fresh secret.
     *
     * @return {@code null} unless {@link #isValidPublicKey}
     */
    public static @Nullable Encapsulation encapsulate(byte[] publicKey, SecureRandom random) {
        if (!isValidPublicKey(publicKey)) {
            return null;
        }
        byte[] seed = new byte[ENCAPSULATION_SEED_LENGTH];
        random.nextBytes(seed);
        SecretWithEncapsulation made = MLKEMGenerator.internalGenerateEncapsulated(
                new MLKEMPublicKeyParameters(MLKEMParameters.ml_kem_768, publicKey), seed);
        Secrets.wipe(seed);
        return new Encapsulation(made.getEncapsulation(), made.getSecret());
    }

    /** A ciphertext and the secret in it. {@link #close()} wipes the secret. */
    public static final class Encapsulation implements AutoCloseable {
        private final byte[] ciphertext;
        private final byte[] secret;

        private Encapsulation(byte[] ciphertext, byte[] secret) {
            this.ciphertext = ciphertext;
            this.secret = secret;
        }

        /** What goes to the owner of the key: {@link #CIPHERTEXT_LENGTH} bytes, not copied. */
        public byte[] ciphertext() {
            return ciphertext;
        }

        /** The shared secret: {@link #SECRET_LENGTH} bytes, not copied. */
        public byte[] secret() {
            return secret;
        }

        @Override
        public void close() {
            Secrets.wipe(secret);
        }

        @Override
        public String toString() {
            return "Encapsulation[redacted]";
        }
    }
}
