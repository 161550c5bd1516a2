package dev.cutlass.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetyNumberTest {
    // RFC 8032 section 7.1, TEST 1 and 2
    private static final PeerId ONE =
            PeerId.of(HexFormat.of().parseHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));
    private static final PeerId TWO =
            PeerId.of(HexFormat.of().parseHex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"));

    /** Computed by a separate program from the Javadoc. */
    @Test
    void theNumberIsAsDocumented() {
        assertEquals(
                "69493 24842 00945 47896 74907 08469 29418 26769 93973 57055 19169 81339",
                SafetyNumber.of(ONE, TWO).text());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void bothSidesSeeTheSameSixtyDigits(long seed) {
        PeerId one = Seeds.peer(seed);
        PeerId other = Seeds.peer(seed + 100);
        SafetyNumber number = SafetyNumber.of(one, other);
        assertEquals(number, SafetyNumber.of(other, one));
        assertEquals(number.hashCode(), SafetyNumber.of(other, one).hashCode());
        assertEquals(12, number.groups().size());
        assertTrue(number.digits().matches("[0-9]{60}"), number.digits());
        assertTrue(number.text().matches("([0-9]{5} ){11}[0-9]{5}"), number.text());
        assertNotEquals(number, SafetyNumber.of(one, Seeds.peer(seed + 200)));
    }

    @Test
    void somebodyWhoTypesItMaySpaceItAsTheyLike() {
        SafetyNumber number = SafetyNumber.of(ONE, TWO);
        assertTrue(number.matches(number.text()));
        assertTrue(number.matches("\n " + number.digits() + "\t"));
        assertFalse(number.matches(number.digits().substring(1)));
        assertFalse(number.matches("1" + number.digits()));
    }

    @Test
    void theStringFormLinksNobody() {
        SafetyNumber number = SafetyNumber.of(ONE, TWO);
        assertFalse(number.groups().stream().anyMatch(number.toString()::contains));
    }
}
