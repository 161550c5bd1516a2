package dev.cutlass.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cutlass.wire.DecodedPayload.Rejected;
import dev.cutlass.wire.DecodedPayload.Why;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HandshakePayloadTest {
    private static final int LENGTH = 640;
    private static final String FLIGHT_1 = "010102" + "02020102";

    static LongStream seeds() {
        return LongStream.range(0, 40);
    }

    static HandshakePayload random(long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final RandomFrames values = new RandomFrames(seed);
        final int flight = values.between(1, 3);
        final HandshakePayload.Builder builder = HandshakePayload.builder(flight);
        if (flight != 3) {
            builder.versions(2);
        }
        switch (flight) {
            case 1 -> builder.aeads(random.nextBoolean() ? new int[] {1, 2} : new int[] {2, 1, 7});
            case 2 -> builder.aeads(values.between(1, 2));
            default -> {}
        }
        if (random.nextBoolean()) {
            builder.capabilities(LongStream.range(0, random.nextInt(6))
                    .map(i -> i * i * i * 700)
                    .toArray());
        }
        if (flight == 1) {
            return builder.build();
        }
        builder.rootKey(values.bytes(32).toArray())
                .bootId(new Id128(random.nextLong(), random.nextLong()))
                .connectionId(random.nextLong());
        if (random.nextBoolean()) {
            builder.deviceRecord(values.bytes(HandshakePayload.MIN_DEVICE_RECORD + 2 * random.nextInt(8))
                    .toArray());
        }
        if (random.nextBoolean()) {
            builder.nick(values.text(0, 15));
        }
        if (flight == 3 && random.nextBoolean()) {
            builder.token(values.bytes(values.between(1, 64)).toArray());
        }
        if (flight == 3 && random.nextBoolean()) {
            builder.seen(new Id128(random.nextLong(), random.nextLong()));
        }
        return builder.build();
    }

    private static DecodedPayload decode(int flight, String hex) {
        return HandshakePayload.decode(flight, HexFormat.of().parseHex(hex));
    }

    private static void assertRejected(int type, Why why, DecodedPayload actual) {
        assertEquals(new Rejected(type, why), actual);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatWasWrittenIsRead(long seed) {
        final HandshakePayload payload = random(seed);
        final byte[] encoded = payload.encode(LENGTH);

        assertEquals(LENGTH, encoded.length);
        assertEquals(payload, HandshakePayload.decode(payload.flight(), encoded));
    }

    @Test
    void allFieldsComeBack() {
        final byte[] key = new byte[32];
        key[31] = 9;
        final byte[] record = new byte[HandshakePayload.MAX_DEVICE_RECORD];
        final HandshakePayload payload = assertInstanceOf(
                HandshakePayload.class,
                HandshakePayload.decode(
                        3,
                        HandshakePayload.builder(3)
                                .capabilities(1, 70, 70_000)
                                .rootKey(key)
                                .deviceRecord(record)
                                .bootId(new Id128(1, 2))
                                .connectionId(-3)
                                .nick("J\u00fcrgen")
                                .token(new byte[] {4})
                                .seen(new Id128(5, 6))
                                .build()
                                .encode(LENGTH)));

        assertEquals(List.of(1L, 70L, 70_000L), payload.capabilities());
        assertEquals(Bytes.of(key), payload.rootKey());
        assertEquals(Bytes.of(record), payload.deviceRecord());
        assertEquals(new Id128(1, 2), payload.bootId());
        assertEquals(-3, payload.connectionId());
        assertEquals("J\u00fcrgen", payload.nick());
        assertEquals(Bytes.of(new byte[] {4}), payload.token());
        assertEquals(new Id128(5, 6), payload.seen());
        assertThrows(IllegalStateException.class, payload::versions);
        assertThrows(IllegalStateException.class, payload::aeads);
    }

    @Test
    void fieldsThatMayBeMissingAreNullOrEmpty() {
        final HandshakePayload payload = assertInstanceOf(HandshakePayload.class, decode(1, FLIGHT_1));
        assertEquals(Bytes.of(new byte[] {2}), payload.versions());
        assertEquals(Bytes.of(new byte[] {1, 2}), payload.aeads());
        assertEquals(List.of(), payload.capabilities());
        assertEquals("", payload.nick());
        assertNull(payload.deviceRecord());
        assertNull(payload.token());
        assertNull(payload.seen());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyLengthAndEveryFlippedBitIsAValue(long seed) {
        final HandshakePayload payload = random(seed);
        final byte[] encoded = payload.encode(LENGTH);
        for (int length = 0; length < encoded.length; length++) {
            assertReadsAsValue(payload.flight(), Arrays.copyOf(encoded, length));
        }
        for (int bit = 0; bit < 8 * LENGTH; bit++) {
            encoded[bit / 8] ^= (byte) (1 << (bit % 8));
            assertReadsAsValue(payload.flight(), encoded);
            encoded[bit / 8] ^= (byte) (1 << (bit % 8));
        }
    }

    static void assertReadsAsValue(int flight, byte[] encoded) {
        if (HandshakePayload.decode(flight, encoded) instanceof HandshakePayload payload) {
            assertEquals(payload, HandshakePayload.decode(flight, payload.encode(2 * encoded.length + 16)));
            payload.capabilities();
            payload.nick();
            payload.seen();
        }
    }

    @Test
    void unknownTypesAreSkippedAndNothingIsReadAfterTheEnd() {
        final DecodedPayload plain = decode(1, FLIGHT_1);
        assertEquals(plain, decode(1, "0b03ffffff" + FLIGHT_1 + "410000" + "00" + "04"));
        assertEquals(plain, decode(1, FLIGHT_1 + "00" + FLIGHT_1));
        assertRejected(0x100, Why.TRUNCATED, decode(1, FLIGHT_1 + "410005ff"));
        assertRejected(-1, Why.TRUNCATED, decode(1, FLIGHT_1 + "41"));
    }

    @Test
    void aKnownTypeTwiceIsRejected() {
        assertRejected(1, Why.REPEATED, decode(1, FLIGHT_1 + "010102"));
    }

    @Test
    void aFieldThatTheFlightNeedsMustBeThere() {
        assertRejected(1, Why.MISSING, decode(1, ""));
        assertRejected(2, Why.MISSING, decode(1, "010102"));
        assertRejected(4, Why.MISSING, decode(2, "010102" + "020101"));
        assertRejected(4, Why.MISSING, decode(3, ""));
        assertRejected(6, Why.MISSING, decode(3, "0420" + "00".repeat(32)));
        assertThrows(IllegalStateException.class, HandshakePayload.builder(1).versions(2)::build);
    }

    @Test
    void aFieldInTheWrongFlightIsRejected() {
        assertRejected(4, Why.MISPLACED, decode(1, FLIGHT_1 + "0420" + "00".repeat(32)));
        assertRejected(9, Why.MISPLACED, decode(2, "090101"));
        assertRejected(10, Why.MISPLACED, decode(2, "0a10" + "00".repeat(16)));
        assertRejected(1, Why.MISPLACED, decode(3, "010102"));
        assertThrows(
                IllegalArgumentException.class,
                () -> HandshakePayload.builder(2).token(new byte[1]));
    }

    @Test
    void lengthsAreExact() {
        assertRejected(1, Why.LENGTH, decode(1, "0100"));
        assertRejected(2, Why.LENGTH, decode(1, "0200"));
        assertRejected(2, Why.LENGTH, decode(1, "0211" + "0102030405060708090a0b0c0d0e0f1011"));
        assertRejected(4, Why.LENGTH, decode(2, "041f" + "00".repeat(31)));
        assertRejected(4, Why.LENGTH, decode(2, "0421" + "00".repeat(33)));
        assertRejected(5, Why.LENGTH, decode(2, "054079" + "00".repeat(121)));
        assertRejected(5, Why.VALUE, decode(2, "05407c" + "00".repeat(124)));
        assertRejected(5, Why.LENGTH, decode(2, "05408b" + "00".repeat(139)));
        assertRejected(6, Why.LENGTH, decode(2, "060f" + "00".repeat(15)));
        assertRejected(7, Why.LENGTH, decode(2, "0709" + "00".repeat(9)));
        assertRejected(8, Why.LENGTH, decode(2, "084040" + "61".repeat(64)));
        assertRejected(9, Why.LENGTH, decode(3, "0900"));
        assertRejected(9, Why.LENGTH, decode(3, "094041" + "00".repeat(65)));
        assertRejected(10, Why.LENGTH, decode(3, "0a0f" + "00".repeat(15)));
    }

    @Test
    void listsAreInTheirOrder() {
        assertRejected(1, Why.VALUE, decode(1, "01020203"));
        assertRejected(1, Why.VALUE, decode(1, "01020202"));
        assertInstanceOf(HandshakePayload.class, decode(1, "0102ff02" + "020102"));
        assertRejected(2, Why.VALUE, decode(1, "0203010201"));
        assertRejected(2, Why.VALUE, decode(2, "02020102"));
        assertRejected(3, Why.VALUE, decode(1, "03020201"));
        assertRejected(3, Why.VALUE, decode(1, "03020101"));
        assertRejected(3, Why.VALUE, decode(1, "03020140"));
        assertInstanceOf(HandshakePayload.class, decode(1, FLIGHT_1 + "0300"));
    }

    @Test
    void aNickThatBreaksARuleIsRejected() {
        assertRejected(8, Why.VALUE, decode(3, "080100"));
        assertRejected(8, Why.VALUE, decode(3, "0802c080"));
        assertRejected(8, Why.VALUE, decode(3, "0803e280ae"));
    }

    @Test
    void aPayloadThatDoesNotFitIsNotSentCut() {
        final HandshakePayload payload =
                HandshakePayload.builder(1).versions(2).aeads(1, 2).build();
        assertEquals(7, payload.encode(7).length);
        assertThrows(IllegalArgumentException.class, () -> payload.encode(6));
    }

    @Test
    void theTextOfAPayloadShowsNoToken() {
        final String text = random(2).toString();
        assertFalse(text.matches(".*[0-9a-f]{8}.*"), text);
    }
}
