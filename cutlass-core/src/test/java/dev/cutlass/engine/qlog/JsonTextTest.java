package dev.cutlass.engine.qlog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import dev.cutlass.fixtures.Seeds;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is written, a strict reader reads back. */
class JsonTextTest {
    private static final Gson STRICT =
            new GsonBuilder().setStrictness(Strictness.STRICT).serializeNulls().create();

    static LongStream seeds() {
        return Seeds.all();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whateverIsWrittenIsReadBack(long seed) {
        Seeds.run(seed, s -> {
            final SplittableRandom random = new SplittableRandom(s);
            for (int i = 0; i < 50; i++) {
                final JsonText json = new JsonText();
                final JsonElement expected = value(json, random, 0);
                assertEquals(
                        expected.toString(),
                        STRICT.fromJson(json.done(), JsonElement.class).toString());
            }
        });
    }

    private static JsonElement value(JsonText json, SplittableRandom random, int depth) {
        switch (random.nextInt(depth > 5 ? 4 : 6)) {
            case 0 -> {
                final String text = text(random);
                json.value(text);
                return new JsonPrimitive(text);
            }
            case 1 -> {
                final long number = random.nextLong();
                json.value(number);
                return new JsonPrimitive(number);
            }
            case 2 -> {
                final double number = random.nextLong() / 1e6;
                json.value(number);
                return new JsonPrimitive(number);
            }
            case 3 -> {
                json.value(true);
                return new JsonPrimitive(true);
            }
            case 4 -> {
                final JsonArray array = new JsonArray();
                json.array();
                for (int i = random.nextInt(4); i > 0; i--) {
                    array.add(value(json, random, depth + 1));
                }
                json.end();
                return array;
            }
            default -> {
                final JsonObject object = new JsonObject();
                json.object();
                for (int i = random.nextInt(4); i > 0; i--) {
                    final String name = i + text(random);
                    json.name(name);
                    object.add(name, value(json, random, depth + 1));
                }
                json.end();
                return object;
            }
        }
    }

    /** With quotes, controls and characters beyond the first plane. */
    private static String text(SplittableRandom random) {
        final StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            text.appendCodePoint(
                    random.nextBoolean()
                            ? random.nextInt(0x80)
                            : random.nextBoolean() ? 0x1f600 + random.nextInt(50) : 0xa0 + random.nextInt(0x1000));
        }
        return text.toString();
    }

    @Test
    void aLoneSurrogateIsEscaped() {
        assertEquals(
                "\"\\ud800x\\udc00\"", new JsonText().value("\ud800x\udc00").done());
    }

    @Test
    void whatIsNoJsonIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new JsonText().value(Double.NaN));
        assertThrows(IllegalStateException.class, () -> new JsonText().object().value(1));
        assertThrows(
                IllegalStateException.class,
                () -> new JsonText().object().name("a").name("b"));
        assertThrows(
                IllegalStateException.class,
                () -> new JsonText().object().name("a").end());
        assertThrows(IllegalStateException.class, () -> new JsonText().array().name("a"));
        assertThrows(IllegalStateException.class, () -> new JsonText().value(1).value(2));
        assertThrows(IllegalStateException.class, () -> new JsonText().end());
        assertThrows(IllegalStateException.class, () -> new JsonText().object().done());
        assertThrows(IllegalStateException.class, () -> new JsonText().done());
    }
}
