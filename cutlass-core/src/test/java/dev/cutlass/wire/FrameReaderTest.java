package dev.cutlass.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One reader for many packets. */
class FrameReaderTest {
    static LongStream seeds() {
        return LongStream.range(0, 40);
    }

    /** Whatever it read before, and whatever is broken, it reads what a reader for this packet alone reads. */
    @ParameterizedTest
    @MethodSource("seeds")
    void aReaderOfManyPacketsReadsWhatOneForEachReads(long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final FrameReader many = new FrameReader();
        final byte[] shared = new byte[100_000];
        for (int i = 0; i < 20; i++) {
            final ByteBuffer packet = ByteBuffer.wrap(random.nextBoolean() ? shared : new byte[100_000]);
            final int offset = random.nextInt(50);
            packet.position(offset);
            final List<Frame> frames = new RandomFrames(random.nextLong()).oneOfEach();
            for (int k = random.nextInt(30); k > 0; k--) {
                frames.get(random.nextInt(frames.size())).encodeTo(packet);
            }
            final int length = packet.position() - offset;
            for (int k = random.nextInt(3); k > 0 && length > 0; k--) {
                packet.array()[offset + random.nextInt(length)] = (byte) random.nextInt();
            }
            final FrameReader one = new FrameReader(packet.array(), offset, length);
            many.begin(packet.array(), offset, length);
            for (int left = random.nextInt(60); left > 0; left--) { // not always to the end
                assertEquals(one.next(), many.next());
            }
            many.end();
            assertNull(many.next());
        }
    }

    private static byte[] packet(Frame... frames) {
        final ByteBuffer out = ByteBuffer.allocate(1_000);
        for (Frame frame : frames) {
            frame.encodeTo(out);
        }
        return out.array();
    }

    @Test
    void aFrameOfAReaderOfManyPacketsCountsUntilTheNext() {
        final MessageFrame first = new MessageFrame(1, 2, 0, 3, 0, Bytes.of(new byte[] {1, 2, 3}));
        final MessageFrame second = new MessageFrame(0, 7, 1, 2, 1, Bytes.of(new byte[] {9}));
        final byte[] packet = packet(first, second);
        final FrameReader reader = new FrameReader();
        reader.begin(packet, 0, packet.length);

        final MessageFrame read = assertInstanceOf(MessageFrame.class, reader.next());
        final MessageFrame kept = read.copy();
        assertEquals(first, read);
        assertSame(read, reader.next());
        assertEquals(second, read);
        reader.end();

        assertTrue(read.data().isEmpty(), "points to no packet any more");
        assertEquals(-1, read.number());
        java.util.Arrays.fill(packet, (byte) 0xff);
        assertEquals(first, kept, "a copy is its owner's");
    }

    @Test
    void copiesAreValuesOfTheirOwn() {
        final byte[] packet = packet(new AckFrame(1, AckRanges.of(9, 7, 3, 3), 5), new ReceiptFrame(1, 2, 3, 0));
        final FrameReader reader = new FrameReader();
        reader.begin(packet, 0, packet.length);
        final AckFrame ack = assertInstanceOf(AckFrame.class, reader.next()).copy();
        final ReceiptFrame receipt =
                assertInstanceOf(ReceiptFrame.class, reader.next()).copy();
        final byte[] other = packet(new AckFrame(2, AckRanges.of(8, 8), 6), new ReceiptFrame(2, 3, 4, 1));
        reader.begin(other, 0, other.length);
        assertNotSame(ack, reader.next());
        assertNotSame(receipt, reader.next());
        assertEquals(new AckFrame(1, AckRanges.of(9, 7, 3, 3), 5), ack);
        assertEquals(new ReceiptFrame(1, 2, 3, 0), receipt);
    }

    @Test
    void aReaderOfOnePacketMakesAnObjectOfEachFrame() {
        final MessageFrame frame = new MessageFrame(0, 7, 1, 2, 1, Bytes.of(new byte[] {9}));
        final byte[] packet = packet(frame, frame);
        final FrameReader reader = new FrameReader(packet, 0, packet.length);
        final Decoded first = reader.next();
        assertEquals(frame, first);
        assertNotSame(first, reader.next());
        assertEquals(frame, first);
    }
}
