package dev.cutlass.proto;

import dev.cutlass.crypto.primitive.Aead;
import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.crypto.primitive.AeadKey;
import dev.cutlass.crypto.primitive.CheckedAeadKey;
import java.util.Arrays;

/** Stands in for a cipher: hides nothing, allocates nothing, and counts. Its tag is the low bytes of the nonce, twice. */
final class CipherOfTests implements Aead {
    long sealed;
    long opened;

    @Override
    public AeadAlgorithm algorithm() {
        return AeadAlgorithm.CHACHA20_POLY1305;
    }

    @Override
    public AeadKey newKey(byte[] key) {
        return new Key(key);
    }

    private final class Key extends CheckedAeadKey {
        private static final int HALF = TAG_LENGTH / 2;

        Key(byte[] key) {
            super(AeadAlgorithm.CHACHA20_POLY1305, key);
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
            if (seal) {
                sealed++;
                System.arraycopy(in, inOffset, out, outOffset, length);
                System.arraycopy(nonce, NONCE_LENGTH - HALF, out, outOffset + length, HALF);
                System.arraycopy(nonce, NONCE_LENGTH - HALF, out, outOffset + length + HALF, HALF);
                return length + TAG_LENGTH;
            }
            opened++;
            final int plain = length - TAG_LENGTH;
            if (!Arrays.equals(
                    nonce, NONCE_LENGTH - HALF, NONCE_LENGTH, in, inOffset + plain, inOffset + plain + HALF)) {
                return FORGED;
            }
            System.arraycopy(in, inOffset, out, outOffset, plain);
            return plain;
        }

        @Override
        protected void wipe() {}
    }
}
