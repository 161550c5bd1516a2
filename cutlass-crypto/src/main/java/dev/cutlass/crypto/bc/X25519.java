package dev.cutlass.crypto.bc;

import dev.cutlass.crypto.primitive.Secrets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.math.ec.rfc7748.X25519Field;
import org.jspecify.annotations.Nullable;

/** X25519 (RFC 7748). Any thread. */
public final class X25519 {
    /** Bytes in a private key, a public key and a shared secret. */
    public static final int LENGTH = 32;

    // u of every point of order 1, 2, 4 and 8, on the curve and on its twist: 0, 1, -1 and the two of order 8.
    private static final List<byte[]> SMALL_ORDER = Stream.of(
                    "0000000000000000000000000000000000000000000000000000000000000000",
                    "0100000000000000000000000000000000000000000000000000000000000000",
                    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157")
            .map(HexFormat.of()::parseHex)
            .toList();

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

    /**
     * Whether the order of a public key divides 8, so that every agreement with it gives zero. Non-canonical forms count too; the
     * highest bit is ignored as RFC 7748 section 5 demands. Takes no scalar multiplication.
     *
     * @throws IllegalArgumentException unless the key has {@link #LENGTH} bytes
     */
    public static boolean isSmallOrder(byte[] publicKey) {
        requireLength(publicKey);
        int[] u = X25519Field.create();
        X25519Field.decode255(publicKey, u);
        X25519Field.normalize(u);
        byte[] canonical = new byte[LENGTH];
        X25519Field.encode(u, canonical);
        boolean small = false;
        for (byte[] point : SMALL_ORDER) {
            small |= Arrays.equals(point, canonical);
        }
        return small;
    }

    private static void requireLength(byte[] key) {
        if (key.length != LENGTH) {
            throw new IllegalArgumentException("X25519 key: " + key.length + " bytes, not " + LENGTH);
        }
    }
}
