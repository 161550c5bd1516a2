package dev.cutlass.crypto.vectors;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.function.BiConsumer;

/**
 * Public test vectors, which are not part of this repository: the system property {@code cutlass.vectors} names their folder. Without
 * them the tests are skipped and say so.
 */
public final class Vectors {
    private Vectors() {}

    /** The content of one file. */
    public static JsonObject read(String name) {
        Path file = Path.of(System.getProperty("cutlass.vectors", "../../shared/vectors"))
                .resolve(name);
        assumeTrue(Files.isReadable(file), "no vectors at " + file);
        try (Reader reader = Files.newBufferedReader(file)) {
            return JsonParser.parseReader(reader).getAsJsonObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Calls for every test of every group of a Wycheproof file; returns how many there were. */
    public static int wycheproof(String name, BiConsumer<JsonObject, JsonObject> check) {
        int count = 0;
        for (JsonElement group : read("wycheproof/" + name).getAsJsonArray("testGroups")) {
            for (JsonElement test : group.getAsJsonObject().getAsJsonArray("tests")) {
                check.accept(group.getAsJsonObject(), test.getAsJsonObject());
                count++;
            }
        }
        return count;
    }

    /** The bytes of a field in hex; {@code null} if there is no such field. */
    public static byte[] bytes(JsonObject object, String field) {
        return object.has(field) ? HexFormat.of().parseHex(object.get(field).getAsString()) : null;
    }

    /** What a failed test is called. */
    public static String name(JsonObject test) {
        return "tcId " + test.get("tcId") + " " + test.get("comment") + " " + test.get("flags");
    }

    /** Whether the right answer is yes. */
    public static boolean isValid(JsonObject test) {
        return test.get("result").getAsString().equals("valid");
    }
}
