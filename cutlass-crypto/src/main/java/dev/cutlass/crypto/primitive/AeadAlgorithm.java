package dev.cutlass.crypto.primitive;

import org.jspecify.annotations.Nullable;

/** The packet AEADs that two peers choose from. Both take a key of 32 bytes, a nonce of 12 and add a tag of 16. */
public enum AeadAlgorithm {
    /** AES-256-GCM (NIST SP 800-38D): the faster one wherever the processor knows AES. */
    AES_256_GCM(1, 1L << 52),
    /** ChaCha20-Poly1305 (RFC 8439): the faster one where it does not. */
    CHACHA20_POLY1305(2, 1L << 36);

    private final int id;
    private final long failedOpeningLimit;

    AeadAlgorithm(int id, long failedOpeningLimit) {
        this.id = id;
        this.failedOpeningLimit = failedOpeningLimit;
    }

    /** The number that stands for this algorithm on the wire. */
    public int id() {
        return id;
    }

    /** How many failed openings one key may see before its connection must close (RFC 9001 section 6.6). */
    public long failedOpeningLimit() {
        return failedOpeningLimit;
    }

    /** The algorithm of a number from the wire, or {@code null} if we do not know it. */
    public static @Nullable AeadAlgorithm of(int id) {
        for (AeadAlgorithm algorithm : values()) {
            if (algorithm.id == id) {
                return algorithm;
            }
        }
        return null;
    }
}
