package dev.cutlass.crypto.primitive;

import java.nio.charset.StandardCharsets;

/**
 * Derivations and hashes that say what they are for (docs/protocol.md section 2 lists every label). All with SHA-256. Any thread.
 */
public final class Labels {
    private static final String PREFIX = "cutlass2/";

    private Labels() {}

    /** {@code "cutlass2/" || label || 0x00}: what stands before the data in every derivation, hash and signature. */
    public static byte[] prefix(String label) {
        return (PREFIX + label + '\0').getBytes(StandardCharsets.US_ASCII);
    }

    /** {@code ExpandLabel} of docs/protocol.md: {@code Expand(secret, "cutlass2/" || label || 0x00 || context, length)}. */
    public static byte[] expand(byte[] secret, String label, byte[] context, int length) {
        byte[] prefix = prefix(label);
        byte[] info = new byte[prefix.length + context.length];
        System.arraycopy(prefix, 0, info, 0, prefix.length);
        System.arraycopy(context, 0, info, prefix.length, context.length);
        return Hkdf.expand(Hash.SHA_256, secret, info, length);
    }

    /** {@link #expand(byte[], String, byte[], int)} without context. */
    public static byte[] expand(byte[] secret, String label, int length) {
        return Hkdf.expand(Hash.SHA_256, secret, prefix(label), length);
    }

    /** {@code H("cutlass2/" || label || 0x00 || parts)}. */
    public static byte[] hash(String label, byte[]... parts) {
        var digest = Hash.SHA_256.newDigest();
        digest.update(prefix(label));
        for (byte[] part : parts) {
            digest.update(part);
        }
        return digest.digest();
    }
}
