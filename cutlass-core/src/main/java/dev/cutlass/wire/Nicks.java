package dev.cutlass.wire;

import java.text.Normalizer;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a nick: 0 to {@value #MAX_LENGTH} bytes of UTF-8 in normalisation form C, without characters that could
 * disturb the line in which it is shown. docs/protocol.md section 3.4. A nick is a label and never a key.
 */
public final class Nicks {
    /** Bytes of UTF-8. */
    public static final int MAX_LENGTH = 63;

    private Nicks() {}

    /**
     * The nick as it goes over the wire: {@code text} in normalisation form C.
     *
     * @throws IllegalArgumentException if it breaks a rule; the message says which
     */
    public static String normalize(String text) {
        final String nick = Normalizer.normalize(text, Normalizer.Form.NFC);
        if (!nick.codePoints().allMatch(Nicks::isAllowed)) {
            throw new IllegalArgumentException(
                    "a nick has no control, line-break or text-direction characters and no half surrogate pairs");
        }
        Utf8.encodeChecked("nick", nick, 0, MAX_LENGTH);
        return nick;
    }

    /**
     * The nick that a peer sent, normalised once more (its Unicode version may be older than ours), or null if it breaks a
     * rule.
     */
    public static @Nullable String decode(Bytes wire) {
        if (wire.length() > MAX_LENGTH) {
            return null;
        }
        final String sent = Utf8.decode(wire);
        if (sent == null) {
            return null;
        }
        final String nick = Normalizer.normalize(sent, Normalizer.Form.NFC);
        return nick.codePoints().allMatch(Nicks::isAllowed) && lengthOf(nick) <= MAX_LENGTH ? nick : null;
    }

    private static int lengthOf(String nick) {
        return nick.codePoints().map(Utf8::length).sum();
    }

    /** Listed by number, not by property: the rule must not change with the Unicode version of a JDK. */
    private static boolean isAllowed(int point) {
        final boolean control = point < 0x20 || (point >= 0x7f && point <= 0x9f);
        final boolean lineBreak = point == 0x2028 || point == 0x2029;
        final boolean direction = point == 0x61c
                || point == 0x200e
                || point == 0x200f
                || (point >= 0x202a && point <= 0x202e)
                || (point >= 0x2066 && point <= 0x2069);
        final boolean byteOrderMark = point == 0xfeff;
        return !control && !lineBreak && !direction && !byteOrderMark && !Utf8.isSurrogate(point);
    }
}
