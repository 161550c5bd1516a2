package dev.cutlass.secondimpl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cutlass.vectors.GoldenFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    static Stream<GoldenFile.Vector> messages() throws IOException {
        return with("message");
    }

    static Stream<GoldenFile.Vector> parts() throws IOException {
        return with("part");
    }

    @ParameterizedTest
    @MethodSource("frames")
    void framesAreTheSame(GoldenFile.Vector vector) {
        final byte[] frame = vector.bytes("frame");
        final List<Frame> read = Frame.decodeAll(frame);

        assertEquals(1, read.size());
        assertArrayEquals(frame, read.get(0).encode());
        assertArrayEquals(frame, frameOf(vector).encode());
    }

    /** The frame with the values that the vector names. */
    private static Frame frameOf(GoldenFile.Vector vector) {
        return switch (vector.name()) {
            case "PING" -> new Frame.Eight(Frame.Eight.PING, vector.bytes("token"));
            case "PONG" -> new Frame.Pong(vector.bytes("token"), vector.bytes("address"), (int) vector.number("port"));
            case "ACK" -> new Frame.Ack(vector.number("path id"), vector.number("delay"), ranges(vector));
            case "PATH_CHALLENGE" -> new Frame.Eight(Frame.Eight.PATH_CHALLENGE, vector.bytes("data"));
            case "PATH_RESPONSE" -> new Frame.Eight(Frame.Eight.PATH_RESPONSE, vector.bytes("data"));
            case "CRYPTO" -> new Frame.Crypto(vector.number("offset"), vector.bytes("data"));
            case "MESSAGE" ->
                new Frame.Message(
                        vector.number("channel"),
                        vector.number("number"),
                        vector.number("back"),
                        vector.number("total"),
                        vector.number("offset"),
                        vector.bytes("data"));
            case "RECEIPT" ->
                new Frame.Receipt(
                        vector.number("channel"),
                        vector.number("first"),
                        vector.number("count"),
                        vector.number("code"));
            case "LIMITS" -> new Frame.Limits(limits(vector));
            case "NICK" -> new Frame.Nick(utf8(vector, "nick"));
            case "NEW_CONNECTION_ID" ->
                new Frame.NewConnectionId(
                        vector.number("sequence"), vector.number("retire prior to"), vector.bytes("id"));
            case "RETIRE_CONNECTION_ID" -> new Frame.RetireConnectionId(vector.number("sequence"));
            case "OPEN" ->
                new Frame.Open(
                        vector.number("channel"),
                        (int) vector.number("kind"),
                        vector.number("version"),
                        utf8(vector, "service"));
            case "OPENED" -> new Frame.Opened(vector.number("channel"), vector.number("code"));
            case "CLOSE" -> new Frame.Close(vector.number("code"), utf8(vector, "reason"));
            default -> throw new AssertionError(vector.name());
        };
    }

    private static Map<Long, Long> limits(GoldenFile.Vector vector) {
        final Map<Long, Long> limits = new LinkedHashMap<>();
        if (vector.has("messages")) {
            limits.put(Frame.Limits.MESSAGES, vector.number("messages"));
        }
        if (vector.has("bulk")) {
            limits.put(Frame.Limits.BULK, vector.number("bulk"));
        }
        return limits;
    }

    private static List<Frame.Range> ranges(GoldenFile.Vector vector) {
        final List<Frame.Range> ranges = new ArrayList<>();
        for (int i = 0; vector.has("largest " + i); i++) {
            ranges.add(new Frame.Range(vector.number("smallest " + i), vector.number("largest " + i)));
        }
        return ranges;
    }

    private static String utf8(GoldenFile.Vector vector, String key) {
        return new In(vector.bytes(key)).restAsText();
    }

    @ParameterizedTest
    @MethodSource("messages")
    void messagesAreTheSame(GoldenFile.Vector vector) {
        final byte[] message = vector.bytes("message");
        final InboundMessages.Received read = InboundMessages.Received.decode(0, message);

        assertEquals(utf8(vector, "type"), read.contentType());
        assertArrayEquals(vector.bytes("content"), read.content());
        assertArrayEquals(message, InboundMessages.Received.encode(read.contentType(), read.content()));
    }

    @ParameterizedTest
    @MethodSource("parts")
    void partsAreTheSame(GoldenFile.Vector vector) {
        final byte[] part = vector.bytes("part");

        assertArrayEquals(part, Datagrams.encode(Datagrams.decode(part)));
        assertArrayEquals(
                part,
                Datagrams.encode(new Datagrams.Part(
                        (int) vector.number("type"),
                        vector.number("stamp"),
                        vector.bytes("handshake id"),
                        vector.bytes("flight id"),
                        (int) vector.number("total"),
                        (int) vector.number("offset"),
                        vector.bytes("cookie"),
                        vector.bytes("data"))));
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
