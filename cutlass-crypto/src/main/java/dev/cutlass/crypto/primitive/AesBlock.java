package dev.cutlass.crypto.primitive;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import org.jspecify.annotations.Nullable;

/**
 * AES-256 on single blocks, for header protection (RFC 9001 section 5.4.3). Always the JDK's: AES/ECB/NoPadding is one of the
 * transformations that every Java platform must have. One thread at a time.
 */
public final class AesBlock implements AutoCloseable {
    /** Bytes in a key. */
    public static final int KEY_LENGTH = 32;

    /** Bytes in a block. */
    public static final int LENGTH = 16;

    private final byte[] out = new byte[LENGTH];
    private @Nullable Cipher cipher;

    /** Takes a key of {@link #KEY_LENGTH} bytes, which is copied. */
    public AesBlock(byte[] key) {
        if (key.length != KEY_LENGTH) {
            throw new IllegalArgumentException("key: " + key.length + " bytes, not " + KEY_LENGTH);
        }
        RawKey raw = new RawKey("AES", key);
        try {
            Cipher fresh = Cipher.getInstance("AES/ECB/NoPadding");
            fresh.init(Cipher.ENCRYPT_MODE, raw);
            cipher = fresh;
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK has AES", e);
        } finally {
            raw.destroy();
        }
    }

    /**
     * Encrypts one block. Allocates nothing.
     *
     * @return {@link #LENGTH} bytes, until the next call
     */
    public byte[] encrypt(byte[] in, int inOffset) {
        Cipher open = cipher;
        if (open == null) {
            throw new IllegalStateException("the key is closed");
        }
        try {
            open.doFinal(in, inOffset, LENGTH, out, 0);
            return out;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("no room for a block", e);
        }
    }

    /** Drops the cipher object: the JDK has no way to wipe its key schedule. */
    @Override
    public void close() {
        Secrets.wipe(out);
        cipher = null;
    }

    @Override
    public String toString() {
        return "AesBlock[redacted]";
    }
}
