package dev.cutlass.offline;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The header of a mail as a cables node hands it over: lines end in a line feed. Whatever the bytes are, it is the header of something. */
final class MailHeader {
    /** Bytes that are looked at; ours are far shorter. */
    private static final int MAX_LENGTH = 64 << 10;

    /** By name in lower case; of several of one name the last one, which is what a node adds. */
    private final Map<String, String> fields;

    /** Where the body begins: behind the empty line, or at the end of what is looked at. */
    private final int bodyAt;

    private MailHeader(Map<String, String> fields, int bodyAt) {
        this.fields = fields;
        this.bodyAt = bodyAt;
    }

    static MailHeader of(byte[] mail) {
        final String text = new String(
                mail, 0, Math.min(mail.length, MAX_LENGTH), StandardCharsets.ISO_8859_1); // one letter a byte
        final Map<String, String> fields = new HashMap<>();
        String last = "";
        int at = 0;
        while (at < text.length()) {
            final int feed = text.indexOf('\n', at);
            final int end = feed < 0 ? text.length() : feed;
            final String line = text.substring(at, end);
            at = Math.min(end + 1, text.length());
            if (line.isEmpty()) {
                break;
            }
            final int colon = line.indexOf(':');
            if (line.startsWith(" ") || line.startsWith("\t")) {
                final String rest = line;
                fields.computeIfPresent(last, (name, value) -> value + rest);
            } else if (colon > 0) {
                last = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
                fields.put(last, line.substring(colon + 1));
            }
        }
        return new MailHeader(fields, at);
    }

    /** What a field says, without outer spaces. */
    Optional<String> field(String name) {
        return Optional.ofNullable(fields.get(name.toLowerCase(Locale.ROOT))).map(String::strip);
    }

    /** What a field says between angle brackets, if there is nothing else. */
    Optional<String> bracketed(String name) {
        return field(name)
                .filter(value -> value.length() > 2 && value.startsWith("<") && value.endsWith(">"))
                .map(value -> value.substring(1, value.length() - 1));
    }

    int bodyAt() {
        return bodyAt;
    }
}
