package dev.cutlass.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A file of golden vectors in {@code docs/vectors}: comments ({@code # ...}), a line {@code [name]} for each vector, and below it
 * {@code key = value}: a number in decimal, bytes in hexadecimal, {@code -} for no bytes.
 */
public final class GoldenFile {
    /** Set to write the files anew instead of comparing with them: {@code -Dcutlass.golden=write}. */
    private static final String WRITE = "cutlass.golden";

    private final Path path;
    private final StringBuilder text = new StringBuilder();

    /** Begins a file; its vectors are compared with the one in the repository by {@link #verify}. */
    public GoldenFile(String name, String... comments) {
        path = pathOf(name);
        for (String comment : comments) {
            text.append("# ").append(comment).append('\n');
        }
    }

    public GoldenFile section(String name) {
        text.append("\n[").append(name).append("]\n");
        return this;
    }

    public GoldenFile put(String key, byte[] value) {
        return line(key, value.length == 0 ? "-" : HexFormat.of().formatHex(value));
    }

    public GoldenFile put(String key, long value) {
        return line(key, Long.toString(value));
    }

    private GoldenFile line(String key, String value) {
        text.append(key).append(" = ").append(value).append('\n');
        return this;
    }

    /** Compares. A difference means that the bytes on the wire have changed, which breaks every deployed peer. */
    public void verify() throws IOException {
        if ("write".equals(System.getProperty(WRITE))) {
            Files.createDirectories(path.getParent());
            Files.writeString(path, text, StandardCharsets.UTF_8);
        }
        assertEquals(
                Files.readString(path, StandardCharsets.UTF_8),
                text.toString(),
                path.getFileName().toString());
    }

    /** One vector of a file. */
    public record Vector(String name, Map<String, String> values) {
        public byte[] bytes(String key) {
            String value = text(key);
            return value.equals("-") ? new byte[0] : HexFormat.of().parseHex(value);
        }

        public long number(String key) {
            return Long.parseLong(text(key));
        }

        public boolean has(String key) {
            return values.containsKey(key);
        }

        public String text(String key) {
            String value = values.get(key);
            if (value == null) {
                throw new IllegalArgumentException("[" + name + "] has no " + key);
            }
            return value;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** The vectors of a file, in its order; those before the first {@code [name]} have an empty name. */
    public static List<Vector> read(String name) throws IOException {
        List<Vector> vectors = new ArrayList<>();
        Vector current = new Vector("", new LinkedHashMap<>());
        for (String line : Files.readAllLines(pathOf(name), StandardCharsets.UTF_8)) {
            int equals = line.indexOf(" = ");
            if (line.startsWith("[")) {
                current = new Vector(line.substring(1, line.length() - 1), new LinkedHashMap<>());
                vectors.add(current);
            } else if (equals > 0 && !line.startsWith("#")) {
                if (vectors.isEmpty()) {
                    vectors.add(current);
                }
                current.values.put(line.substring(0, equals), line.substring(equals + 3));
            }
        }
        return vectors;
    }

    private static Path pathOf(String name) {
        return Path.of(System.getProperty("cutlass.root"), "docs", "vectors", name);
    }
}
