package dev.cutlass.wire;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** UTF-8 without replacement characters: what is not valid is refused, in both directions (RFC 3629). */
public final class Utf8 {
    private Utf8() {}

    /** The text, or null if the bytes are not valid UTF-8. */
    public static @Nullable String decode(Bytes bytes) {
        return decode(bytes.toBuffer());
    }

    static @Nullable String decode(ByteBuffer bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(bytes)
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** The bytes, or null if the text has an unpaired surrogate. */
    public static byte @Nullable [] encode(String text) {
        try {
            final ByteBuffer encoded = StandardCharsets.UTF_8
                    .newEncoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .encode(CharBuffer.wrap(text));
            final byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    static boolean isSurrogate(int point) {
        return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
    }

    /** Bytes of one code point. */
    static int length(int point) {
        if (point < 0x80) {
            return 1;
        }
        if (point < 0x800) {
            return 2;
        }
        return point < Character.MIN_SUPPLEMENTARY_CODE_POINT ? 3 : 4;
    }

    /**
     * @param what names the text in the message
     * @throws IllegalArgumentException if it cannot be encoded or has not {@code min} to {@code max} bytes
     */
    static byte[] encodeChecked(String what, String text, int min, int max) {
        final byte[] bytes = encode(text);
        if (bytes == null || bytes.length < min || bytes.length > max) {
            throw new IllegalArgumentException(
                    what + " must be valid text of " + min + " to " + max + " bytes of UTF-8: \"" + text + "\"");
        }
        return bytes;
    }
}
