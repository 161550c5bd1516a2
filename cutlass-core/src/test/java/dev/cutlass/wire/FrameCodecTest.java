package dev.cutlass.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for all frames. */
class FrameCodecTest {
    static LongStream seeds() {
        return LongStream.range(0, 40);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatWasWrittenIsRead(long seed) {
        final List<Frame> frames = new RandomFrames(seed).oneOfEach();
        final ByteBuffer packet = ByteBuffer.allocate(100_000);
        packet.putShort((short) 0);
        for (Frame frame : frames) {
            frame.encodeTo(packet);
            packet.put(Frame.PADDING);
        }

        final FrameReader reader = new FrameReader(packet.array(), 1, packet.position() + 2);
        for (Frame frame : frames) {
            assertEquals(frame, reader.next());
        }
        assertNull(reader.next());
        assertNull(reader.next());
    }

    @Test
    void thereIsOneOfEveryFrameAndEveryOneIsRegistered() {
        final Set<Object> kinds = new HashSet<>();
        final Set<Integer> types = new HashSet<>();
        for (Frame frame : new RandomFrames(0).oneOfEach()) {
            kinds.add(frame.getClass());
            types.add(frame.type());
        }

        final Set<Object> permitted = Arrays.stream(Frame.class.getPermittedSubclasses())
                .flatMap(kind -> kind.isSealed() ? Arrays.stream(kind.getPermittedSubclasses()) : Stream.of(kind))
                .collect(Collectors.toSet());
        assertEquals(permitted, kinds);
        assertEquals(kinds.size(), types.size());
        for (int type = 0; type < 256; type++) {
            assertEquals(types.contains(type), FrameRegistry.find(type) != null, "type " + type);
        }
    }

    @Test
    void everyFrameReachesItsOwnMethod() {
        for (Frame frame : new RandomFrames(1).oneOfEach()) {
            final List<Object> calls = new ArrayList<>();
            final Object handler = Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {Frame.Handler.class}, (proxy, method, arguments) -> {
                        calls.add(method.getName() + "Frame");
                        calls.add(arguments[0]);
                        calls.add(arguments[1]);
                        return null;
                    });

            frame.dispatchTo((Frame.Handler) handler, 42);

            assertEquals(List.of("on" + frame.getClass().getSimpleName(), frame, 42L), calls);
        }
    }

    @Test
    void onlyAcksAndClosesNeedNoAcknowledgement() {
        for (Frame frame : new RandomFrames(2).oneOfEach()) {
            assertEquals(!(frame instanceof AckFrame || frame instanceof CloseFrame), frame.isAckEliciting());
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aPacketThatEndsInsideAFrameIsMalformed(long seed) {
        for (Frame frame : new RandomFrames(seed).oneOfEach()) {
            final byte[] whole = RandomFrames.encode(frame);
            for (int length = 1; length < whole.length; length++) {
                final Malformed malformed = assertInstanceOf(Malformed.class, new FrameReader(whole, 0, length).next());
                assertEquals(Malformed.Why.TRUNCATED, malformed.why(), frame + " cut to " + length);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aBodyCutShortOrWithExtraBytesIsAValue(long seed) {
        for (Frame frame : new RandomFrames(seed).oneOfEach()) {
            final ByteBuffer body = ByteBuffer.allocate(frame.bodyLength() + 9);
            frame.encodeBodyTo(body);
            for (int length = 0; length <= body.capacity(); length++) {
                final ByteBuffer packet = ByteBuffer.allocate(length + 9);
                Varint.put(packet, frame.type());
                Varint.put(packet, length);
                packet.put(body.array(), 0, length);
                assertReadsAsValues(packet.array(), packet.position());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void anyFlippedBitIsAValue(long seed) {
        for (Frame frame : new RandomFrames(seed).oneOfEach()) {
            final byte[] packet = RandomFrames.encode(frame);
            final int bits = 8 * Math.min(packet.length, 64); // what follows is data or more ranges
            for (int bit = 0; bit < bits; bit++) {
                packet[bit / 8] ^= (byte) (1 << (bit % 8));
                assertReadsAsValues(packet, packet.length);
                packet[bit / 8] ^= (byte) (1 << (bit % 8));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void garbageIsAValue(long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 500; i++) {
            final byte[] packet = new byte[1 + random.nextInt(60)];
            random.nextBytes(packet);
            packet[0] &= 0x3f; // mostly types that exist, mostly lengths that fit
            packet[Math.min(1, packet.length - 1)] &= 0x3f;
            assertReadsAsValues(packet, packet.length);
        }
    }

    /** Whatever is read as a frame can be written and is read as the same again; a reader of many packets reads it, too. */
    static void assertReadsAsValues(byte[] packet, int length) {
        final FrameReader reader = new FrameReader(packet, 0, length);
        final FrameReader ofMany = new FrameReader();
        ofMany.begin(packet, 0, length);
        int read = 0;
        for (Decoded decoded; (decoded = reader.next()) != null; read++) {
            assertEquals(decoded, ofMany.next());
            assertTrue(read < length, "more frames than bytes");
            if (decoded instanceof Frame frame) {
                final byte[] again = RandomFrames.encode(frame);
                assertEquals(frame, new FrameReader(again, 0, again.length).next());
            } else if (decoded instanceof Malformed) {
                assertNull(reader.next());
            }
        }
    }

    @Test
    void paddingAndNothingAreNoFrames() {
        assertNull(new FrameReader(new byte[0], 0, 0).next());
        assertNull(new FrameReader(new byte[1_200], 0, 1_200).next());
    }

    @Test
    void paddingInALongerFormIsMalformed() {
        assertEquals(new Malformed(0, Malformed.Why.VALUE), new FrameReader(new byte[] {0x40, 0, 0}, 0, 3).next());
    }

    @Test
    void aTypeInALongerFormIsTheSameType() {
        final byte[] packet = {0x40, 0x0a, 0x40, 1, 7};
        assertEquals(new RetireConnectionIdFrame(7), new FrameReader(packet, 0, packet.length).next());
    }

    @Test
    void unknownTypesAreReadOverWholeAndSayWhetherTheyMayBeIgnored() {
        final byte[] packet = {0x3f, 2, 1, 1, 0x1f, 0, 0x40, 0x60, 1, 9, 0x0a, 1, 5};
        final FrameReader reader = new FrameReader(packet, 0, packet.length);

        assertUnknown(0x3f, true, reader.next());
        assertUnknown(0x1f, false, reader.next());
        assertUnknown(0x60, true, reader.next());
        assertEquals(new RetireConnectionIdFrame(5), reader.next());
        assertNull(reader.next());
    }

    private static void assertUnknown(long type, boolean ignorable, Object decoded) {
        final UnknownFrame unknown = assertInstanceOf(UnknownFrame.class, decoded);
        assertEquals(type, unknown.type());
        assertEquals(ignorable, unknown.isIgnorable());
    }

    @Test
    void nothingIsReadAfterAMalformedFrame() {
        final byte[] packet = {0x01, 1, 0, 0x0a, 1, 5};
        final FrameReader reader = new FrameReader(packet, 0, packet.length);

        assertEquals(new Malformed(PingFrame.TYPE, Malformed.Why.LENGTH), reader.next());
        assertNull(reader.next());
    }

    @Test
    void aFrameThatDoesNotFitIsNotWrittenSilently() {
        for (Frame frame : new RandomFrames(3).oneOfEach()) {
            final ByteBuffer out = ByteBuffer.allocate(frame.encodedLength() - 1);
            assertThrows(BufferOverflowException.class, () -> frame.encodeTo(out), frame.toString());
        }
    }
}
