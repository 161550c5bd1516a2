package dev.cutlass.crypto.bc;

import dev.cutlass.crypto.primitive.Aead;
import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.crypto.primitive.AeadKey;
import dev.cutlass.crypto.primitive.CheckedAeadKey;
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
        return new Key(algorithm, key);
    }

    @Override
    public String toString() {
        return "BcAead[" + algorithm + "]";
    }

    private static final class Key extends CheckedAeadKey {
        private final byte[] key;
        private AEADCipher sealing;
        private AEADCipher opening;

        Key(AeadAlgorithm algorithm, byte[] key) {
            super(algorithm, key);
            this.key = key.clone();
            this.sealing = newCipher();
            this.opening = newCipher();
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
            AEADCipher cipher = seal ? sealing : opening;
            try {
                cipher.init(seal, new AEADParameters(new KeyParameter(key), TAG_LENGTH * Byte.SIZE, nonce));
            } catch (IllegalArgumentException e) {
                throw new IllegalStateException("nonce used before with this key", e);
            }
            try {
                cipher.processAADBytes(associated, associatedOffset, associatedLength);
                int written = cipher.processBytes(in, inOffset, length, out, outOffset);
                return written + cipher.doFinal(out, outOffset + written);
            } catch (InvalidCipherTextException e) {
                return FORGED;
            }
        }

        private AEADCipher newCipher() {
            return algorithm() == AeadAlgorithm.AES_256_GCM
                    ? GCMBlockCipher.newInstance(AESEngine.newInstance())
                    : new ChaCha20Poly1305();
        }

        @Override
        protected void wipe() {
            Arrays.fill(key, (byte) 0);
            sealing = newCipher(); // Bouncy Castle cannot wipe a key schedule; the old objects are dropped
            opening = newCipher();
        }
    }
}
