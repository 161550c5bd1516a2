package dev.cutlass.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HandshakePartTest {
    private static final Id128 ID = new Id128(1, 2);
    private static final Id128 FLIGHT = new Id128(3, 4);
    private static final Bytes COOKIE = Bytes.of(new byte[HandshakePart.COOKIE_LENGTH]);

    static LongStream seeds() {
        return LongStream.range(0, 40);
    }

    static HandshakePart random(long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final RandomFrames values = new RandomFrames(seed);
        final Id128 id = new Id128(random.nextLong(), random.nextLong());
        final Bytes cookie = values.bytes(HandshakePart.COOKIE_LENGTH);
        final int type = values.between(1, 4);
        if (type == HandshakePart.COOKIE_DEMAND) {
            return HandshakePart.cookieDemand(
                    id, cookie, values.bytes(values.between(0, HandshakePart.MAX_DATA_WITH_COOKIE)));
        }
        final boolean withCookie = random.nextBoolean();
        final int size = values.between(1, HandshakePart.MAX_DATA_WITH_COOKIE);
        final int total = values.between(size, HandshakePart.MAX_TOTAL);
        return HandshakePart.ofFlight(
                type,
                type == HandshakePart.FLIGHT_1 ? random.nextLong() : 0,
                id,
                new Id128(random.nextLong(), random.nextLong()),
                total,
                values.between(0, total - size),
                withCookie ? cookie : Bytes.EMPTY,
                values.bytes(size));
    }

    private static DecodedPart decode(byte[] datagram) {
        final int from = HandshakeDatagram.PART_OFFSET;
        return HandshakePart.decode(datagram, from, datagram.length - from);
    }

    private static byte[] layOut(HandshakePart part) {
        return HandshakeDatagram.layOut(new byte[HandshakeDatagram.NONCE_LENGTH], part);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatWasWrittenIsRead(long seed) {
        final HandshakePart part = random(seed);
        final byte[] nonce = new byte[HandshakeDatagram.NONCE_LENGTH];
        Arrays.fill(nonce, (byte) seed);
        final byte[] datagram = HandshakeDatagram.layOut(nonce, part);

        assertEquals(HandshakeDatagram.PART_OFFSET + part.encodedLength(), datagram.length);
        assertTrue(HandshakeDatagram.isPossibleLength(datagram.length));
        assertArrayEquals(nonce, Arrays.copyOf(datagram, HandshakeDatagram.NONCE_LENGTH));
        assertArrayEquals(
                new byte[HandshakeDatagram.MAC1_LENGTH],
                Arrays.copyOfRange(datagram, HandshakeDatagram.MAC1_OFFSET, HandshakeDatagram.PART_OFFSET));
        assertEquals(part, decode(datagram));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyLengthAndEveryFlippedBitIsAValue(long seed) {
        final byte[] datagram = layOut(random(seed));
        for (int length = HandshakeDatagram.PART_OFFSET; length < datagram.length; length++) {
            assertReadsAsValue(Arrays.copyOf(datagram, length));
        }
        final int header = 8 * (HandshakeDatagram.PART_OFFSET + HandshakePart.HEADER_LENGTH);
        for (int bit = 8 * HandshakeDatagram.PART_OFFSET; bit < header; bit++) {
            datagram[bit / 8] ^= (byte) (1 << (bit % 8));
            assertReadsAsValue(datagram);
            datagram[bit / 8] ^= (byte) (1 << (bit % 8));
        }
    }

    private static void assertReadsAsValue(byte[] datagram) {
        if (decode(datagram) instanceof HandshakePart part) {
            assertArrayEquals(datagram, layOut(part));
        }
    }

    @Test
    void theVersionAndTheTypeAreLookedAtFirst() {
        final byte[] datagram = layOut(random(0));
        datagram[28] = 3;
        assertEquals(DecodedPart.Rejected.VERSION, decode(datagram));
        datagram[28] = 2;
        for (int type : new int[] {0, 5, 128, 255}) {
            datagram[29] = (byte) type;
            assertEquals(DecodedPart.Rejected.TYPE, decode(datagram));
        }
    }

    @Test
    void aPartLiesInsideItsFlight() {
        final Bytes one = Bytes.of(new byte[1]);
        final int most = HandshakePart.MAX_TOTAL;
        assertEquals(
                1,
                HandshakePart.ofFlight(1, 0, ID, FLIGHT, 1, 0, Bytes.EMPTY, one).total());
        final HandshakePart last = HandshakePart.ofFlight(3, 0, ID, FLIGHT, most, most - 1, COOKIE, one);
        final byte[] datagram = layOut(last);
        assertEquals(last, decode(datagram));

        datagram[72]++; // offset
        assertEquals(DecodedPart.Rejected.FIELD, decode(datagram));
        datagram[72]--;
        datagram[71]++; // total
        assertEquals(DecodedPart.Rejected.FIELD, decode(datagram));
        datagram[71]--;
        datagram[37] = 1; // stamp of a flight 3
        assertEquals(DecodedPart.Rejected.FIELD, decode(datagram));
        datagram[37] = 0;
        datagram[74] = 31; // cookie length
        assertEquals(DecodedPart.Rejected.FIELD, decode(datagram));
        datagram[74] = (byte) 255;
        assertEquals(DecodedPart.Rejected.LENGTH, decode(datagram));
        datagram[74] = 32;
        assertEquals(DecodedPart.Rejected.FIELD, decode(Arrays.copyOf(datagram, datagram.length - 1)));
    }

    @Test
    void aDatagramHasAtMostElevenHundredFiftyTwoBytes() {
        final HandshakePart full = HandshakePart.ofFlight(
                1, 0, ID, FLIGHT, 4_096, 0, Bytes.EMPTY, Bytes.of(new byte[HandshakePart.MAX_DATA]));
        final byte[] datagram = layOut(full);
        assertEquals(1_152, datagram.length);
        assertEquals(full, decode(datagram));
        assertEquals(1_077, HandshakePart.MAX_DATA);
        assertEquals(DecodedPart.Rejected.LENGTH, decode(Arrays.copyOf(datagram, 1_153)));
        assertEquals(DecodedPart.Rejected.LENGTH, decode(Arrays.copyOf(datagram, 74)));
        assertFalse(HandshakeDatagram.isPossibleLength(1_153));
        assertFalse(HandshakeDatagram.isPossibleLength(75));
        assertThrows(
                IllegalArgumentException.class,
                () -> HandshakePart.ofFlight(
                        1, 0, ID, FLIGHT, 4_096, 0, COOKIE, Bytes.of(new byte[HandshakePart.MAX_DATA])));
    }

    @Test
    void aCookieDemandCarriesACookieAndNothingElse() {
        final HandshakePart demand = HandshakePart.cookieDemand(ID, COOKIE, Bytes.EMPTY);
        final byte[] datagram = layOut(demand);
        assertEquals(demand, decode(datagram));
        for (int offset : new int[] {30, 54, 70, 72}) {
            datagram[offset] = 1;
            assertEquals(DecodedPart.Rejected.FIELD, decode(datagram));
            datagram[offset] = 0;
        }
        datagram[74] = 0;
        assertEquals(DecodedPart.Rejected.FIELD, decode(datagram));
        assertThrows(IllegalArgumentException.class, () -> HandshakePart.cookieDemand(ID, Bytes.EMPTY, Bytes.EMPTY));
        assertThrows(
                IllegalArgumentException.class,
                () -> HandshakePart.ofFlight(4, 0, ID, Id128.ZERO, 0, 0, COOKIE, Bytes.EMPTY));
    }
}
