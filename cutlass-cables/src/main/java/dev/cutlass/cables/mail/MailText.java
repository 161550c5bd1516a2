package dev.cutlass.cables.mail;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A mail as bytes: header fields as they stand, folded or not, and a body that nobody looks into (RFC 5322 section 2). Each method gives
 * a new one. Lines end in a line feed, as in a mail folder; {@link #parse} makes them so.
 */
public final class MailText {
    private static final byte LF = '\n';
    private static final byte CR = '\r';

    /** What an mbox puts before a mail. */
    private static final String MBOX_LINE = "From ";

    private final List<Field> fields;
    private final byte[] body;

    private MailText(List<Field> fields, byte[] body) {
        this.fields = List.copyOf(fields);
        this.body = body;
    }

    /**
     * One header field.
     *
     * @param name as it is written
     * @param text what follows the colon, with line feeds where it is folded and without the last one; one char is one byte
     */
    public record Field(String name, String text) {
        /** Whether this is its name; case does not matter (RFC 5322 section 1.2.2). */
        public boolean is(String other) {
            return name.equalsIgnoreCase(other);
        }

        /** The text without folds and outer spaces. */
        public String unfolded() {
            return text.replace("\n", "").strip();
        }

        /** The text as it is read when its bytes are UTF-8 (RFC 6532), which all that is not is shown as. */
        public String readable() {
            return new String(unfolded().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        }
    }

    /** Of fields alone, without a body. */
    public static MailText of(List<Field> fields) {
        return new MailText(fields, new byte[0]);
    }

    /**
     * Reads a mail. Never fails: what is no header field ends the header, and is the body's first line.
     *
     * @param bytes with lines that end in LF or CR LF
     */
    public static MailText parse(byte[] bytes) {
        final byte[] mail = withLineFeeds(bytes);
        final List<Field> fields = new ArrayList<>();
        int at = startsWith(mail, 0, MBOX_LINE) ? endOfLine(mail, 0) : 0;
        while (at < mail.length) {
            if (mail[at] == LF) {
                at++;
                break;
            }
            final int colon = colonOf(mail, at);
            if (colon < 0) {
                break;
            }
            int end = endOfLine(mail, at);
            while (end < mail.length && (mail[end] == ' ' || mail[end] == '\t')) {
                end = endOfLine(mail, end);
            }
            fields.add(new Field(
                    latin(mail, at, colon).stripTrailing(), withoutLastLineFeed(latin(mail, colon + 1, end))));
            at = end;
        }
        final byte[] body = new byte[mail.length - at];
        System.arraycopy(mail, at, body, 0, body.length);
        return new MailText(fields, body);
    }

    private static byte[] withLineFeeds(byte[] bytes) {
        final ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] != CR || i + 1 == bytes.length || bytes[i + 1] != LF) {
                out.write(bytes[i]);
            }
        }
        return out.toByteArray();
    }

    private static boolean startsWith(byte[] mail, int at, String text) {
        return mail.length - at >= text.length()
                && latin(mail, at, at + text.length()).equals(text);
    }

    private static int endOfLine(byte[] mail, int from) {
        int at = from;
        while (at < mail.length && mail[at] != LF) {
            at++;
        }
        return Math.min(at + 1, mail.length);
    }

    /** The colon after a field name (RFC 5322 section 3.6.8: printable, no space), or -1. */
    private static int colonOf(byte[] mail, int from) {
        int at = from;
        while (at < mail.length && mail[at] > ' ' && mail[at] < 0x7f && mail[at] != ':') {
            at++;
        }
        int colon = at;
        while (colon < mail.length && (mail[colon] == ' ' || mail[colon] == '\t')) { // obsolete, but read (section 4.5)
            colon++;
        }
        return at > from && colon < mail.length && mail[colon] == ':' ? colon : -1;
    }

    private static String latin(byte[] mail, int from, int to) {
        return new String(mail, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private static String withoutLastLineFeed(String text) {
        return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }

    /** The header, in order. */
    public List<Field> fields() {
        return fields;
    }

    /** The fields of one name. */
    public List<Field> fields(String name) {
        return fields.stream().filter(field -> field.is(name)).toList();
    }

    /** Without the fields that are so. */
    public MailText without(Predicate<Field> which) {
        return new MailText(fields.stream().filter(which.negate()).toList(), body);
    }

    /** With each field as it comes out of a function. */
    public MailText mapped(Function<Field, Field> change) {
        return new MailText(fields.stream().map(change).toList(), body);
    }

    /** With a field at the end of the header; {@code value} is written after a space. */
    public MailText with(String name, String value) {
        final List<Field> more = new ArrayList<>(fields);
        more.add(
                new Field(name, " " + new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1)));
        return new MailText(more, body);
    }

    /** With a field in the place of the first one of its name, without further ones of it; at the end if there is none. */
    public MailText replaced(String name, String value) {
        final List<Field> changed = new ArrayList<>();
        boolean isDone = false;
        for (Field field : fields) {
            if (!field.is(name)) {
                changed.add(field);
            } else if (!isDone) {
                changed.add(new Field(field.name(), " " + value));
                isDone = true;
            }
        }
        return isDone ? new MailText(changed, body) : with(name, value);
    }

    /** With fields of one name called by another. */
    public MailText renamed(String from, String to) {
        return mapped(field -> field.is(from) ? new Field(to, field.text()) : field);
    }

    /** With another body. */
    public MailText withBody(String text) {
        return new MailText(fields, text.getBytes(StandardCharsets.UTF_8));
    }

    /** The header alone, as bytes: what is kept for later notices. */
    public byte[] headerBytes() {
        final StringBuilder header = new StringBuilder();
        for (Field field : fields) {
            header.append(field.name()).append(':').append(field.text()).append('\n');
        }
        return header.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The whole mail. */
    public byte[] bytes() {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(headerBytes());
        out.write(LF);
        out.writeBytes(body);
        return out.toByteArray();
    }

    /** A name in lower case, for sets of names. */
    static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
