package dev.cutlass.crypto.primitive;

/** Base32 as in RFC 4648 section 6, in lower case and without padding. */
public final class Base32 {
    /** Bits that one letter carries. */
    public static final int BITS = 5;

    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int MASK = (1 << BITS) - 1;

    private Base32() {}

    public static String encode(byte[] bytes) {
        StringBuilder letters = new StringBuilder((bytes.length * Byte.SIZE + BITS - 1) / BITS);
        int buffer = 0;
        int bits = 0;
        for (byte value : bytes) {
            buffer = (buffer << Byte.SIZE) | (value & 0xff);
            bits += Byte.SIZE;
            while (bits >= BITS) {
                bits -= BITS;
                letters.append(ALPHABET.charAt((buffer >>> bits) & MASK));
            }
        }
        if (bits > 0) {
            letters.append(ALPHABET.charAt((buffer << (BITS - bits)) & MASK));
        }
        return letters.toString();
    }

    /** Five bits, or -1 if this is no letter of the alphabet. Upper case counts as lower case: QR codes are smaller in it. */
    public static int value(char letter) {
        if (letter >= 'a' && letter <= 'z') {
            return letter - 'a';
        }
        if (letter >= 'A' && letter <= 'Z') {
            return letter - 'A';
        }
        return letter >= '2' && letter <= '7' ? letter - '2' + 26 : -1;
    }

    /** The bytes of letters that are all in the alphabet and whose number of bits is a multiple of eight. */
    public static byte[] decode(String letters) {
        byte[] bytes = new byte[letters.length() * BITS / Byte.SIZE];
        int buffer = 0;
        int bits = 0;
        int next = 0;
        for (int i = 0; i < letters.length(); i++) {
            buffer = (buffer << BITS) | value(letters.charAt(i));
            bits += BITS;
            if (bits >= Byte.SIZE) {
                bits -= Byte.SIZE;
                bytes[next++] = (byte) (buffer >>> bits);
            }
        }
        return bytes;
    }
}
