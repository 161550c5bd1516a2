package dev.cutlass.cables.pki;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** PEM, RFC 7468, as the cables protocol wants it read: the first block of a kind, whatever stands around it. */
public final class Pem {
    static final String CERTIFICATE = "CERTIFICATE";
    static final String CMS = "CMS";
    static final String PRIVATE_KEY = "PRIVATE KEY";

    private static final Set<String> CERTIFICATE_LABELS = Set.of(CERTIFICATE, "X509 CERTIFICATE");
    private static final Set<String> CMS_LABELS = Set.of(CMS, "PKCS7");

    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";

    /** Columns of base64 in what we write; RFC 7468 section 2 asks for them. */
    private static final int COLUMNS = 64;

    private static final byte[] LINE_FEED = {'\n'};

    private Pem() {}

    /** The first certificate's DER, and what may follow it within the block; {@code null} if there is none. */
    static byte @Nullable [] certificate(byte[] text) {
        return first(text, CERTIFICATE_LABELS);
    }

    /** The first CMS object. */
    static byte @Nullable [] cms(byte[] text) {
        return first(text, CMS_LABELS);
    }

    /** The first private key (PKCS #8). */
    static byte @Nullable [] privateKey(byte[] text) {
        return first(text, Set.of(PRIVATE_KEY));
    }

    private static byte @Nullable [] first(byte[] bytes, Set<String> labels) {
        final String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int at = 0;
        while (true) {
            final int begin = lineThatStarts(text, BEGIN, at);
            if (begin < 0) {
                return null;
            }
            final int endOfLabel = text.indexOf(DASHES, begin + BEGIN.length());
            if (endOfLabel < 0) {
                return null;
            }
            final String label = text.substring(begin + BEGIN.length(), endOfLabel);
            final int body = endOfLabel + DASHES.length();
            if (labels.contains(label)) {
                final int end = text.indexOf(END + label + DASHES, body);
                return end < 0 ? null : decode(text.substring(body, end));
            }
            at = body;
        }
    }

    private static int lineThatStarts(String text, String start, int from) {
        for (int at = text.indexOf(start, from); at >= 0; at = text.indexOf(start, at + 1)) {
            if (at == 0 || text.charAt(at - 1) == '\n' || text.charAt(at - 1) == '\r') {
                return at;
            }
        }
        return -1;
    }

    private static byte @Nullable [] decode(String base64) {
        final StringBuilder letters = new StringBuilder(base64.length());
        for (int i = 0; i < base64.length(); i++) {
            final char letter = base64.charAt(i);
            if (letter != '\n' && letter != '\r' && letter != ' ' && letter != '\t') {
                letters.append(letter);
            }
        }
        try {
            return Base64.getDecoder().decode(letters.toString());
        } catch (IllegalArgumentException e) { // not base64: no block
            return null;
        }
    }

    /** One block with a line end after it. */
    static byte[] encode(String label, byte[] der) {
        final String body = Base64.getMimeEncoder(COLUMNS, LINE_FEED).encodeToString(der);
        return (BEGIN + label + DASHES + "\n" + body + "\n" + END + label + DASHES + "\n")
                .getBytes(StandardCharsets.US_ASCII);
    }
}
