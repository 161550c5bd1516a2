package dev.cutlass.crypto.bc;

import dev.cutlass.crypto.primitive.Hash;
import java.security.MessageDigest;
import org.bouncycastle.crypto.digests.Blake2sDigest;

/** BLAKE2s-256 (RFC 7693), which the JDK lacks. Only the public Noise vectors need it. One thread at a time. */
public final class Blake2s extends MessageDigest {
    /** The hash function. */
    public static final Hash HASH = new Hash("BLAKE2s", Blake2s::new);

    private final Blake2sDigest digest = new Blake2sDigest(Hash.LENGTH * Byte.SIZE);

    private Blake2s() {
        super("BLAKE2s-256");
    }

    @Override
    protected int engineGetDigestLength() {
        return Hash.LENGTH;
    }

    @Override
    protected void engineUpdate(byte input) {
        digest.update(input);
    }

    @Override
    protected void engineUpdate(byte[] input, int offset, int length) {
        digest.update(input, offset, length);
    }

    @Override
    protected byte[] engineDigest() {
        byte[] hash = new byte[Hash.LENGTH];
        digest.doFinal(hash, 0);
        return hash;
    }

    @Override
    protected void engineReset() {
        digest.reset();
    }
}
