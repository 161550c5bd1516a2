package dev.cutlass.secondimpl;

import dev.cutlass.crypto.bc.X25519;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.ChaCha20ParameterSpec;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** The functions that the conventions of the document name, from the JDK's classes. */
final class Primitives {
    /** The AEADs under their numbers of section 3.4. */
    static final int AES_256_GCM = 1;

    static final int CHACHA20_POLY1305 = 2;

    static final int TAG_LENGTH = 16;
    static final byte[] EMPTY = {};

    private Primitives() {}

    /** {@code "cutlass2/" || name || 0x00}, which begins every labelled hash, signature and derivation. */
    static byte[] label(String name) {
        return ("cutlass2/" + name + "\0").getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] hash(byte[]... parts) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(Out.join(parts));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static byte[] hmac(byte[] key, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(Out.join(parts));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static byte[] extract(byte[] salt, byte[] input) {
        return hmac(salt, input);
    }

    /** RFC 5869 section 2.3. */
    static byte[] expand(byte[] secret, byte[] info, int length) {
        Out all = new Out();
        byte[] block = EMPTY;
        for (int i = 1; all.size() < length; i++) {
            block = hmac(secret, block, info, new byte[] {(byte) i});
            all.bytes(block);
        }
        return Arrays.copyOf(all.toBytes(), length);
    }

    static byte[] expandLabel(byte[] secret, String label, byte[] context, int length) {
        return expand(secret, Out.join(label(label), context), length);
    }

    static byte[] seal(int aead, byte[] key, byte[] nonce, byte[] associated, byte[] plain) {
        try {
            return aead(aead, Cipher.ENCRYPT_MODE, key, nonce, associated, plain);
        } catch (AEADBadTagException e) {
            throw new AssertionError(e);
        }
    }

    static byte[] open(int aead, byte[] key, byte[] nonce, byte[] associated, byte[] sealed) {
        Refused.unless(sealed.length >= TAG_LENGTH, "shorter than a tag");
        try {
            return aead(aead, Cipher.DECRYPT_MODE, key, nonce, associated, sealed);
        } catch (AEADBadTagException e) {
            throw new Refused("wrong tag", e);
        }
    }

    private static byte[] aead(int aead, int direction, byte[] key, byte[] nonce, byte[] associated, byte[] text)
            throws AEADBadTagException {
        boolean aes = aead == AES_256_GCM;
        try {
            Cipher cipher = Cipher.getInstance(aes ? "AES/GCM/NoPadding" : "ChaCha20-Poly1305");
            cipher.init(
                    direction,
                    new SecretKeySpec(key, aes ? "AES" : "ChaCha20"),
                    aes ? new GCMParameterSpec(8 * TAG_LENGTH, nonce) : new IvParameterSpec(nonce));
            cipher.updateAAD(associated);
            return cipher.doFinal(text);
        } catch (AEADBadTagException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** XORs data with the ChaCha20 key stream from a block on (RFC 8439). */
    static byte[] chaCha20(byte[] key, int counter, byte[] nonce, byte[] data) {
        try {
            Cipher cipher = Cipher.getInstance("ChaCha20");
            cipher.init(
                    Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "ChaCha20"), new ChaCha20ParameterSpec(nonce, counter));
            return cipher.doFinal(data);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** The five mask bytes of header protection: RFC 9001 sections 5.4.3 and 5.4.4. */
    static byte[] headerMask(int aead, byte[] key, byte[] sample) {
        if (aead == CHACHA20_POLY1305) {
            int counter = ByteBuffer.wrap(sample).order(ByteOrder.LITTLE_ENDIAN).getInt();
            return chaCha20(key, counter, Arrays.copyOfRange(sample, 4, 16), new byte[5]);
        }
        try {
            Cipher cipher = Cipher.getInstance("AES/ECB/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
            return Arrays.copyOf(cipher.doFinal(sample), 5);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** X25519, which refuses a result of zeros (section 1.1). */
    static byte[] agree(byte[] privateKey, byte[] publicKey) {
        byte[] secret = X25519.agree(privateKey, publicKey);
        if (secret == null) {
            throw new Refused("all-zero agreement");
        }
        return secret;
    }
}
