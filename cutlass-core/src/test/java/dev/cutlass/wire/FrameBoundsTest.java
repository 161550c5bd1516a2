package dev.cutlass.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Both sides of every bound that docs/protocol.md section 5 sets. */
class FrameBoundsTest {
    private static final long MAX = Varint.MAX;

    /** A frame of {@code type} whose body is some varints and then some bytes. */
    private static Decoded read(int type, long[] numbers, int... rest) {
        final ByteBuffer body = ByteBuffer.allocate(2_000);
        for (long number : numbers) {
            Varint.put(body, number);
        }
        for (int value : rest) {
            body.put((byte) value);
        }
        final ByteBuffer packet = ByteBuffer.allocate(2_100);
        Varint.put(packet, type);
        Varint.put(packet, body.position());
        packet.put(body.flip());
        return new FrameReader(packet.array(), 0, packet.position()).next();
    }

    private static long[] numbers(long... numbers) {
        return numbers;
    }

    private static void assertRead(Frame expected, Decoded actual) {
        assertEquals(expected, actual);
    }

    private static void assertMalformed(Malformed.Why why, Decoded actual) {
        assertEquals(why, assertInstanceOf(Malformed.class, actual).why());
    }

    private static void assertRefused(Executable construction) {
        assertThrows(IllegalArgumentException.class, construction);
    }

    @Test
    void messagesStayInsideTheirTotal() {
        assertEquals(65_536 + 129, MessageFrame.MAX_TOTAL);
        final Bytes one = Bytes.of(new byte[] {9});
        final int most = MessageFrame.MAX_TOTAL;
        assertRead(new MessageFrame(1, 2, 2, 1, 0, one), read(5, numbers(1, 2, 2, 1, 0), 9));
        assertRead(
                new MessageFrame(MAX, MAX, MAX, most, most - 1, one),
                read(5, numbers(MAX, MAX, MAX, most, most - 1), 9));

        assertMalformed(Malformed.Why.VALUE, read(5, numbers(1, 2, 3, 1, 0), 9));
        assertMalformed(Malformed.Why.VALUE, read(5, numbers(1, 2, 2, 0, 0), 9));
        assertMalformed(Malformed.Why.VALUE, read(5, numbers(1, 2, 2, most + 1, 0), 9));
        assertMalformed(Malformed.Why.VALUE, read(5, numbers(1, 2, 2, 1L << 40, 0), 9));
        assertMalformed(Malformed.Why.VALUE, read(5, numbers(1, 2, 2, 1, 1), 9));
        assertMalformed(Malformed.Why.VALUE, read(5, numbers(1, 2, 2, 1, MAX), 9));
        assertMalformed(Malformed.Why.VALUE, read(5, numbers(1, 2, 2, 1, 0), 9, 9));
        assertMalformed(Malformed.Why.VALUE, read(5, numbers(1, 2, 2, 1, 0)));

        assertRefused(() -> new MessageFrame(1, 2, 3, 1, 0, one));
        assertRefused(() -> new MessageFrame(1, 2, 2, most + 1, 0, one));
        assertRefused(() -> new MessageFrame(1, 2, 2, 1, -1, one));
        assertRefused(() -> new MessageFrame(1, 2, 2, 1, 0, Bytes.EMPTY));
        assertRefused(() -> new MessageFrame(-1, 2, 2, 1, 0, one));
    }

    @Test
    void theRoomForDataIsExactlyWhatFits() {
        for (int total : new int[] {1, 60, 100, 20_000, MessageFrame.MAX_TOTAL}) {
            for (int length = 0; length < 1_200; length++) {
                for (long number : new long[] {0, 63, 64, 1 << 20}) {
                    final int room = MessageFrame.roomForData(0, number, 0, total, 0, length);
                    assertTrue(room >= 0 && room <= total);
                    if (room > 0) {
                        assertTrue(encodedLength(number, total, room) <= length);
                    }
                    if (room < total) {
                        assertTrue(encodedLength(number, total, room + 1) > length);
                    }
                }
            }
        }
    }

    private static int encodedLength(long number, int total, int data) {
        return new MessageFrame(0, number, 0, total, 0, Bytes.of(new byte[data])).encodedLength();
    }

    @Test
    void receiptsEndInsideTheNumberSpace() {
        assertRead(new ReceiptFrame(0, MAX, 1, 0), read(6, numbers(0, MAX, 1, 0)));
        assertRead(new ReceiptFrame(0, 1, MAX, 3), read(6, numbers(0, 1, MAX, 3)));
        assertEquals(MAX, new ReceiptFrame(0, 1, MAX, 3).last());

        assertMalformed(Malformed.Why.VALUE, read(6, numbers(0, MAX, 2, 0)));
        assertMalformed(Malformed.Why.VALUE, read(6, numbers(0, 1, 0, 0)));
        assertMalformed(Malformed.Why.VALUE, read(6, numbers(0, 2, MAX, 0)));
        assertMalformed(Malformed.Why.LENGTH, read(6, numbers(0, 1, 1, 0), 0));
        assertRefused(() -> new ReceiptFrame(0, 1, 0, 0));
        assertRefused(() -> new ReceiptFrame(0, 1, MAX + 1, 0));
    }

