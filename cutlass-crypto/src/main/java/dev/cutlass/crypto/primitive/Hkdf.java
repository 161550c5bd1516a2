package dev.cutlass.crypto.primitive;

/** HKDF (RFC 5869) and the form of it that Noise uses (revision 34 section 4.3). Any thread. */
public final class Hkdf {
    /** The longest output that RFC 5869 allows. */
    public static final int MAX_OUTPUT = 255 * Hash.LENGTH;

    private Hkdf() {}

    /** RFC 5869 section 2.2. An empty salt counts as {@link Hash#LENGTH} zero bytes, as there. */
    public static byte[] extract(Hash hash, byte[] salt, byte[] inputKey) {
        return Hmac.of(hash, salt, inputKey);
    }

    /**
     * RFC 5869 section 2.3.
     *
     * @throws IllegalArgumentException if {@code length} is not in 0..{@link #MAX_OUTPUT}
     */
    public static byte[] expand(Hash hash, byte[] pseudoRandomKey, byte[] info, int length) {
        if (length < 0 || length > MAX_OUTPUT) {
            throw new IllegalArgumentException("length: " + length + ", not 0.." + MAX_OUTPUT);
        }
        byte[] output = new byte[length];
        byte[] block = new byte[0];
        try (Hmac hmac = new Hmac(hash, pseudoRandomKey)) {
            int counter = 1;
            for (int offset = 0; offset < length; offset += Hash.LENGTH) {
                byte[] next =
                        hmac.update(block).update(info).update((byte) counter).finish();
                Secrets.wipe(block);
                block = next;
                System.arraycopy(block, 0, output, offset, Math.min(Hash.LENGTH, length - offset));
                counter++;
            }
        }
        Secrets.wipe(block);
        return output;
    }

    /** Noise's HKDF with 2 or 3 outputs of {@link Hash#LENGTH} bytes each: RFC 5869 with the chaining key as salt and no info. */
    public static byte[][] noise(Hash hash, byte[] chainingKey, byte[] inputKey, int outputs) {
        byte[] pseudoRandomKey = extract(hash, chainingKey, inputKey);
        byte[] all = expand(hash, pseudoRandomKey, new byte[0], outputs * Hash.LENGTH);
        byte[][] parts = new byte[outputs][Hash.LENGTH];
        for (int i = 0; i < outputs; i++) {
            System.arraycopy(all, i * Hash.LENGTH, parts[i], 0, Hash.LENGTH);
        }
        Secrets.wipe(pseudoRandomKey, all);
        return parts;
    }
}
