package dev.cutlass.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.fixtures.Seeds;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/files.md section 6. */
final class SafeNamesTest {
    /** What attackers and accidents are made of. */
    private static final String[] PIECES = {
        "/",
        "\\",
        ".",
        "..",
        "...",
        " ",
        "a",
        "B",
        "x.txt",
        "CON",
        "nul",
        "com1",
        "LPT\u00b9",
        "AUX.h",
        ":",
        "C:",
        "::$DATA",
        "\0",
        "\n",
        "\u007f",
        "\u0085",
        "\u202e",
        "\u2066",
        "\ufeff",
        "\ufffe",
        "\ufdd0",
        "\ud800",
        "\udc00",
        "\ud83d\ude00",
        "e\u0301",
        "\u00e9",
        "\u212b",
        "~",
        "*",
        "?",
        "<",
        "|",
        "\"",
        ".cutlass",
        ".CUTLASS",
        "\u200d",
        "\u4e2d\u6587",
        "\u05d0",
        "$MFT",
        "name",
        "-rf",
        "%2e%2e",
        "\u2025",
        "\uff0f",
        "\u2044",
        "a\u0338"
    };

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", ".", "..", "../a", "a/..", "a/../b", "/a", "//a", "a//b", "a/", "\\a", "a\\b", "..\\a", "C:", "C:a",
                        "c:\\a", "a:b", "file::$DATA", "a\0b", "a\nb", "a\u007f", "a\u0085",
                "CON", "con", "Con.txt", "con .txt", "PRN", "AUX.h", "nul", "NUL.tar.gz", "COM1", "com9.x", "LPT0",
                        "lpt\u00b2", "CONIN$", "conout$", "CLOCK$", "a/CON/b", "a.", "a. ", "a ", " a", "a/ b", "a/.",
                "a<b", "a>b", "a|b", "a?", "a*", "\"a\"", "gpj.\u202eexe", "a\u2028b", "\ufeffa", "a\ufffe", "a\ufdd0",
                        "\ud83d", "\udc00a", "a\ud800/b"
            })
    void whatCouldLeaveTheFolderOrBeSomethingElseIsRefused(String name) {
        assertNull(SafeNames.relative(name));
        assertNull(SafeNames.single(name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "a.txt",
                "a b.txt",
                "a..b",
                "...a",
                "-rf",
                "~",
                "$HOME",
                "%2e%2e",
                "na\u00efve",
                "\u4e2d\u6587.txt",
                "\ud83d\udc68\u200d\ud83d\udc69.png",
                "\u05d0\u05d1.txt",
                "CONSOLE",
                "com",
                "com10",
                "LPT",
                "nul-1",
                "auxiliary.h",
                "a;b",
                "a'b",
                "a&b",
                "a`b",
                "(1)",
                "#",
                "100%",
                "a\u00a0b",
                "\u2044",
                "\uff0e\uff0e"
            })
    void whatPeopleCallTheirFilesIsTaken(String name) {
        if (!name.startsWith(".")) {
            assertEquals(name, SafeNames.single(name));
        }
        assertEquals(name, SafeNames.relative(name));
        assertEquals("x/" + name, SafeNames.relative("x/" + name));
    }

    @Test
    void aHiddenNameIsTakenInsideOfAFolderOnly() {
        assertNull(SafeNames.single(".profile"));
        assertNull(SafeNames.single(".cutlass"));
        assertNull(SafeNames.single("a/b"));
        assertEquals(".gitignore", SafeNames.relative(".gitignore"));
    }

    @Test
    void namesAreBroughtIntoOneForm() {
        assertEquals("\u00e9.txt", SafeNames.single("e\u0301.txt"));
        assertEquals("\u00c5", SafeNames.single("\u212b"));
    }

    @Test
    void eachBoundaryOfLengthHolds() {
        assertNotNull(SafeNames.single("a".repeat(SafeNames.MAX_PART)));
        assertNull(SafeNames.single("a".repeat(SafeNames.MAX_PART + 1)));
        assertNotNull(SafeNames.single("\u00e9".repeat(SafeNames.MAX_PART / 2)));
        assertNull(SafeNames.single("\u00e9".repeat(SafeNames.MAX_PART / 2) + "a"));
        final String deep = "a/".repeat(SafeNames.MAX_DEPTH - 1) + "a";
        assertNotNull(SafeNames.relative(deep));
        assertNull(SafeNames.relative(deep + "/a"));
        final String part = "a".repeat(203) + "/";
        final String longest = part.repeat(5) + "aaaa";
        assertEquals(SafeNames.MAX_NAME, longest.length());
        assertNotNull(SafeNames.relative(longest));
        assertNull(SafeNames.relative(longest + "a"));
        assertNull(SafeNames.relative("a".repeat(100_000_000)));
    }

    @ParameterizedTest
    @MethodSource("dev.cutlass.fixtures.Seeds#all")
    void aNameThatIsTakenStaysInItsFolder(long seed) {
        Seeds.run(seed, s -> {
            final SplittableRandom random = new SplittableRandom(s);
            for (int i = 0; i < 300; i++) {
                final StringBuilder name = new StringBuilder();
                for (int pieces = random.nextInt(1, 5); pieces > 0; pieces--) {
                    name.append(PIECES[random.nextInt(PIECES.length)]);
                }
                assertStaysInside(name.toString());
            }
        });
    }

    /** What holds for every name, whatever it is; the fuzzer comes here, too. */
    static void assertStaysInside(String wire) {
        final String name = SafeNames.relative(wire);
        if (name == null) {
            assertNull(SafeNames.single(wire));
            return;
        }
        final Path folder = Path.of("/folder/of/files");
        final Path place = folder.resolve(name);
        assertTrue(place.startsWith(folder) && place.normalize().equals(place) && !place.equals(folder), name);
        assertEquals(name.split("/", -1).length, place.getNameCount() - folder.getNameCount(), name);
        assertTrue(Normalizer.isNormalized(name, Normalizer.Form.NFC));
        assertEquals(name, SafeNames.relative(name), "what is safe stays as it is");
        assertTrue(name.codePoints().noneMatch(Character::isISOControl));
        for (String part : name.split("/", -1)) {
            assertTrue(part.getBytes(StandardCharsets.UTF_8).length <= SafeNames.MAX_PART);
            final String numbered = SafeNames.numbered(part, SafeNames.MAX_NUMBER);
            assertTrue(numbered.getBytes(StandardCharsets.UTF_8).length <= 255, numbered);
            assertNotEquals(SafeNames.key(part), SafeNames.key(numbered));
        }
    }

    @Test
    void namesThatAFileSystemMayTakeForOneHaveOneKey() {
        assertEquals(SafeNames.key("README"), SafeNames.key("readme"));
        assertEquals(SafeNames.key("\u00c9"), SafeNames.key("e\u0301"));
        assertEquals(SafeNames.key("\u03a3"), SafeNames.key("\u03c2"));
        assertNotEquals(SafeNames.key("a"), SafeNames.key("b"));
    }

    @Test
    void aNumberGoesBeforeTheEnding() {
        assertEquals("a (2).txt", SafeNames.numbered("a.txt", 2));
        assertEquals("a.tar (10).gz", SafeNames.numbered("a.tar.gz", 10));
        assertEquals(".bashrc (3)", SafeNames.numbered(".bashrc", 3));
        assertEquals("Dr. Who and some more words (2)", SafeNames.numbered("Dr. Who and some more words", 2));
        assertThrows(IllegalArgumentException.class, () -> SafeNames.numbered("a", 1));
        assertThrows(IllegalArgumentException.class, () -> SafeNames.numbered("a", SafeNames.MAX_NUMBER + 1));
    }
}
