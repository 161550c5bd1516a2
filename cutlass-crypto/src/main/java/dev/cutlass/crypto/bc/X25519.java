package dev.cutlass.crypto.bc;

import dev.cutlass.crypto.primitive.Secrets;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/** X25519 (RFC 7748). Any thread. */
public final class X25519 {
    /** Bytes in a private key, a public key and a shared secret. */
    public static final int LENGTH = 32;

    private X25519() {}

    /** A fresh private key, clamped. */
    public static byte[] newPrivateKey(SecureRandom random) {
        byte[] privateKey = new byte[LENGTH];
        org.bouncycastle.math.ec.rfc7748.X25519.generatePrivateKey(random, privateKey);
        return privateKey;
    }

    /** The public key of a private one. */
    public static byte[] publicKey(byte[] privateKey) {
        requireLength(privateKey);
        byte[] publicKey = new byte[LENGTH];
        org.bouncycastle.math.ec.rfc7748.X25519.generatePublicKey(privateKey, 0, publicKey, 0);
        return publicKey;
    }

    /**
     * The shared secret, or {@code null} if it is all zero (RFC 7748 section 6.1: the other key has a small order).
     *
     * @throws IllegalArgumentException unless both keys have {@link #LENGTH} bytes
     */
    public static byte @Nullable [] agree(byte[] privateKey, byte[] publicKey) {
        requireLength(privateKey);
        requireLength(publicKey);
        byte[] secret = new byte[LENGTH];
        org.bouncycastle.math.ec.rfc7748.X25519.scalarMult(privateKey, 0, publicKey, 0, secret, 0);
        return Secrets.isZero(secret) ? null : secret;
    }

    private static void requireLength(byte[] key) {
        if (key.length != LENGTH) {
            throw new IllegalArgumentException("X25519 key: " + key.length + " bytes, not " + LENGTH);
        }
    }
}
