package dev.cutlass.crypto.primitive;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.function.Supplier;

/** A hash function with 32 bytes of output and blocks of 64: all that the protocol uses have these. Any thread. */
public final class Hash {
    /** Bytes of output. */
    public static final int LENGTH = 32;

    /** Bytes in a block, which HMAC needs to know. */
    public static final int BLOCK_LENGTH = 64;

    /** SHA-256 (FIPS 180-4) of the JDK, which every JDK has. */
    public static final Hash SHA_256 = new Hash("SHA256", Hash::newSha256);

    private final String name;
    private final Supplier<MessageDigest> digests;

    /**
     * Names a hash function.
     *
     * @param name as Noise spells it (revision 34 section 12)
     * @param digests makes a fresh digest of {@link #LENGTH} bytes output at each call
     */
    public Hash(String name, Supplier<MessageDigest> digests) {
        this.name = name;
        this.digests = digests;
    }

    /** The name as Noise spells it. */
    public String name() {
        return name;
    }

    /** A fresh digest, for one thread. */
    public MessageDigest newDigest() {
        return digests.get();
    }

    /** The hash of the parts, one after the other. */
    public byte[] of(byte[]... parts) {
        MessageDigest digest = newDigest();
        for (byte[] part : parts) {
            digest.update(part);
        }
        return digest.digest();
    }

    @Override
    public String toString() {
        return name;
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
