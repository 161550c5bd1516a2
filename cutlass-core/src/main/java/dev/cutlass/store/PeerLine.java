package dev.cutlass.store;

import dev.cutlass.crypto.PeerId;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One line of {@code known_peers}. Whoever wrote it, it is kept: a comment, an empty line, a damaged line, and what follows the fields
 * that we know.
 *
 * <pre>
 * cutlass:KEY  met|known|verified  yyyy-mm-dd  host:port,[v6]:port?stealth|-  "nick"  offline=address  anything
 * </pre>
 *
 * The field {@code offline=} may be missing, and versions before it take it for a part of what follows.
 *
 * In a nick {@code \"}, {@code \\} and {@code \}{@code u{hex}} stand for what could disturb the line or its reader.
 *
 * @param bytes the line without its line feed, one character a byte, so that invalid UTF-8 is kept too
 * @param peer {@code null} unless the line names one
 * @param tail what follows the fields, with the white space before it, likewise one character a byte
 * @param damage what is wrong with it; {@code null} if nothing is
 */
record PeerLine(
        String bytes,
        @Nullable KnownPeer peer,
        String tail,
        @Nullable String damage) {
    /**
     * Bytes that may follow our fields. These take less than 5,100 bytes (8 places of 269 characters, a nick of 256, escaped, and an offline address of 512), so a line that
     * was read stays readable when its peer changes.
     */
    static final int MAX_TAIL_LENGTH = 8_192;

    /** Bytes in a line; what is longer was not written by us and is not looked at. */
    static final int MAX_LENGTH = 2 * MAX_TAIL_LENGTH;

    static final String MET = "met";
    static final String KNOWN = "known";
    static final String VERIFIED = "verified";

    private static final String NO_PLACES = "-";
    private static final String OFFLINE = "offline=";

    /** The line of a peer, with what another version or a person wrote behind its fields. */
    static PeerLine of(KnownPeer peer, String tail) {
        final String places = peer.places().isEmpty() ? NO_PLACES : String.join(",", peer.places());
        final String text = peer.id().text() + "  " + nameOf(peer.standing()) + "  " + peer.firstSeen() + "  " + places
                + "  " + QuotedText.quote(peer.nick())
                + (peer.offlineAddress().isEmpty() ? "" : "  " + OFFLINE + peer.offlineAddress());
        return new PeerLine(toBytes(text) + tail, peer, tail, null);
    }

    static PeerLine parse(String bytes) {
        if (bytes.length() > MAX_LENGTH) {
            return damaged(bytes, "it is longer than " + MAX_LENGTH + " bytes");
        }
        final String text = toText(bytes);
        if (text == null) {
            return damaged(bytes, "it is not valid UTF-8");
        }
        final Fields fields = new Fields(text);
        final String key = fields.next();
        if (key.isEmpty() || key.startsWith("#")) {
            return new PeerLine(bytes, null, "", null);
        }
        try {
            final PeerId id = PeerId.parse(key);
            final KnownPeer.Standing standing = parseStanding(fields.next());
            final LocalDate firstSeen = LocalDate.parse(fields.next());
            final List<String> places = parsePlaces(fields.next());
            final String nick = fields.nextQuoted();
            final String offline = fields.nextIf(OFFLINE);
            final String tail = toBytes(fields.rest());
            if (tail.length() > MAX_TAIL_LENGTH) {
                return damaged(bytes, "more than " + MAX_TAIL_LENGTH + " bytes follow the fields");
            }
            return new PeerLine(bytes, new KnownPeer(id, standing, firstSeen, places, nick, offline), tail, null);
        } catch (DateTimeParseException e) {
            return damaged(bytes, "the third field is no date of the form 2026-01-31");
        } catch (IllegalArgumentException e) {
            return damaged(bytes, String.valueOf(e.getMessage()));
        }
    }

    private static PeerLine damaged(String bytes, String why) {
        return new PeerLine(bytes, null, "", why);
    }

    /** Of equal width, for people who read the file. */
    private static String nameOf(KnownPeer.Standing standing) {
        return switch (standing) {
            case MET -> MET + "     ";
            case KNOWN -> KNOWN + "   ";
            case VERIFIED -> VERIFIED;
        };
    }

    private static KnownPeer.Standing parseStanding(String name) {
        return switch (name) {
            case MET -> KnownPeer.Standing.MET;
            case KNOWN -> KnownPeer.Standing.KNOWN;
            case VERIFIED -> KnownPeer.Standing.VERIFIED;
            default ->
                throw new IllegalArgumentException(
                        "the second field is none of " + MET + ", " + KNOWN + " and " + VERIFIED);
        };
    }

    private static List<String> parsePlaces(String field) {
        if (field.isEmpty()) {
            throw new IllegalArgumentException("the fourth field, host:port or " + NO_PLACES + ", is missing");
        }
        return field.equals(NO_PLACES) ? List.of() : List.of(field.split(",", -1));
    }

    private static @Nullable String toText(String bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static String toBytes(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** Fields with white space between them. */
    private static final class Fields {
        private final String text;
        private int position;

        Fields(String text) {
            this.text = text;
        }

        /** The next field; empty at the end. */
        String next() {
            skipSpace();
            final int start = position;
            while (position < text.length() && !isSpace(text.charAt(position))) {
                position++;
            }
            return text.substring(start, position);
        }

        String nextQuoted() {
            skipSpace();
            final int end = QuotedText.end(text, position);
            final String value = QuotedText.unquote(text.substring(position, end));
            position = end;
            if (position < text.length() && !isSpace(text.charAt(position))) {
                throw new IllegalArgumentException("after the nick stands something that is no space");
            }
            return value;
        }

        /** What follows {@code mark} in the next field; if that does not start with it, nothing, and it stays the next one. */
        String nextIf(String mark) {
            final int start = position;
            final String field = next();
            if (field.startsWith(mark)) {
                return field.substring(mark.length());
            }
            position = start;
            return "";
        }

        String rest() {
            return text.substring(position);
        }

        private void skipSpace() {
            while (position < text.length() && isSpace(text.charAt(position))) {
                position++;
            }
        }

        private static boolean isSpace(char character) {
            return character == ' ' || character == '\t' || character == '\r';
        }
    }
}
