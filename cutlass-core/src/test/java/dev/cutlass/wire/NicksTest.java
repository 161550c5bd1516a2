package dev.cutlass.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NicksTest {
    private static String decode(String text) {
        return Nicks.decode(Bytes.of(text.getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "left",
                "J\u00fcrgen",
                "\u0645\u0631\u062d\u0628\u0627",
                "\ud83e\udd80\u200d\ud83e\udd80",
                "two words"
            })
    void ordinaryNicksAreKeptAsTheyAre(String nick) {
        assertEquals(nick, Nicks.normalize(nick));
        assertEquals(nick, decode(nick));
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0, 9, 10, 27, 0x1f, 0x7f, 0x80, 0x9f, 0x61c, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202e, 0x2066,
                0x2069, 0xfeff
            })
    void charactersThatDisturbALineAreRefused(int point) {
        final String nick = "a" + Character.toString(point);
        assertThrows(IllegalArgumentException.class, () -> Nicks.normalize(nick));
        assertNull(decode(nick));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x20, 0x7e, 0xa0, 0x200d, 0x2027, 0x202f, 0x2065, 0x206a, 0x10ffff})
    void theirNeighboursAreNot(int point) {
        final String nick = "a" + Character.toString(point);
        assertEquals(nick, decode(nick));
    }

    @Test
    void aNickHasAtMostSixtyThreeBytes() {
        assertEquals("\u20ac".repeat(21), decode("\u20ac".repeat(21)));
        assertEquals("\u20ac".repeat(21), Nicks.normalize("\u20ac".repeat(21)));
        assertNull(decode("\u20ac".repeat(21) + "a"));
        assertThrows(IllegalArgumentException.class, () -> Nicks.normalize("\u20ac".repeat(21) + "a"));
    }

    @Test
    void aDecomposedNickIsComposed() {
        assertEquals("J\u00fcrgen", Nicks.normalize("Ju\u0308rgen"));
        assertEquals("J\u00fcrgen", decode("Ju\u0308rgen"));
    }

    @Test
    void aNickThatGrowsOverTheLimitWhenComposedIsRefused() {
        assertEquals(63, "\u0958".repeat(21).getBytes(StandardCharsets.UTF_8).length);
        assertNull(decode("\u0958".repeat(21)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ff", "c080", "eda080", "f4908080", "e282", "61ed9f"})
    void invalidUtf8IsRefused(String hex) {
        assertNull(Nicks.decode(Bytes.of(HexFormat.of().parseHex(hex))));
    }

    @Test
    void halfASurrogatePairIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Nicks.normalize("a\ud800"));
    }
}
