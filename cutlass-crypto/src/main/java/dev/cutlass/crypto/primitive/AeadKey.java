package dev.cutlass.crypto.primitive;

/**
 * A key bound to an AEAD implementation, with the cipher objects that it needs. One thread at a time. {@link #close()} wipes the
 * key; afterwards every other method throws {@link IllegalStateException}.
 */
public interface AeadKey extends AutoCloseable {
    /**
     * Seals {@code length} bytes and writes ciphertext and tag.
     *
     * @param nonce {@link Aead#NONCE_LENGTH} bytes, never used before with this key
     * @param out may be {@code in}; the two ranges may overlap only if they start at the same place
     * @return bytes written: {@code length + Aead.TAG_LENGTH}
     * @throws IllegalArgumentException if the nonce has another length, or {@code out} is too short
     * @throws IllegalStateException if the implementation notices that the nonce was used before
     */
    int seal(
            byte[] nonce,
            byte[] associated,
            int associatedOffset,
            int associatedLength,
            byte[] in,
            int inOffset,
            int length,
            byte[] out,
            int outOffset);

    /**
     * Opens {@code length} bytes of ciphertext and tag. Never throws on bad input. If the tag does not hold, no plaintext is left in
     * {@code out}, whose range may have been overwritten: who needs the ciphertext afterwards does not open in place.
     *
     * @param nonce {@link Aead#NONCE_LENGTH} bytes; the same one may come again
     * @param length of ciphertext and tag; if shorter than a tag, the answer is {@link Aead#FORGED}
     * @param out may be {@code in}; the two ranges may overlap only if they start at the same place
     * @return length of the plaintext, or {@link Aead#FORGED}
     * @throws IllegalArgumentException if the nonce has another length, or {@code out} is too short
     */
    int open(
            byte[] nonce,
            byte[] associated,
            int associatedOffset,
            int associatedLength,
            byte[] in,
            int inOffset,
            int length,
            byte[] out,
            int outOffset);

    @Override
    void close();
}
