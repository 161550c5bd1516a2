package dev.cutlass.secondimpl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cutlass.vectors.GoldenFile;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the first implementation wrote into {@code frames.txt}, the second reads and writes in the same way. */
final class FrameVectorsReproducedTest {
    private static Stream<GoldenFile.Vector> with(String key) throws IOException {
        return GoldenFile.read("frames.txt").stream().filter(vector -> vector.has(key));
    }

    static Stream<GoldenFile.Vector> frames() throws IOException {
        return with("frame");
    }

    static Stream<GoldenFile.Vector> varints() throws IOException {
        return with("varint");
    }

    static Stream<GoldenFile.Vector> payloads() throws IOException {
        return with("payload");
    }

    @ParameterizedTest
    @MethodSource("frames")
    void framesAreTheSame(GoldenFile.Vector vector) {
        final byte[] frame = vector.bytes("frame");
        final List<Frame> read = Frame.decodeAll(frame);

        assertEquals(1, read.size());
        assertArrayEquals(frame, read.get(0).encode());
        if (read.get(0) instanceof Frame.Message message) {
            assertEquals(vector.number("channel"), message.channel());
            assertEquals(vector.number("number"), message.number());
            assertEquals(vector.number("back"), message.back());
            assertEquals(vector.number("total"), message.total());
            assertEquals(vector.number("offset"), message.offset());
            assertArrayEquals(vector.bytes("data"), message.data());
        } else if (read.get(0) instanceof Frame.Ack ack) {
            assertEquals(vector.number("path id"), ack.pathId());
            assertEquals(vector.number("delay"), ack.delayMicros());
            for (int i = 0; i < ack.ranges().size(); i++) {
                assertEquals(vector.number("largest " + i), ack.ranges().get(i).last());
                assertEquals(vector.number("smallest " + i), ack.ranges().get(i).first());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("varints")
    void varintsAreTheSame(GoldenFile.Vector vector) {
        assertEquals(vector.number("value"), new In(vector.bytes("varint")).varint());
        assertArrayEquals(
                vector.bytes("varint"), new Out().varint(vector.number("value")).toBytes());
    }

    @ParameterizedTest
    @MethodSource("payloads")
    void payloadsAreTheSame(GoldenFile.Vector vector) {
        final byte[] payload = vector.bytes("payload");
        assertArrayEquals(
                payload, Payload.decode((int) vector.number("flight"), payload).encode(payload.length));
    }
}
