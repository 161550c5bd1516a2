package dev.cutlass.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VarintTest {
    /** RFC 9000 appendix A.1. */
    @ParameterizedTest
    @CsvSource({"c2197c5eff14e88c, 151288809941952652", "9d7f3e7d, 494878333", "7bbd, 15293", "25, 37", "4025, 37"})
    void readsTheSamplesOfTheRfc(String hex, long value) {
        assertEquals(value, Varint.get(ByteBuffer.wrap(HexFormat.of().parseHex(hex))));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1",
        "63, 1",
        "64, 2",
        "16383, 2",
        "16384, 4",
        "1073741823, 4",
        "1073741824, 8",
        "4611686018427387903, 8"
    })
    void writesTheShortestForm(long value, int length) {
        final ByteBuffer out = ByteBuffer.allocate(8);
        Varint.put(out, value);

        assertEquals(length, out.position());
        assertEquals(length, Varint.length(value));
        assertEquals(value, Varint.get(out.flip()));
        assertFalse(out.hasRemaining());

        final byte[] array = new byte[length + 1];
        Varint.put(array, 1, value);
        assertEquals(ByteBuffer.wrap(array, 1, length), out.rewind());
        assertEquals(length, Varint.lengthOf(array[1]));
        assertEquals(value, Varint.get(array, 1));
        assertEquals(Varint.TRUNCATED, Varint.get(java.util.Arrays.copyOf(array, length), 1));
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, Varint.MAX + 1, Long.MAX_VALUE})
    void refusesToWriteWhatDoesNotFit(long value) {
        assertFalse(Varint.fits(value));
        assertThrows(IllegalArgumentException.class, () -> Varint.put(ByteBuffer.allocate(8), value));
    }

    @Test
    void aNumberThatIsCutUsesTheBufferUp() {
        for (String hex : new String[] {"", "40", "80", "800000", "c0", "c0000000000000"}) {
            final ByteBuffer in = ByteBuffer.wrap(HexFormat.of().parseHex(hex));
            assertEquals(Varint.TRUNCATED, Varint.get(in));
            assertEquals(Varint.TRUNCATED, Varint.get(in));
            assertFalse(in.hasRemaining());
        }
        assertTrue(Varint.fits(Varint.MAX));
    }
}
