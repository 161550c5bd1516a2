package dev.cutlass.crypto.bc;

import dev.cutlass.crypto.primitive.Secrets;
import java.security.SecureRandom;
import org.bouncycastle.crypto.kems.MLKEMExtractor;
import org.bouncycastle.crypto.params.MLKEMParameters;
import org.bouncycastle.crypto.params.MLKEMPrivateKeyParameters;
import org.jspecify.annotations.Nullable;

/** An ML-KEM-768 key pair (FIPS 203). {@link #close()} wipes the private key. One thread at a time. */
public final class MlKem768KeyPair implements AutoCloseable {
    /** Bytes in a seed: the {@code d} and {@code z} of FIPS 203 algorithm 19, one after the other. */
    public static final int SEED_LENGTH = 64;

    private final MLKEMPrivateKeyParameters key;
    private final byte[] publicKey;

    private MlKem768KeyPair(byte[] seed) {
        key = new MLKEMPrivateKeyParameters(MLKEMParameters.ml_kem_768, seed);
        publicKey = key.getPublicKey();
    }

    /** Draws {@link #SEED_LENGTH} bytes and makes a pair of them. */
    public static MlKem768KeyPair generate(SecureRandom random) {
        byte[] seed = new byte[SEED_LENGTH];
        random.nextBytes(seed);
        MlKem768KeyPair pair = new MlKem768KeyPair(seed);
        Secrets.wipe(seed);
        return pair;
    }

    /**
     * The pair of a seed.
     *
     * @throws IllegalArgumentException unless it has {@link #SEED_LENGTH} bytes
     */
    public static MlKem768KeyPair of(byte[] seed) {
        if (seed.length != SEED_LENGTH) {
            throw new IllegalArgumentException("ML-KEM seed: " + seed.length + " bytes, not " + SEED_LENGTH);
        }
        return new MlKem768KeyPair(seed);
    }

    /** The encapsulation key: {@link MlKem768#PUBLIC_KEY_LENGTH} bytes, a copy. */
    public byte[] publicKey() {
        return publicKey.clone();
    }

    /**
     * The secret in a ciphertext. A forged ciphertext gives a secret that nobody else knows (FIPS 203 algorithm 18: implicit
     * rejection).
     *
     * @return the caller's to wipe; {@code null} if the ciphertext has another length than {@link MlKem768#CIPHERTEXT_LENGTH}
     */
    public byte @Nullable [] decapsulate(byte[] ciphertext) {
        if (key.isDestroyed()) {
            throw new IllegalStateException("the key pair is closed");
        }
        if (ciphertext.length != MlKem768.CIPHERTEXT_LENGTH) {
            return null;
        }
        return new MLKEMExtractor(key).extractSecret(ciphertext);
    }

    @Override
    public void close() {
        key.destroy();
    }

    @Override
    public String toString() {
        return "MlKem768KeyPair[redacted]";
    }
}
