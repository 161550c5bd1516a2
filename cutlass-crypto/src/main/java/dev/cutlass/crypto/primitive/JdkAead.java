package dev.cutlass.crypto.primitive;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.NoSuchPaddingException;
import javax.crypto.ShortBufferException;
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
        if (key.length != KEY_LENGTH) {
            throw new IllegalArgumentException("key: " + key.length + " bytes, not " + KEY_LENGTH);
        }
        return new Key(algorithm, key);
    }

    @Override
    public String toString() {
        return "JdkAead[" + algorithm + "]";
    }

    private static Cipher newCipher(AeadAlgorithm algorithm) throws NoSuchAlgorithmException, NoSuchPaddingException {
        return Cipher.getInstance(algorithm == AeadAlgorithm.AES_256_GCM ? GCM : CHACHA);
    }

    private static final class Key implements AeadKey {
        private final AeadAlgorithm algorithm;
        private final RawKey key;
        private @Nullable Cipher sealing;
        private @Nullable Cipher opening;

        Key(AeadAlgorithm algorithm, byte[] key) {
            this.algorithm = algorithm;
            this.key = new RawKey(algorithm == AeadAlgorithm.AES_256_GCM ? "AES" : "ChaCha20", key);
        }

        @Override
        public int seal(
                byte[] nonce,
                byte[] associated,
                int associatedOffset,
                int associatedLength,
                byte[] in,
                int inOffset,
                int length,
                byte[] out,
                int outOffset) {
            AlgorithmParameterSpec parameters = parameters(nonce);
            try {
                Cipher cipher = sealing;
                if (cipher == null) {
                    cipher = newCipher(algorithm);
                    sealing = cipher;
                }
                cipher.init(Cipher.ENCRYPT_MODE, key, parameters);
                cipher.updateAAD(associated, associatedOffset, associatedLength);
                return cipher.doFinal(in, inOffset, length, out, outOffset);
            } catch (InvalidKeyException | InvalidAlgorithmParameterException e) {
                throw new IllegalStateException("nonce used before with this key", e);
            } catch (ShortBufferException e) {
                throw new IllegalArgumentException("out is too short", e);
            } catch (GeneralSecurityException e) {
                throw new AssertionError("sealing cannot fail otherwise", e);
            }
        }

        @Override
        public int open(
                byte[] nonce,
                byte[] associated,
                int associatedOffset,
                int associatedLength,
                byte[] in,
                int inOffset,
                int length,
                byte[] out,
                int outOffset) {
            AlgorithmParameterSpec parameters = parameters(nonce);
            if (length < TAG_LENGTH) {
                return FORGED;
            }
            int plainLength = length - TAG_LENGTH;
            if (out.length - outOffset < plainLength) {
                throw new IllegalArgumentException("out is too short");
            }
            try {
                Cipher cipher = initOpening(parameters);
                cipher.updateAAD(associated, associatedOffset, associatedLength);
                return cipher.doFinal(in, inOffset, length, out, outOffset);
            } catch (AEADBadTagException e) {
                Arrays.fill(out, outOffset, outOffset + plainLength, (byte) 0);
                return FORGED;
            } catch (GeneralSecurityException e) {
                throw new AssertionError("opening cannot fail otherwise", e);
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
            cipher = newCipher(algorithm);
            cipher.init(Cipher.DECRYPT_MODE, key, parameters);
            opening = cipher;
            return cipher;
        }

        private AlgorithmParameterSpec parameters(byte[] nonce) {
            if (nonce.length != NONCE_LENGTH) {
                throw new IllegalArgumentException("nonce: " + nonce.length + " bytes, not " + NONCE_LENGTH);
            }
            if (key.isDestroyed()) {
                throw new IllegalStateException("the key is closed");
            }
            return algorithm == AeadAlgorithm.AES_256_GCM
                    ? new GCMParameterSpec(TAG_LENGTH * Byte.SIZE, nonce)
                    : new IvParameterSpec(nonce);
        }

        @Override
        public void close() {
            key.destroy();
            sealing = null;
            opening = null;
        }

        @Override
        public String toString() {
            return "AeadKey[" + algorithm + "]";
        }
    }
}
