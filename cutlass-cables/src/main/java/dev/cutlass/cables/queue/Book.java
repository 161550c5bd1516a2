package dev.cutlass.cables.queue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values that survive: a text file to which lines are added, each with a checksum, so that a line that a crash cut off is known as such. Rewritten when more than half of it is out of date. Any thread.
 *
 * <pre>
 * CRC-32 of the rest, 8 hexadecimal digits | space | key | space | value | line feed
 * </pre>
 */
public final class Book {
    private static final int SUM_LENGTH = 8;

    /** Lines that may be out of date before it is worth writing anew. */
    private static final int SLACK = 1_000;

    /** Bytes; what the entries that we allow can take, several times. */
    private static final int MAX_LENGTH = 256 << 20;

    private final Volume volume;
    private final Path file;
    private final int maxEntries;
    private final Map<String, String> entries = new LinkedHashMap<>();
    private int lines;
    private boolean isTorn;

    private Book(Volume volume, Path file, int maxEntries) {
        this.volume = volume;
        this.file = file;
        this.maxEntries = maxEntries;
    }

    /**
     * Reads a book.
     *
     * @param maxEntries more are not kept: the eldest go
     */
    public static Book open(Volume volume, Path file, int maxEntries) throws IOException {
        final Book book = new Book(volume, file, maxEntries);
        final byte[] bytes = volume.read(file, MAX_LENGTH);
        if (bytes != null) {
            book.load(new String(bytes, StandardCharsets.ISO_8859_1));
        }
        return book;
    }

    private void load(String text) {
        int at = 0;
        while (at < text.length()) {
            final int end = text.indexOf('\n', at);
            final String line = end < 0 ? "" : text.substring(at, end);
            final int space = line.indexOf(' ', SUM_LENGTH + 1);
            if (space < 0 || !line.startsWith(sum(line.substring(SUM_LENGTH + 1)) + " ")) {
                isTorn = true; // what follows was written by nobody: lines are added one after the other
                return;
            }
            lines++;
            remember(line.substring(SUM_LENGTH + 1, space), line.substring(space + 1));
            at = end + 1;
        }
    }

    private void remember(String key, String value) {
        entries.remove(key); // so that it is the youngest
        entries.put(key, value);
        if (entries.size() > maxEntries) {
            final Iterator<String> eldest = entries.keySet().iterator();
            eldest.next();
            eldest.remove();
        }
    }

    private static String sum(String rest) {
        final CRC32 crc = new CRC32();
        crc.update(rest.getBytes(StandardCharsets.ISO_8859_1));
        return String.format(Locale.ROOT, "%08x", crc.getValue());
    }

    private static String line(String key, String value) {
        final String rest = key + " " + value;
        return sum(rest) + " " + rest + "\n";
    }

    /** The value of a key; {@code null} if it has none. */
    public synchronized @Nullable String get(String key) {
        return entries.get(key);
    }

    /** On the disk when this returns. Neither may have a space or line end in it. */
    public synchronized void put(String key, String value) throws IOException {
        if (value.equals(entries.get(key))) {
            return;
        }
        remember(key, value);
        if (isTorn || lines > 2 * entries.size() + SLACK) {
            rewrite();
        } else {
            volume.append(file, line(key, value).getBytes(StandardCharsets.ISO_8859_1));
            lines++;
        }
    }

    private void rewrite() throws IOException {
        final StringBuilder text = new StringBuilder();
        entries.forEach((key, value) -> text.append(line(key, value)));
        volume.write(file, text.toString().getBytes(StandardCharsets.ISO_8859_1));
        lines = entries.size();
        isTorn = false;
    }
}
