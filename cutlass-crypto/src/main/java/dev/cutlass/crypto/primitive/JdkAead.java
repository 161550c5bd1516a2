package dev.cutlass.crypto.primitive;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.spec.AlgorithmParameterSpec;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.NoSuchPaddingException;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import org.jspecify.annotations.Nullable;

/** The AEADs of {@code javax.crypto}, byte arrays in and out: direct buffers are slower there. Any thread. */
public final class JdkAead implements Aead {
    private static final String GCM = "AES/GCM/NoPadding";
    private static final String CHACHA = "ChaCha20-Poly1305";

    private final AeadAlgorithm algorithm;

    private JdkAead(AeadAlgorithm algorithm) {
        this.algorithm = algorithm;
    }

    /** This JDK's implementation, or {@code null} if it has none. */
    public static @Nullable Aead of(AeadAlgorithm algorithm) {
        try {
            newCipher(algorithm);
            return new JdkAead(algorithm);
        } catch (NoSuchAlgorithmException | NoSuchPaddingException e) {
            return null;
        }
    }

    @Override
    public AeadAlgorithm algorithm() {
        return algorithm;
    }

    @Override
    public AeadKey newKey(byte[] key) {
        return new Key(algorithm, key);
    }

    @Override
    public String toString() {
        return "JdkAead[" + algorithm + "]";
    }

    private static Cipher newCipher(AeadAlgorithm algorithm) throws NoSuchAlgorithmException, NoSuchPaddingException {
        return Cipher.getInstance(algorithm == AeadAlgorithm.AES_256_GCM ? GCM : CHACHA);
    }

    private static final class Key extends CheckedAeadKey {
        private final RawKey key;
        private @Nullable Cipher sealing;
        private @Nullable Cipher opening;

        Key(AeadAlgorithm algorithm, byte[] key) {
            super(algorithm, key);
            this.key = new RawKey(algorithm == AeadAlgorithm.AES_256_GCM ? "AES" : "ChaCha20", key);
        }

        @Override
        protected int crypt(
                boolean seal,
                byte[] nonce,
                byte[] associated,
                int associatedOffset,
                int associatedLength,
                byte[] in,
                int inOffset,
                int length,
                byte[] out,
                int outOffset) {
            AlgorithmParameterSpec parameters = algorithm() == AeadAlgorithm.AES_256_GCM
                    ? new GCMParameterSpec(TAG_LENGTH * Byte.SIZE, nonce)
                    : new IvParameterSpec(nonce);
            try {
                Cipher cipher = seal ? initSealing(parameters) : initOpening(parameters);
                cipher.updateAAD(associated, associatedOffset, associatedLength);
                return cipher.doFinal(in, inOffset, length, out, outOffset);
            } catch (AEADBadTagException e) {
                return FORGED;
            } catch (GeneralSecurityException e) {
                throw new AssertionError("cannot fail otherwise", e);
            }
        }

        private Cipher initSealing(AlgorithmParameterSpec parameters) throws GeneralSecurityException {
            Cipher cipher = sealing;
            if (cipher == null) {
                cipher = newCipher(algorithm());
                sealing = cipher;
            }
            try {
                cipher.init(Cipher.ENCRYPT_MODE, key, parameters);
                return cipher;
            } catch (InvalidKeyException | InvalidAlgorithmParameterException e) {
                throw new IllegalStateException("nonce used before with this key", e);
            }
        }

        /** JDK 17's ChaCha20 refuses to start twice with one key and nonce, even to decrypt; a fresh object does not know the last. */
        private Cipher initOpening(AlgorithmParameterSpec parameters) throws GeneralSecurityException {
            Cipher cipher = opening;
            if (cipher != null) {
                try {
                    cipher.init(Cipher.DECRYPT_MODE, key, parameters);
                    return cipher;
                } catch (InvalidKeyException | InvalidAlgorithmParameterException e) {
                    opening = null;
                }
            }
            cipher = newCipher(algorithm());
            cipher.init(Cipher.DECRYPT_MODE, key, parameters);
            opening = cipher;
            return cipher;
        }

        @Override
        protected void wipe() {
            key.destroy();
            sealing = null;
            opening = null;
        }
    }
}
