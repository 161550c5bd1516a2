package dev.cutlass.crypto.noise;

import dev.cutlass.crypto.primitive.Aead;
import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.crypto.primitive.AeadKey;
import dev.cutlass.crypto.primitive.Secrets;
import dev.cutlass.crypto.provider.Aeads;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * CipherState (revision 34 section 5.1): a key, possibly none yet, and the number of the next message. Without Rekey, since nothing of
 * ours is sent under it after the handshake. One thread at a time.
 */
final class CipherState implements AutoCloseable {
    private final AeadAlgorithm algorithm;
    private byte @Nullable [] k;
    private @Nullable AeadKey aead; // made of k when first needed, so that a copy costs 32 bytes
    private long n;

    CipherState(AeadAlgorithm algorithm) {
        this.algorithm = algorithm;
    }

    /** InitializeKey. The bytes are copied. */
    void initializeKey(byte[] key) {
        close();
        k = key.clone();
        n = 0;
    }

    boolean hasKey() {
        return k != null;
    }

    CipherState copy() {
        CipherState copy = new CipherState(algorithm);
        if (k != null) {
            copy.k = k.clone();
        }
        copy.n = n;
        return copy;
    }

    /** EncryptWithAd: the plaintext itself as long as there is no key. */
    byte[] encryptWithAd(byte[] associated, byte[] plaintext) {
        if (k == null) {
            return plaintext.clone();
        }
        byte[] sealed = seal(n, associated, plaintext);
        n++;
        return sealed;
    }

    /** DecryptWithAd; {@code null} if the tag does not hold, and then n is as before. */
    byte @Nullable [] decryptWithAd(byte[] associated, byte[] ciphertext) {
        if (k == null) {
            return ciphertext.clone();
        }
        if (ciphertext.length < Aead.TAG_LENGTH) {
            return null;
        }
        byte[] plaintext = new byte[ciphertext.length - Aead.TAG_LENGTH];
        int length =
                key().open(nonce(n), associated, 0, associated.length, ciphertext, 0, ciphertext.length, plaintext, 0);
        if (length == Aead.FORGED) {
            return null;
        }
        n++;
        return plaintext;
    }

    @Override
    public void close() {
        Secrets.wipe(k);
        k = null;
        if (aead != null) {
            aead.close();
            aead = null;
        }
    }

    @Override
    public String toString() {
        return "CipherState[redacted]";
    }

    private byte[] seal(long number, byte[] associated, byte[] plaintext) {
        byte[] sealed = new byte[plaintext.length + Aead.TAG_LENGTH];
        key().seal(nonce(number), associated, 0, associated.length, plaintext, 0, plaintext.length, sealed, 0);
        return sealed;
    }

    private AeadKey key() {
        AeadKey made = aead;
        if (made == null) {
            if (k == null) {
                throw new IllegalStateException("no key");
            }
            made = Aeads.of(algorithm).newKey(k);
            aead = made;
        }
        return made;
    }

    /** Section 12.3 and 12.4: four zero bytes, then the number, little-endian for ChaChaPoly and big-endian for AESGCM. */
    private byte[] nonce(long number) {
        ByteOrder order = algorithm == AeadAlgorithm.AES_256_GCM ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        return ByteBuffer.allocate(Aead.NONCE_LENGTH)
                .order(order)
                .putInt(0)
                .putLong(number)
                .array();
    }
}
