package dev.cutlass.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceRecordTest {
    private final Identity root = Identity.generate(Seeds.secure(1));

    @AfterEach
    void close() {
        root.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void whatIsWrittenIsReadAgain(int suites) {
        Random random = new Random(suites);
        List<Integer> numbers = IntStream.range(0, suites)
                .mapToObj(i -> random.nextInt(1 << 16))
                .toList();
        DeviceRecord record = DeviceRecord.sign(root, random.nextInt(1 << 30), 10, 20, key(random), numbers);
        DeviceRecord read = Objects.requireNonNull(DeviceRecord.decode(record.encode()));
        assertEquals(record, read);
        assertEquals(record.hashCode(), read.hashCode());
        assertEquals(numbers, read.suites());
        assertEquals(record.serial(), read.serial());
        assertArrayEquals(record.staticKey(), read.staticKey());
        assertTrue(read.verify(root.id(), 15));
        assertEquals(57 + 2 * suites + 64, record.encode().length);
    }

    @Test
    void theLayoutIsAsTheProtocolSays() {
        byte[] key = key(new Random(1));
        byte[] bytes = DeviceRecord.sign(root, 0x0102030405060708L, 0x11, 0x22, key, List.of(0x0001, 0xfffe))
                .encode();
        String expected = "0102030405060708" + "0000000000000011" + "0000000000000022"
                + HexFormat.of().formatHex(key) + "02" + "0001" + "fffe";
        assertEquals(expected, HexFormat.of().formatHex(bytes, 0, 61));
        byte[] signed = new byte[32 + 61];
        System.arraycopy(root.id().bytes(), 0, signed, 0, 32);
        System.arraycopy(bytes, 0, signed, 32, 61);
        assertTrue(Identity.verify(root.id(), "device-record", signed, Arrays.copyOfRange(bytes, 61, 125)));
    }

    @Test
    void itIsValidFromItsFirstSecondToItsLast() {
        DeviceRecord record = DeviceRecord.sign(root, 0, 100, 200, key(new Random(1)), List.of(1));
        assertFalse(record.verify(root.id(), 99));
        assertTrue(record.verify(root.id(), 100));
        assertTrue(record.verify(root.id(), 200));
        assertFalse(record.verify(root.id(), 201));
        assertFalse(record.verify(Seeds.peer(2), 150));
    }

    @Test
    void everyFlippedBitIsNoticed() {
        byte[] bytes = DeviceRecord.sign(root, 3, 100, 200, key(new Random(1)), List.of(1, 2))
                .encode();
        for (int bit = 0; bit < bytes.length * Byte.SIZE; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            DeviceRecord read = DeviceRecord.decode(flipped);
            assertFalse(read != null && read.verify(root.id(), 150), "bit " + bit);
        }
    }

    @Test
    void everyOtherLengthIsRefused() {
        byte[] bytes = DeviceRecord.sign(root, 3, 100, 200, key(new Random(1)), List.of(1, 2))
                .encode();
        for (int length = 0; length < bytes.length + 10; length++) {
            if (length != bytes.length) {
                assertNull(DeviceRecord.decode(Arrays.copyOf(bytes, length)), "length " + length);
            }
        }
        assertEquals(
                DeviceRecord.MAX_LENGTH,
                DeviceRecord.sign(root, 0, 0, 0, key(new Random(1)), List.of(1, 2, 3, 4, 5, 6, 7, 8))
                        .encode()
                        .length);
    }

    @Test
    void valuesOutOfRangeAreRefused() {
        byte[] key = key(new Random(1));
        assertThrows(IllegalArgumentException.class, () -> DeviceRecord.sign(root, -1, 0, 1, key, List.of(1)));
        assertThrows(IllegalArgumentException.class, () -> DeviceRecord.sign(root, 0, -1, 1, key, List.of(1)));
        assertThrows(IllegalArgumentException.class, () -> DeviceRecord.sign(root, 0, 2, 1, key, List.of(1)));
        assertThrows(IllegalArgumentException.class, () -> DeviceRecord.sign(root, 0, 0, 1, key, List.of()));
        assertThrows(IllegalArgumentException.class, () -> DeviceRecord.sign(root, 0, 0, 1, key, List.of(65_536)));
        List<Integer> nine = List.of(1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThrows(IllegalArgumentException.class, () -> DeviceRecord.sign(root, 0, 0, 1, key, nine));
    }

    @FuzzTest(maxDuration = "60s")
    void anyBytesAreARecordOrNone(byte[] bytes) {
        DeviceRecord record = DeviceRecord.decode(bytes);
        if (record != null) {
            assertArrayEquals(bytes, record.encode());
            assertNotNull(record.toString());
            assertFalse(record.verify(root.id(), record.notBefore()), "nobody signed it");
        }
    }

    private static byte[] key(Random random) {
        byte[] key = new byte[32];
        random.nextBytes(key);
        return key;
    }
}
