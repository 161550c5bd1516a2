package dev.cutlass.crypto.bc;

import dev.cutlass.crypto.primitive.Secrets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.math.ec.rfc7748.X25519Field;
import org.bouncycastle.math.ec.rfc8032.Ed25519.PublicPoint;
import org.jspecify.annotations.Nullable;

/**
 * Ed25519 (RFC 8032 section 5.1), pure, with strict verification, and the way from its keys to those of X25519. A private key here
 * is the 32-byte seed of the RFC. Any thread.
 */
public final class Ed25519 {
    /** Bytes in a seed and in a public key. */
    public static final int KEY_LENGTH = 32;

    /** Bytes in a signature. */
    public static final int SIGNATURE_LENGTH = 64;

    private Ed25519() {}

    /** A fresh private key. */
    public static byte[] newPrivateKey(SecureRandom random) {
        byte[] privateKey = new byte[KEY_LENGTH];
        random.nextBytes(privateKey);
        return privateKey;
    }

    /** The public key of a private one. */
    public static byte[] publicKey(byte[] privateKey) {
        requireLength(privateKey);
        byte[] publicKey = new byte[KEY_LENGTH];
        org.bouncycastle.math.ec.rfc8032.Ed25519.generatePublicKey(privateKey, 0, publicKey, 0);
        return publicKey;
    }

    /** Signs the parts, one after the other, as one message. */
    public static byte[] sign(byte[] privateKey, byte[]... message) {
        requireLength(privateKey);
        byte[] joined = join(message);
        byte[] signature = new byte[SIGNATURE_LENGTH];
        org.bouncycastle.math.ec.rfc8032.Ed25519.sign(privateKey, 0, joined, 0, joined.length, signature, 0);
        return signature;
    }

    /**
     * Verifies strictly: besides the equation of RFC 8032 section 5.1.7 it refuses an S that is not below the group's order, and a
     * public key or an R that is not canonical, of small order, or outside the group of prime order. So no signature can be changed
     * into another one, and the answer never depends on whether an implementation multiplies by the cofactor.
     *
     * @return whether the signature holds; wrong lengths and wrong keys are {@code false} and never thrown
     */
    public static boolean verify(byte[] publicKey, byte[] signature, byte[]... message) {
        if (publicKey.length != KEY_LENGTH || signature.length != SIGNATURE_LENGTH) {
            return false;
        }
        PublicPoint point = org.bouncycastle.math.ec.rfc8032.Ed25519.validatePublicKeyFullExport(publicKey, 0);
        if (point == null || !org.bouncycastle.math.ec.rfc8032.Ed25519.validatePublicKeyFull(signature, 0)) {
            return false;
        }
        byte[] joined = join(message);
        return org.bouncycastle.math.ec.rfc8032.Ed25519.verify(signature, 0, point, joined, 0, joined.length);
    }

    /** Whether these are the canonical 32 bytes of a point of prime order, which is what we take for a public key. */
    public static boolean isValidPublicKey(byte[] publicKey) {
        return publicKey.length == KEY_LENGTH
                && org.bouncycastle.math.ec.rfc8032.Ed25519.validatePublicKeyFull(publicKey, 0);
    }

    /**
     * The X25519 form of a public key: {@code u = (1 + y) / (1 - y)} (RFC 7748 section 4.1). The sign is lost, so two Ed25519 keys
     * share one X25519 key: who must know a peer compares the Ed25519 key.
     *
     * @return {@code null} unless {@link #isValidPublicKey}
     */
    public static byte @Nullable [] toX25519PublicKey(byte[] publicKey) {
        return isValidPublicKey(publicKey) ? toX25519PublicKeyOfValid(publicKey) : null;
    }

    /**
     * Like {@link #toX25519PublicKey}, for a key that {@link #isValidPublicKey} has passed: that check costs as much as a Diffie-Hellman,
     * and every handshake would make it twice.
     */
    public static byte[] toX25519PublicKeyOfValid(byte[] publicKey) {
        int[] y = X25519Field.create();
        X25519Field.decode255(publicKey, y);
        int[] numerator = X25519Field.create();
        X25519Field.one(numerator);
        X25519Field.add(numerator, y, numerator);
        int[] denominator = X25519Field.create();
        X25519Field.one(denominator);
        X25519Field.sub(denominator, y, denominator);
        X25519Field.carry(numerator);
        X25519Field.carry(denominator);
        X25519Field.normalize(denominator);
        X25519Field.inv(denominator, denominator); // y = 1 is the neutral point, which is no valid key
        X25519Field.mul(numerator, denominator, numerator);
        X25519Field.normalize(numerator);
        byte[] converted = new byte[X25519.LENGTH];
        X25519Field.encode(numerator, converted);
        return converted;
    }

    /** The X25519 form of a private key: the clamped first half of its SHA-512 (RFC 8032 section 5.1.5). */
    public static byte[] toX25519PrivateKey(byte[] privateKey) {
        requireLength(privateKey);
        byte[] expanded = sha512(privateKey);
        byte[] converted = Arrays.copyOf(expanded, X25519.LENGTH);
        Secrets.wipe(expanded);
        org.bouncycastle.math.ec.rfc7748.X25519.clampPrivateKey(converted);
        return converted;
    }

    private static byte[] sha512(byte[] input) {
        try {
            return MessageDigest.getInstance("SHA-512").digest(input);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK that runs us has SHA-512", e);
        }
    }

    private static byte[] join(byte[][] parts) {
        if (parts.length == 1) {
            return parts[0];
        }
        int length = 0;
        for (byte[] part : parts) {
            length = Math.addExact(length, part.length);
        }
        byte[] joined = new byte[length];
        int offset = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, joined, offset, part.length);
            offset += part.length;
        }
        return joined;
    }

    private static void requireLength(byte[] key) {
        if (key.length != KEY_LENGTH) {
            throw new IllegalArgumentException("Ed25519 key: " + key.length + " bytes, not " + KEY_LENGTH);
        }
    }
}
