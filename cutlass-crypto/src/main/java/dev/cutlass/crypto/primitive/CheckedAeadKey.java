package dev.cutlass.crypto.primitive;

import java.util.Arrays;

/** What all implementations of {@link AeadKey} check before they begin, and clear afterwards. One thread at a time. */
public abstract class CheckedAeadKey implements AeadKey {
    private final AeadAlgorithm algorithm;
    private boolean closed;

    /** @throws IllegalArgumentException unless {@code key} has {@link Aead#KEY_LENGTH} bytes; it is not kept */
    protected CheckedAeadKey(AeadAlgorithm algorithm, byte[] key) {
        if (key.length != Aead.KEY_LENGTH) {
            throw new IllegalArgumentException("key: " + key.length + " bytes, not " + Aead.KEY_LENGTH);
        }
        this.algorithm = algorithm;
    }

    /** Which algorithm the key is for. */
    protected final AeadAlgorithm algorithm() {
        return algorithm;
    }

    /**
     * Seals or opens, with arguments that were checked: {@code out} has room, and what is opened has at least a tag.
     *
     * @return bytes written, or {@link Aead#FORGED}
     * @throws IllegalStateException if sealing notices that the nonce was used before
     */
    protected abstract int crypt(
            boolean seal,
            byte[] nonce,
            byte[] associated,
            int associatedOffset,
            int associatedLength,
            byte[] in,
            int inOffset,
            int length,
            byte[] out,
            int outOffset);

    /** Wipes the key and drops cipher objects. */
    protected abstract void wipe();

    @Override
    public final int seal(
            byte[] nonce,
            byte[] associated,
            int associatedOffset,
            int associatedLength,
            byte[] in,
            int inOffset,
            int length,
            byte[] out,
            int outOffset) {
        requireUsable(nonce);
        requireRoom(out, outOffset, length + Aead.TAG_LENGTH);
        int written = crypt(
                true, nonce, associated, associatedOffset, associatedLength, in, inOffset, length, out, outOffset);
        if (written == Aead.FORGED) {
            throw new AssertionError("sealing cannot fail");
        }
        return written;
    }

    @Override
    public final int open(
            byte[] nonce,
            byte[] associated,
            int associatedOffset,
            int associatedLength,
            byte[] in,
            int inOffset,
            int length,
            byte[] out,
            int outOffset) {
        requireUsable(nonce);
        if (length < Aead.TAG_LENGTH) {
            return Aead.FORGED;
        }
        int plainLength = length - Aead.TAG_LENGTH;
        requireRoom(out, outOffset, plainLength);
        int opened = crypt(
                false, nonce, associated, associatedOffset, associatedLength, in, inOffset, length, out, outOffset);
        if (opened == Aead.FORGED) {
            Arrays.fill(out, outOffset, outOffset + plainLength, (byte) 0);
        }
        return opened;
    }

    @Override
    public final void close() {
        closed = true;
        wipe();
    }

    @Override
    public final String toString() {
        return "AeadKey[" + algorithm + "]";
    }

    private void requireUsable(byte[] nonce) {
        if (nonce.length != Aead.NONCE_LENGTH) {
            throw new IllegalArgumentException("nonce: " + nonce.length + " bytes, not " + Aead.NONCE_LENGTH);
        }
        if (closed) {
            throw new IllegalStateException("the key is closed");
        }
    }

    private static void requireRoom(byte[] out, int outOffset, int length) {
        if (out.length - outOffset < length) {
            throw new IllegalArgumentException("out is too short");
        }
    }
}
