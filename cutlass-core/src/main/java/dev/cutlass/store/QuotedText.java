package dev.cutlass.store;

import java.util.Locale;

/** Text in double quotes, with {@code \"}, {@code \\} and {@code \}{@code u{hex}} for what is not plainly visible in a line. */
final class QuotedText {
    private static final int HEX = 16;
    private static final int MAX_HEX_DIGITS = 6;

    private QuotedText() {}

    static String quote(String text) {
        final StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(point -> {
            if (point == '"' || point == '\\') {
                quoted.append('\\').appendCodePoint(point);
            } else if (isPlain(point)) {
                quoted.appendCodePoint(point);
            } else {
                quoted.append(String.format(Locale.ROOT, "\\u{%x}", point));
            }
        });
        return quoted.append('"').toString();
    }

    /** The place behind the closing quote of the text that starts here. */
    static int end(String text, int start) {
        if (start >= text.length() || text.charAt(start) != '"') {
            throw new IllegalArgumentException("the fifth field, a nick in double quotes, is missing");
        }
        boolean escaped = false;
        for (int i = start + 1; i < text.length(); i++) {
            if (!escaped && text.charAt(i) == '"') {
                return i + 1;
            }
            escaped = !escaped && text.charAt(i) == '\\';
        }
        throw new IllegalArgumentException("the double quotes around the nick are not closed");
    }

    /** What stands between quotes that {@link #end} has found. */
    static String unquote(String quoted) {
        final StringBuilder text = new StringBuilder();
        int position = 1;
        while (position < quoted.length() - 1) {
            final char character = quoted.charAt(position++);
            if (character != '\\') {
                text.append(character);
                continue;
            }
            final char escaped = quoted.charAt(position++); // there is one, or the closing quote would not close
            if (escaped == '"' || escaped == '\\') {
                text.append(escaped);
            } else {
                final int end = quoted.indexOf('}', position);
                if (escaped != 'u' || end < 0 || quoted.charAt(position) != '{') {
                    throw new IllegalArgumentException("the nick has a backslash before something unknown");
                }
                text.appendCodePoint(parseHex(quoted.substring(position + 1, end)));
                position = end + 1;
            }
        }
        return text.toString();
    }

    private static int parseHex(String digits) {
        if (digits.isEmpty()
                || digits.length() > MAX_HEX_DIGITS
                || !digits.chars().allMatch(c -> Character.digit(c, HEX) >= 0 && c < 0x80)) {
            throw new IllegalArgumentException("the nick has an escape that is no number");
        }
        final int point = Integer.parseInt(digits, HEX);
        if (!Character.isValidCodePoint(point)) {
            throw new IllegalArgumentException("the nick has an escape that is no character");
        }
        return point;
    }

    private static boolean isPlain(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT, // text direction, invisible characters
                    Character.SURROGATE, // half a pair
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> point == ' ';
            default -> true;
        };
    }
}
