package dev.cutlass.proto;

import dev.cutlass.crypto.primitive.AeadAlgorithm;

/**
 * How long a key may be used: docs/protocol.md section 4.3. One object for all connections, so that an idle one stays small.
 *
 * @param packets sealed under one key
 * @param failedOpenings under one key, of all paths together: RFC 9001 section 6.6
 */
record KeyLimits(long packets, long failedOpenings) {
    private static final KeyLimits AES_256_GCM = of(AeadAlgorithm.AES_256_GCM, EpochKeys.PACKETS_PER_EPOCH);
    private static final KeyLimits CHACHA20_POLY1305 = of(AeadAlgorithm.CHACHA20_POLY1305, EpochKeys.PACKETS_PER_EPOCH);

    /** Those of the protocol. */
    static KeyLimits of(AeadAlgorithm aead) {
        return switch (aead) {
            case AES_256_GCM -> AES_256_GCM;
            case CHACHA20_POLY1305 -> CHACHA20_POLY1305;
        };
    }

    /** With fewer packets, since a test does not seal millions. */
    static KeyLimits of(AeadAlgorithm aead, long packets) {
        return new KeyLimits(packets, aead.failedOpeningLimit());
    }
}