    @Test
    void acksHaveAtMostSixtyFourFurtherRangesAndEndAtZero() {
        assertRead(new AckFrame(0, AckRanges.of(5, 0), 7), read(3, numbers(0, 5, 7, 0, 5)));
        assertRead(new AckFrame(0, AckRanges.of(9, 9, 7, 7), 0), read(3, numbers(0, 9, 0, 1, 0, 0, 0)));
        assertRead(new AckFrame(0, AckRanges.of(9, 7, 3, 0), 0), read(3, numbers(0, 9, 0, 1, 2, 2, 3)));
        assertRead(new AckFrame(MAX, AckRanges.of(MAX, 0), MAX), read(3, numbers(MAX, MAX, MAX, 0, MAX)));

        assertMalformed(Malformed.Why.VALUE, read(3, numbers(0, 5, 7, 0, 6)));
        assertMalformed(Malformed.Why.VALUE, read(3, numbers(0, 9, 0, 1, 2, 2, 4)));
        assertMalformed(Malformed.Why.VALUE, read(3, numbers(0, 9, 0, 1, 9, 0, 0)));
        assertMalformed(Malformed.Why.VALUE, read(3, numbers(0, 9, 0, 1, 2, MAX, MAX)));
        assertMalformed(Malformed.Why.VALUE, read(3, numbers(0, 900, 0, MAX, 0)));
        assertMalformed(Malformed.Why.LENGTH, read(3, numbers(0, 9, 0, 1, 2, 2, 3, 0)));
        assertMalformed(Malformed.Why.TRUNCATED, read(3, numbers(0, 9, 0, 1, 2, 2)));

        assertRead(new AckFrame(0, AckRanges.of(separate(65)), 0), read(3, ackOfSingles(65)));
        assertMalformed(Malformed.Why.VALUE, read(3, ackOfSingles(66)));
        assertRefused(() -> AckRanges.of(separate(66)));
    }

    private static long[] separate(int ranges) {
        final long[] bounds = new long[2 * ranges];
        for (int i = 0; i < ranges; i++) {
            bounds[2 * i] = bounds[2 * i + 1] = 1_000 - 2L * i;
        }
        return bounds;
    }

    private static long[] ackOfSingles(int ranges) {
        final long[] numbers = new long[5 + 2 * (ranges - 1)];
        numbers[1] = 1_000;
        numbers[3] = ranges - 1;
        return numbers;
    }

    @Test
    void ackRangesDescendWithGaps() {
        final AckRanges ranges = AckRanges.of(9, 7, 5, 5, 3, 0);
        assertEquals(3, ranges.count());
        for (long number : new long[] {9, 8, 7, 5, 3, 2, 0}) {
            assertTrue(ranges.contains(number), "" + number);
        }
        for (long number : new long[] {10, 6, 4, -1}) {
            assertFalse(ranges.contains(number), "" + number);
        }
        assertRefused(() -> AckRanges.of());
        assertRefused(() -> AckRanges.of(1));
        assertRefused(() -> AckRanges.of(9, 7, 6, 5));
        assertRefused(() -> AckRanges.of(7, 9));
        assertRefused(() -> AckRanges.of(3, -1));
        assertRefused(() -> AckRanges.of(MAX + 1, 0));
    }

    @Test
    void connectionIdSequencesAreThirtyTwoBits() {
        final long most = 0xffff_ffffL;
        final int[] id = {1, 2, 3, 4, 5, 6, 7, 8};
        assertRead(new NewConnectionIdFrame(most, most, 0x0102030405060708L), read(9, numbers(most, most), id));
        assertMalformed(Malformed.Why.VALUE, read(9, numbers(most + 1, 0), id));
        assertMalformed(Malformed.Why.VALUE, read(9, numbers(3, 4), id));
        assertMalformed(Malformed.Why.LENGTH, read(9, numbers(3, 3), 1, 2, 3, 4, 5, 6, 7));
        assertRead(new RetireConnectionIdFrame(most), read(10, numbers(most)));
        assertMalformed(Malformed.Why.VALUE, read(10, numbers(most + 1)));
        assertRefused(() -> new NewConnectionIdFrame(3, 4, 0));
        assertRefused(() -> new RetireConnectionIdFrame(most + 1));
    }

    @Test
    void cryptoDataEndsInsideTheStream() {
        assertRead(new CryptoFrame(MAX, Bytes.EMPTY), read(4, numbers(MAX)));
        assertRead(new CryptoFrame(MAX - 1, Bytes.of(new byte[] {7})), read(4, numbers(MAX - 1), 7));
        assertMalformed(Malformed.Why.VALUE, read(4, numbers(MAX), 7));
        assertMalformed(Malformed.Why.TRUNCATED, read(4, numbers()));
    }

