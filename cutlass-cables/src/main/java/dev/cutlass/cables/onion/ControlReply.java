package dev.cutlass.cables.onion;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What Tor answers to one command.
 *
 * @param status of the last line: 250 is well
 * @param lines their text, without status and separator
 */
record ControlReply(int status, List<String> lines) {
    /** Bytes of a line; ours are answered with a tenth. */
    static final int MAX_LINE = 8 << 10;

    /** Of one answer. */
    static final int MAX_LINES = 64;

    private static final int WELL = 250;
    private static final Pattern LINE = Pattern.compile("([0-9]{3})([ +-])(.*)");

    /** Words like {@code METHODS=COOKIE,NULL} and {@code COOKIEFILE="/a \"b\""}. */
    private static final String VALUE = "=(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^ \"]*))";

    boolean isWell() {
        return status == WELL;
    }

    /** The value of the first word {@code NAME=value} in a line that starts so; {@code null} if there is none. */
    @Nullable
    String value(String start, String name) {
        final Pattern word = Pattern.compile("(?:^| )" + name + VALUE + "(?: |$)");
        for (String line : lines) {
            if (line.startsWith(start)) {
                final Matcher found = word.matcher(line);
                if (found.find()) {
                    final String quoted = found.group(1);
                    return quoted == null ? found.group(2) : quoted.replaceAll("\\\\(.)", "$1");
                }
            }
        }
        return null;
    }

    /**
     * Reads one.
     *
     * @throws EOFException if it ends before
     * @throws IOException if it is none, or too long
     */
    static ControlReply read(InputStream in) throws IOException {
        final List<String> lines = new ArrayList<>();
        while (lines.size() < MAX_LINES) {
            final Matcher parts = LINE.matcher(line(in));
            if (!parts.matches() || parts.group(2).equals("+")) {
                throw new IOException("this is no answer of Tor's control port");
            }
            lines.add(parts.group(3));
            if (parts.group(2).equals(" ")) {
                return new ControlReply(Integer.parseInt(parts.group(1)), List.copyOf(lines));
            }
        }
        throw new IOException("Tor's answer has more than " + MAX_LINES + " lines");
    }

    private static String line(InputStream in) throws IOException {
        final StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("Tor closed the connection");
            }
            if (line.length() == MAX_LINE) {
                throw new IOException("a line of Tor's answer has more than " + MAX_LINE + " bytes");
            }
            line.append((char) next);
        }
        final int end = line.length() - 1;
        return end >= 0 && line.charAt(end) == '\r' ? line.substring(0, end) : line.toString();
    }

    /** As a path of this machine: what is read byte by byte above is text of the system, in UTF-8. */
    static String asPath(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
