package dev.cutlass.crypto.primitive;

import java.security.MessageDigest;
import java.util.Arrays;

/**
 * HMAC (RFC 2104) over any {@link Hash}. Built on the digest and not on {@code javax.crypto.Mac}: that one refuses an empty key,
 * has no BLAKE2s, and keeps copies of the key that nobody can wipe. One thread at a time.
 */
public final class Hmac implements AutoCloseable {
    private static final byte INNER_PAD = 0x36;
    private static final byte OUTER_PAD = 0x5c;

    private final MessageDigest inner;
    private final MessageDigest outer;
    private final byte[] block = new byte[Hash.BLOCK_LENGTH];
    private boolean started;
    private boolean closed;

    /** Takes a key of any length; the bytes are copied. */
    public Hmac(Hash hash, byte[] key) {
        inner = hash.newDigest();
        outer = hash.newDigest();
        if (key.length > Hash.BLOCK_LENGTH) {
            byte[] hashed = hash.of(key);
            System.arraycopy(hashed, 0, block, 0, hashed.length);
            Secrets.wipe(hashed);
        } else {
            System.arraycopy(key, 0, block, 0, key.length);
        }
    }

    /** Adds bytes to the message. */
    public Hmac update(byte[] bytes) {
        return update(bytes, 0, bytes.length);
    }

    /** Adds a range of bytes to the message. */
    public Hmac update(byte[] bytes, int offset, int length) {
        start();
        inner.update(bytes, offset, length);
        return this;
    }

    /** Adds one byte to the message. */
    public Hmac update(byte value) {
        start();
        inner.update(value);
        return this;
    }

    /** The code of all that was added since the last call; the object is then ready for the next message. */
    public byte[] finish() {
        start();
        byte[] innerHash = inner.digest();
        byte[] pad = pad(OUTER_PAD);
        outer.update(pad);
        byte[] code = outer.digest(innerHash);
        Secrets.wipe(innerHash, pad);
        started = false;
        return code;
    }

    /** The code of the parts, one after the other. */
    public static byte[] of(Hash hash, byte[] key, byte[]... parts) {
        try (Hmac hmac = new Hmac(hash, key)) {
            for (byte[] part : parts) {
                hmac.update(part);
            }
            return hmac.finish();
        }
    }

    @Override
    public void close() {
        closed = true;
        Arrays.fill(block, (byte) 0);
        inner.reset();
        outer.reset();
    }

    @Override
    public String toString() {
        return "Hmac[" + inner.getAlgorithm() + "]";
    }

    private void start() {
        if (closed) {
            throw new IllegalStateException("the key is closed");
        }
        if (!started) {
            byte[] pad = pad(INNER_PAD);
            inner.update(pad);
            Secrets.wipe(pad);
            started = true;
        }
    }

    private byte[] pad(byte mask) {
        byte[] pad = block.clone();
        for (int i = 0; i < pad.length; i++) {
            pad[i] ^= mask;
        }
        return pad;
    }
}
