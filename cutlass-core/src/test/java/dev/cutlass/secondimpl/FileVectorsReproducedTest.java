package dev.cutlass.secondimpl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cutlass.vectors.GoldenFile;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the first implementation wrote into {@code files.txt}, the second reads and writes in the same way. */
final class FileVectorsReproducedTest {
    static Stream<GoldenFile.Vector> messages() throws IOException {
        return GoldenFile.read("files.txt").stream().filter(vector -> vector.has("message"));
    }

    static Stream<GoldenFile.Vector> roots() throws IOException {
        return GoldenFile.read("files.txt").stream()
                .filter(vector -> vector.name().equals("root"));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void messagesAreTheSame(GoldenFile.Vector vector) {
        final byte[] message = vector.bytes("message");
        final Map<String, Object> read = FileMessages.decode(message);
        assertEquals(vector.name(), read.remove(""));
        final Map<String, Object> values = new LinkedHashMap<>();
        read.forEach((key, value) -> {
            if (value instanceof Long) {
                assertEquals(vector.number(key), value);
                values.put(key, vector.number(key));
            } else {
                assertArrayEquals(vector.bytes(key), (byte[]) value);
                values.put(key, vector.bytes(key));
            }
        });

        assertArrayEquals(message, FileMessages.encode(vector.name(), values));
    }

    @ParameterizedTest
    @MethodSource("roots")
    void rootsAreTheSame(GoldenFile.Vector vector) {
        final byte[] content = new byte[(int) vector.number("length")];
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) (i * vector.number("step"));
        }

        assertArrayEquals(vector.bytes("root"), FileTree.root(content));
    }
}
