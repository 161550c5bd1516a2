package dev.cutlass.crypto.bc;

import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/** Argon2id version 1.3 (RFC 9106). Any thread. */
public final class Argon2id {
    private static final int MIN_SALT_LENGTH = 8; // RFC 9106 section 3.1

    private Argon2id() {}

    /**
     * Derives a key from a passphrase. Takes the memory that it is told to for as long as it runs.
     *
     * @param passphrase the caller's to wipe
     * @param salt at least 8 bytes
     * @param memoryKib memory in KiB, at least 8 for each lane
     * @param passes how often the memory is filled, at least 1
     * @param lanes degree of parallelism, at least 1; the lanes are computed one after the other here
     * @param length of the key in bytes, at least 4
     * @throws IllegalArgumentException if a value is out of range
     */
    public static byte[] derive(byte[] passphrase, byte[] salt, int memoryKib, int passes, int lanes, int length) {
        if (salt.length < MIN_SALT_LENGTH || lanes < 1 || passes < 1 || memoryKib < 8L * lanes || length < 4) {
            throw new IllegalArgumentException("Argon2id: salt " + salt.length + " B, memory " + memoryKib
                    + " KiB, passes " + passes + ", lanes " + lanes + ", output " + length + " B");
        }
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withSalt(salt)
                .withMemoryAsKB(memoryKib)
                .withIterations(passes)
                .withParallelism(lanes)
                .build());
        byte[] key = new byte[length];
        generator.generateBytes(passphrase, key);
        return key;
    }
}
