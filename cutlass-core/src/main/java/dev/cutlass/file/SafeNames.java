package dev.cutlass.file;

import dev.cutlass.wire.Utf8;
import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which names that a peer sent may become names of files here. docs/files.md section 6. The same on all systems, since a folder may be moved to another one. Decides by the text alone; that no
 * link is followed and nothing is replaced is seen to where the disk is. Any thread.
 */
public final class SafeNames {
    /** Bytes of UTF-8 of a name with all its parts. */
    public static final int MAX_NAME = 1_024;

    /** Parts between slashes. */
    public static final int MAX_DEPTH = 32;

    /** Bytes of UTF-8 of a part. File systems take 255; the rest is for the number that {@link #numbered} adds. */
    public static final int MAX_PART = 240;

    /** The largest number that {@link #numbered} adds. */
    public static final int MAX_NUMBER = 9_999;

    /** An ending that is longer is no ending. */
    private static final int MAX_ENDING = 16;

    /** Not in names on Windows; the colon also begins streams there, and the backslash separates parts. */
    private static final String FORBIDDEN = "\\:<>\"|?*";

    /** Devices of Windows, whatever follows a dot. */
    private static final Pattern DEVICE = Pattern.compile(
            "(CON|PRN|AUX|NUL|CLOCK\\$|CONIN\\$|CONOUT\\$|(COM|LPT)[0-9\u00b9\u00b2\u00b3])", Pattern.CASE_INSENSITIVE);

    private SafeNames() {}

    /**
     * The name of a file or folder that is offered by itself: one part that is not hidden, so that nobody can leave a {@code .profile} in a home folder.
     *
     * @return in normalisation form C, or null if it is not safe
     */
    public static @Nullable String single(String wire) {
        final String name = relative(wire);
        return name != null && name.indexOf('/') < 0 && !name.startsWith(".") ? name : null;
    }

    /**
     * The name of a file below a folder: parts with {@code /} between them.
     *
     * @return in normalisation form C, or null if it is not safe
     */
    public static @Nullable String relative(String wire) {
        if (wire.length() > MAX_NAME) { // before work that grows with it; no character has less than a byte
            return null;
        }
        final String name = Normalizer.normalize(wire, Normalizer.Form.NFC);
        final byte[] utf8 = Utf8.encode(name);
        if (utf8 == null || utf8.length > MAX_NAME || !name.codePoints().allMatch(SafeNames::isAllowed)) {
            return null;
        }
        final String[] parts = name.split("/", -1);
        if (parts.length > MAX_DEPTH) {
            return null;
        }
        for (String part : parts) {
            if (!isPart(part)) {
                return null;
            }
        }
        return name;
    }

    private static boolean isPart(String part) {
        final byte[] utf8 = Utf8.encode(part);
        if (utf8 == null || utf8.length == 0 || utf8.length > MAX_PART) {
            return false;
        }
        // A dot at the end excludes "." and "..", too; Windows drops dots and spaces there.
        if (part.startsWith(" ") || part.endsWith(" ") || part.endsWith(".")) {
            return false;
        }
        final int dot = part.indexOf('.');
        final String stem = (dot < 0 ? part : part.substring(0, dot)).stripTrailing();
        return !DEVICE.matcher(stem).matches();
    }

    /** By number, not by property: the rule must not change with the Unicode version of a JDK. */
    private static boolean isAllowed(int point) {
        final boolean control = point < 0x20 || (point >= 0x7f && point <= 0x9f);
        final boolean lineBreak = point == 0x2028 || point == 0x2029;
        final boolean direction = point == 0x61c
                || point == 0x200e
                || point == 0x200f
                || (point >= 0x202a && point <= 0x202e)
                || (point >= 0x2066 && point <= 0x2069);
        final boolean noCharacter =
                point == 0xfeff || (point >= 0xfdd0 && point <= 0xfdef) || (point & 0xfffe) == 0xfffe;
        return !control && !lineBreak && !direction && !noCharacter && FORBIDDEN.indexOf(point) < 0;
    }

    /**
     * Two safe names with the same key may be one file: where case does not count, or Unicode is normalised.
     */
    public static String key(String name) {
        final StringBuilder folded = new StringBuilder(name.length());
        Normalizer.normalize(name, Normalizer.Form.NFC)
                .codePoints()
                .map(point -> Character.toLowerCase(Character.toUpperCase(point)))
                .forEach(folded::appendCodePoint);
        return Normalizer.normalize(folded, Normalizer.Form.NFC);
    }

    /**
     * Another name for a file whose name is taken: {@code name (2).ext}.
     *
     * @param part one safe part
     * @param number 2 to {@link #MAX_NUMBER}
     */
    public static String numbered(String part, int number) {
        if (number < 2 || number > MAX_NUMBER) {
            throw new IllegalArgumentException("number: " + number + "; allowed: 2 to " + MAX_NUMBER);
        }
        final int dot = part.lastIndexOf('.');
        final int cut = dot > 0 && part.length() - dot <= MAX_ENDING ? dot : part.length();
        return part.substring(0, cut) + String.format(Locale.ROOT, " (%d)", number) + part.substring(cut);
    }
}
