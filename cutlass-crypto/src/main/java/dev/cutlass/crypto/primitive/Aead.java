package dev.cutlass.crypto.primitive;

/** One implementation of one {@link AeadAlgorithm}. Any thread. */
public interface Aead {
    /** Bytes in a key. */
    int KEY_LENGTH = 32;

    /** Bytes in a nonce. */
    int NONCE_LENGTH = 12;

    /** Bytes that sealing adds. */
    int TAG_LENGTH = 16;

    /** What {@link AeadKey#open} returns when the tag does not hold. */
    int FORGED = -1;

    /** Which algorithm this implements. */
    AeadAlgorithm algorithm();

    /**
     * Makes a key object. The bytes are copied; the caller wipes its own array when it likes.
     *
     * @throws IllegalArgumentException unless {@code key} has {@link #KEY_LENGTH} bytes
     */
    AeadKey newKey(byte[] key);
}
