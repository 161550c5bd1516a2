package dev.cutlass.crypto.bc;

import dev.cutlass.crypto.primitive.Aead;
import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.crypto.primitive.AeadKey;
import java.util.Arrays;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.AEADCipher;
import org.bouncycastle.crypto.modes.ChaCha20Poly1305;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;

/** Bouncy Castle's AEADs: slower than SunJCE's by a factor of 2 to 20, for a JDK that has none. Any thread. */
public final class BcAead implements Aead {
    private final AeadAlgorithm algorithm;

    private BcAead(AeadAlgorithm algorithm) {
        this.algorithm = algorithm;
    }

    /** The implementation of an algorithm; there is one for each. */
    public static Aead of(AeadAlgorithm algorithm) {
        return new BcAead(algorithm);
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
        return new Key(algorithm, key.clone());
    }

    @Override
    public String toString() {
        return "BcAead[" + algorithm + "]";
    }

    private static final class Key implements AeadKey {
        private final AeadAlgorithm algorithm;
        private final byte[] key;
        private AEADCipher sealing;
        private AEADCipher opening;
        private boolean closed;

        Key(AeadAlgorithm algorithm, byte[] key) {
            this.algorithm = algorithm;
            this.key = key;
            this.sealing = newCipher();
            this.opening = newCipher();
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
            AEADParameters parameters = parameters(nonce);
            if (out.length - outOffset < length + TAG_LENGTH) {
                throw new IllegalArgumentException("out is too short");
            }
            try {
                sealing.init(true, parameters);
            } catch (IllegalArgumentException e) {
                throw new IllegalStateException("nonce used before with this key", e);
            }
            try {
                return run(
                        sealing, associated, associatedOffset, associatedLength, in, inOffset, length, out, outOffset);
            } catch (InvalidCipherTextException e) {
                throw new AssertionError("sealing cannot fail", e);
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
            AEADParameters parameters = parameters(nonce);
            if (length < TAG_LENGTH) {
                return FORGED;
            }
            int plainLength = length - TAG_LENGTH;
            if (out.length - outOffset < plainLength) {
                throw new IllegalArgumentException("out is too short");
            }
            try {
                opening.init(false, parameters);
                return run(
                        opening, associated, associatedOffset, associatedLength, in, inOffset, length, out, outOffset);
            } catch (InvalidCipherTextException e) {
                Arrays.fill(out, outOffset, outOffset + plainLength, (byte) 0);
                return FORGED;
            }
        }

        private static int run(
                AEADCipher cipher,
                byte[] associated,
                int associatedOffset,
                int associatedLength,
                byte[] in,
                int inOffset,
                int length,
                byte[] out,
                int outOffset)
                throws InvalidCipherTextException {
            cipher.processAADBytes(associated, associatedOffset, associatedLength);
            int written = cipher.processBytes(in, inOffset, length, out, outOffset);
            return written + cipher.doFinal(out, outOffset + written);
        }

        private AEADParameters parameters(byte[] nonce) {
            if (nonce.length != NONCE_LENGTH) {
                throw new IllegalArgumentException("nonce: " + nonce.length + " bytes, not " + NONCE_LENGTH);
            }
            if (closed) {
                throw new IllegalStateException("the key is closed");
            }
            return new AEADParameters(new KeyParameter(key), TAG_LENGTH * Byte.SIZE, nonce);
        }

        private AEADCipher newCipher() {
            return algorithm == AeadAlgorithm.AES_256_GCM
                    ? GCMBlockCipher.newInstance(AESEngine.newInstance())
                    : new ChaCha20Poly1305();
        }

        @Override
        public void close() {
            closed = true;
            Arrays.fill(key, (byte) 0);
            sealing = newCipher(); // Bouncy Castle cannot wipe a key schedule; the old objects are dropped
            opening = newCipher();
        }

        @Override
        public String toString() {
            return "AeadKey[" + algorithm + "]";
        }
    }
}
