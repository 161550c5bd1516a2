package dev.cutlass.crypto;

import dev.cutlass.crypto.primitive.Base32;
import dev.cutlass.crypto.primitive.Hash;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;

/**
 * The text form of a root key. docs/protocol.md section 1.2.
 *
 * <pre>
 * offset  size  field
 *      0     1  version    0x01
 *      1    32  root key
 *     33     2  checksum   first 2 bytes of SHA-256("cutlass2/address" || 0x00 || bytes 0..32)
 * </pre>
 *
 * 35 bytes are 280 bits are 56 letters, with no bit left over: every text stands for other bytes.
 */
final class AddressText {
    static final String PREFIX = "cutlass:";
    static final int VERSION = 1;

    /** A right address to show beside a wrong one: the key of the first test of RFC 8032, which nobody can use as a secret. */
    static final String EXAMPLE = "cutlass:ahlvvgabqkyqvn6vjp7nhslea45a5yls6pnkmizfv4bbu2hxa5irvbtm";

    private static final int CHECKSUM_LENGTH = 2;
    private static final int LENGTH = Byte.BYTES + PeerId.LENGTH + CHECKSUM_LENGTH;
    private static final int LETTERS = LENGTH * Byte.SIZE / Base32.BITS;

    private AddressText() {}

    static String format(byte[] key) {
        byte[] body = ByteBuffer.allocate(Byte.BYTES + PeerId.LENGTH)
                .put((byte) VERSION)
                .put(key)
                .array();
        return PREFIX
                + Base32.encode(ByteBuffer.allocate(LENGTH)
                        .put(body)
                        .put(checksum(body))
                        .array());
    }

    /** The key that the text names; nobody has looked yet whether it is a good key. */
    static byte[] parse(String text) {
        String letters = withoutPrefix(text.strip());
        checkLetters(letters);
        if (letters.length() != LETTERS) {
            int difference = letters.length() - LETTERS;
            throw wrong(
                    letters.isEmpty()
                            ? "it is empty"
                            : "it has " + letters.length() + " letters after \"" + PREFIX + "\", "
                                    + Math.abs(difference) + (difference < 0 ? " too few" : " too many"));
        }
        byte[] bytes = Base32.decode(letters);
        byte[] body = Arrays.copyOf(bytes, LENGTH - CHECKSUM_LENGTH);
        if (!Arrays.equals(checksum(body), Arrays.copyOfRange(bytes, body.length, LENGTH))) {
            throw wrong("its checksum does not match, so there is a typing error in it");
        }
        if (body[0] != VERSION) {
            throw wrong("its version is " + (body[0] & 0xff) + ", and this Cutlass knows version " + VERSION
                    + " only: a newer one may know it");
        }
        return Arrays.copyOfRange(body, Byte.BYTES, body.length);
    }

    static IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException("not a Cutlass address: " + what + ". A right one looks like " + EXAMPLE);
    }

    private static String withoutPrefix(String text) {
        return text.regionMatches(true, 0, PREFIX, 0, PREFIX.length()) ? text.substring(PREFIX.length()) : text;
    }

    private static void checkLetters(String letters) {
        for (int i = 0; i < letters.length(); i++) {
            if (Base32.value(letters.charAt(i)) < 0) {
                int character = letters.codePointAt(i);
                throw wrong("character " + (i + 1) + " after \"" + PREFIX + "\" is " + show(character)
                        + ", but only a-z and 2-7 occur" + hint(character));
            }
        }
    }

    private static String show(int character) {
        return character > ' ' && character <= '~'
                ? "'" + Character.toString(character) + "'"
                : String.format(Locale.ROOT, "U+%04X", character);
    }

    private static String hint(int character) {
        return switch (character) {
            case '0' -> " (perhaps the letter o)";
            case '1' -> " (perhaps the letter l or i)";
            case '8' -> " (perhaps the letter b)";
            case '9' -> " (perhaps the letter g)";
            case '@' -> " (here only the key is expected, without @host:port)";
            default -> "";
        };
    }

    private static byte[] checksum(byte[] body) {
        return Arrays.copyOf(Hash.SHA_256.of(Labels.prefix(Labels.ADDRESS), body), CHECKSUM_LENGTH);
    }
}
