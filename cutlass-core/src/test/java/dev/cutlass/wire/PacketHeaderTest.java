package dev.cutlass.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PacketHeaderTest {
    private static final long ID = 0x0102030405060708L;

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatWasWrittenIsRead(long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final long largestAcked = random.nextLong(-1, PacketHeader.NUMBER_LIMIT - (1L << 31));
        final long number = largestAcked + 1 + random.nextLong(1L << (1 + random.nextInt(31)));
        final PacketHeader header = PacketHeader.of(random.nextLong(), random.nextLong(1L << 40), number, largestAcked);
        final byte[] packet = new byte[64];
        header.writeTo(packet, 5);

        assertEquals(header, PacketHeader.read(packet, 5));
        assertEquals(header.connectionId(), PacketHeader.connectionId(packet, 5));
        final long anySince = largestAcked + random.nextLong(number - largestAcked);
        assertEquals(number, header.restoreNumber(anySince));
    }

    @Test
    void theLayoutIsThatOfTheProtocol() {
        final byte[] packet = new byte[11];
        PacketHeader.of(ID, 6, 0xac5c02, 0xabe8b3).writeTo(packet, 0);
        assertEquals("0102030405060708" + "09" + "5c02", HexFormat.of().formatHex(packet));
    }

    @Test
    void reservedBitsAreReported() {
        final byte[] packet = HexFormat.of().parseHex("0102030405060708" + "90" + "07");
        assertEquals(new PacketHeader(ID, 0, 1, 7, 9), PacketHeader.read(packet, 0));
    }

    @ParameterizedTest
    @CsvSource({ // RFC 9000 appendix A.2, then the edges
        "0xabe8b3, 0xac5c02, 2",
        "0xabe8b3, 0xace8fe, 3",
        "-1, 0, 1",
        "-1, 127, 1",
        "-1, 128, 2",
        "-1, 32767, 2",
        "-1, 32768, 3",
        "-1, 8388607, 3",
        "-1, 8388608, 4",
        "-1, 2147483647, 4"
    })
    void aNumberHasTheLengthThatItsReceiverNeeds(String largestAcked, String number, int length) {
        assertEquals(length, PacketHeader.numberLength(Long.decode(number), Long.decode(largestAcked)));
    }

    @Test
    void aNumberIsRestoredNearTheExpectedOne() {
        // RFC 9000 appendix A.3
        assertEquals(0xa82f9b32L, new PacketHeader(ID, 0, 2, 0x9b32, 0).restoreNumber(0xa82f30eaL));
        assertEquals(0, new PacketHeader(ID, 0, 1, 0, 0).restoreNumber(-1));
        assertEquals(255, new PacketHeader(ID, 0, 1, 255, 0).restoreNumber(-1));
        assertEquals(255, new PacketHeader(ID, 0, 1, 255, 0).restoreNumber(300));
        assertEquals(256, new PacketHeader(ID, 0, 1, 0, 0).restoreNumber(254));
        final long last = PacketHeader.NUMBER_LIMIT - 1;
        assertEquals(last, new PacketHeader(ID, 0, 1, 255, 0).restoreNumber(last - 3));
    }

    @Test
    void restoredNumbersStayInTheNumberSpace() {
        final SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 10_000; i++) {
            final int length = 1 + random.nextInt(4);
            final long truncated = random.nextLong(1L << (8 * length));
            final long[] largest = {-1, random.nextLong(1_000), PacketHeader.NUMBER_LIMIT - 1 - random.nextInt(1_000)};
            for (long seen : largest) {
                final long number = new PacketHeader(ID, 0, length, truncated, 0).restoreNumber(seen);
                assertFalse(number < 0 || number >= PacketHeader.NUMBER_LIMIT, number + " after " + seen);
            }
        }
    }

    @Test
    void smallPacketsAreFilledUpSoThatTheSampleFits() {
        assertEquals(29, PacketHeader.MIN_PACKET_LENGTH);
        assertEquals(PacketHeader.SAMPLE_OFFSET + PacketHeader.SAMPLE_LENGTH, PacketHeader.MIN_PACKET_LENGTH);
        assertEquals(3, new PacketHeader(ID, 0, 1, 0, 0).minFrames());
        assertEquals(0, new PacketHeader(ID, 0, 4, 0, 0).minFrames());
    }

    @Test
    void valuesThatDoNotFitAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new PacketHeader(ID, 4, 1, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new PacketHeader(ID, 0, 5, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new PacketHeader(ID, 0, 0, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new PacketHeader(ID, 0, 1, 256, 0));
        assertThrows(IllegalArgumentException.class, () -> PacketHeader.of(ID, 0, 1L << 31, -1));
        assertThrows(IllegalArgumentException.class, () -> PacketHeader.of(ID, 0, 5, 5));
        assertEquals(4, PacketHeader.of(ID, 0, (1L << 31) - 1, -1).numberLength());
    }
}