    @Test
    void limitsOfUnknownClassesAreIgnoredAndTheHigherOfTwoCounts() {
        assertRead(new LimitsFrame(LimitsFrame.NOT_NAMED), read(11, numbers()));
        assertRead(new LimitsFrame(LimitsFrame.NOT_NAMED), read(11, numbers(2, 5, MAX, 6)));
        assertRead(new LimitsFrame(LimitsFrame.NOT_NAMED, 5), read(11, numbers(1, 5, MAX, 6)));
        assertRead(new LimitsFrame(9, 5), read(11, numbers(1, 5, 0, 9, 0, 4, 1, 3)));
        assertMalformed(Malformed.Why.TRUNCATED, read(11, numbers(0, 9, 1)));
        assertRefused(() -> new LimitsFrame(-2));
        assertRefused(() -> new LimitsFrame(1, -2));
    }

    @Test
    void serviceNamesHaveOneToSixtyThreeBytes() {
        final int[] letters = new int[63];
        java.util.Arrays.fill(letters, 'x');
        assertRead(new OpenFrame(4, 0, 1, "x".repeat(63)), read(12, numbers(4, 0, 1), letters));
        assertMalformed(Malformed.Why.LENGTH, read(12, numbers(4, 0, 1, 1), letters));
        assertMalformed(Malformed.Why.LENGTH, read(12, numbers(4, 0, 1)));
        assertMalformed(Malformed.Why.VALUE, read(12, numbers(4, 0, 1), 0xc0, 0x80));
        assertRefused(() -> new OpenFrame(4, 0, 1, ""));
        assertRefused(() -> new OpenFrame(4, 256, 1, "x"));
        assertEquals(ChannelKind.BYTE_STREAM, ChannelKind.of(3));
        assertEquals(ChannelKind.ORDERED_BULK, ChannelKind.of(4));
        assertEquals(null, ChannelKind.of(5));
        for (ChannelKind kind : ChannelKind.values()) {
            assertEquals(kind, ChannelKind.of(kind.code()));
        }
    }

    @Test
    void reasonsHaveAtMostOneHundredTwentyEightBytes() {
        final int[] letters = new int[128];
        java.util.Arrays.fill(letters, 'x');
        assertRead(new CloseFrame(8, "x".repeat(128)), read(14, numbers(8), letters));
        assertMalformed(Malformed.Why.LENGTH, read(14, numbers(8, 1), letters));
        assertMalformed(Malformed.Why.VALUE, read(14, numbers(8), 0xff));
        assertEquals(CloseCode.OTHER, new CloseFrame(77, "").closeCode());
        for (CloseCode code : CloseCode.values()) {
            assertEquals(code, CloseCode.of(code.code()));
        }
    }

    @Test
    void aReasonThatIsTooLongIsCutBetweenCharacters() {
        assertEquals(
                "x".repeat(128),
                CloseFrame.of(CloseCode.NORMAL, "x".repeat(300)).reason());
        assertEquals(
                "\u20ac".repeat(42),
                CloseFrame.of(CloseCode.NORMAL, "\u20ac".repeat(43)).reason());
        assertEquals("a?b", CloseFrame.of(CloseCode.NORMAL, "a\ud800b").reason());
    }

    @Test
    void pongsCarryOneOfTwoFamilies() {
        final String v4 = "020f" + "0000000000000001" + "04" + "c0000201" + "20ad";
        assertRead(new PongFrame(1, new InetSocketAddress("192.0.2.1", 8365)), readHex(v4));
        final String v6 = "021b" + "0000000000000001" + "06" + "20010db8000000000000000000000001" + "ffff";
        assertRead(new PongFrame(1, new InetSocketAddress("2001:db8::1", 65_535)), readHex(v6));
        final String mapped = "021b" + "0000000000000001" + "06" + "00000000000000000000ffffc0000201" + "20ad";
        assertRead(new PongFrame(1, new InetSocketAddress("192.0.2.1", 8365)), readHex(mapped));

        assertMalformed(Malformed.Why.VALUE, readHex(v4.replace("04c0", "06c0")));
        assertMalformed(Malformed.Why.VALUE, readHex(v6.replace("0620", "0420")));
        assertMalformed(Malformed.Why.LENGTH, readHex("020e" + v4.substring(4, v4.length() - 2)));
        assertRefused(() -> new PongFrame(1, InetSocketAddress.createUnresolved("host.example", 1)));
    }

    private static Decoded readHex(String hex) {
        final byte[] packet = HexFormat.of().parseHex(hex);
        return new FrameReader(packet, 0, packet.length).next();
    }

    @Test
    void textOfFramesKeepsAddressesIdsAndContentToItself() {
        assertFalse(new PongFrame(1, new InetSocketAddress("192.0.2.1", 8365))
                .toString()
                .contains("192"));
        assertFalse(new NewConnectionIdFrame(1, 0, 123_456_789).toString().contains("123456789"));
        assertFalse(new PathChallengeFrame(123_456_789).toString().contains("123456789"));
        assertTrue(new CryptoFrame(0, Bytes.of(new byte[] {77, 78})).toString().contains("Bytes[2]"));
    }
}
