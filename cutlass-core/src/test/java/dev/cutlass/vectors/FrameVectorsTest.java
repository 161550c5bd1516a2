package dev.cutlass.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.cutlass.event.Message;
import dev.cutlass.proto.message.MessageCodec;
import dev.cutlass.wire.AckFrame;
import dev.cutlass.wire.AckRanges;
import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.ChannelKind;
import dev.cutlass.wire.CloseFrame;
import dev.cutlass.wire.CryptoFrame;
import dev.cutlass.wire.Frame;
import dev.cutlass.wire.FrameReader;
import dev.cutlass.wire.HandshakeDatagram;
import dev.cutlass.wire.HandshakePart;
import dev.cutlass.wire.HandshakePayload;
import dev.cutlass.wire.Id128;
import dev.cutlass.wire.LimitsFrame;
import dev.cutlass.wire.MessageFrame;
import dev.cutlass.wire.NewConnectionIdFrame;
import dev.cutlass.wire.NickFrame;
import dev.cutlass.wire.OpenFrame;
import dev.cutlass.wire.OpenedFrame;
import dev.cutlass.wire.PathChallengeFrame;
import dev.cutlass.wire.PathResponseFrame;
import dev.cutlass.wire.PingFrame;
import dev.cutlass.wire.PongFrame;
import dev.cutlass.wire.ReceiptFrame;
import dev.cutlass.wire.RetireConnectionIdFrame;
import dev.cutlass.wire.Varint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/**
 * Produces {@code docs/vectors/frames.txt}: every frame, messages, handshake parts and payloads. docs/protocol.md sections
 * 3.1, 3.4 and 5.
 */
final class FrameVectorsTest {
    private static final long EIGHT = 0x0102030405060708L;

    private final GoldenFile file = new GoldenFile(
            "frames.txt",
            "Frames, messages, handshake parts before the mask, payloads: docs/protocol.md sections 5, 5.1, 3.1 and 3.4.",
            "frame, message, part, payload: the encoding of the values above it. Text stands as its UTF-8.");

    @Test
    void everyFrameIsWrittenAsItAlwaysWas() throws IOException {
        numbers();
        links();
        application();
        connections();
        messages();
        parts();
        payloads();
        file.verify();
    }

    private GoldenFile section(String name) {
        return file.section(name);
    }

    private void frame(Frame frame) {
        final ByteBuffer out = ByteBuffer.allocate(frame.encodedLength());
        frame.encodeTo(out);
        file.put("frame", out.array());
        final FrameReader reader = new FrameReader(out.array(), 0, out.position());
        assertEquals(frame, reader.next());
        assertNull(reader.next());
    }

    private static byte[] eight(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] counting(int from, int length) {
        final byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (from + i);
        }
        return bytes;
    }

    private void numbers() {
        for (long value : new long[] {0, 63, 64, 16_383, 16_384, (1 << 30) - 1, 1 << 30, Varint.MAX}) {
            final ByteBuffer out = ByteBuffer.allocate(Varint.MAX_LENGTH);
            Varint.put(out, value);
            section("varint").put("value", value).put("varint", Arrays.copyOf(out.array(), out.position()));
        }
    }

    private void links() {
        section("PING").put("token", eight(EIGHT));
        frame(new PingFrame(EIGHT));
        pong(new InetSocketAddress("192.0.2.1", 8_365));
        pong(new InetSocketAddress("2001:db8::1", 65_535));
        ack(0, 0, 0, 0);
        ack(3, 25_000, 1_000, 900);
        ack(0xffff_ffffL, 70_000, 20, 18, 16, 16, 9, 0);
        section("PATH_CHALLENGE").put("data", eight(EIGHT));
        frame(new PathChallengeFrame(EIGHT));
        section("PATH_RESPONSE").put("data", eight(EIGHT));
        frame(new PathResponseFrame(EIGHT));
    }

    private void pong(InetSocketAddress seen) {
        section("PONG").put("token", eight(EIGHT));
        file.put("address", seen.getAddress().getAddress()).put("port", seen.getPort());
        frame(new PongFrame(EIGHT, seen));
    }

    /** Ranges as largest and smallest in turn. */
    private void ack(long pathId, long delayMicros, long... ranges) {
        section("ACK").put("path id", pathId).put("delay", delayMicros);
        for (int i = 0; i < ranges.length; i += 2) {
            file.put("largest " + i / 2, ranges[i]).put("smallest " + i / 2, ranges[i + 1]);
        }
        frame(new AckFrame(pathId, AckRanges.of(ranges), delayMicros));
    }

    private void application() {
        section("CRYPTO").put("offset", 100).put("data", counting(0, 5));
        frame(new CryptoFrame(100, Bytes.of(counting(0, 5))));
        message(0, 0, 0, 5, 0, counting(0, 5));
        message(2, 70, 6, MessageFrame.MAX_TOTAL, 65_600, counting(9, 65));
        for (long code = ReceiptFrame.ACCEPTED; code <= ReceiptFrame.NO_SUCH_CHANNEL; code++) {
            section("RECEIPT")
                    .put("channel", 4)
                    .put("first", 16_384)
                    .put("count", 64)
                    .put("code", code);
            frame(new ReceiptFrame(4, 16_384, 64, code));
        }
        section("LIMITS").put("messages", 1 << 20);
        frame(new LimitsFrame(1 << 20));
        section("LIMITS").put("messages", 1 << 20).put("bulk", 300);
        frame(new LimitsFrame(1 << 20, 300));
        section("LIMITS");
        frame(new LimitsFrame(LimitsFrame.NOT_NAMED));
        section("NICK").put("nick", text("J\u00fcrgen"));
        frame(new NickFrame("J\u00fcrgen"));
        section("NICK").put("nick", text(""));
        frame(new NickFrame(""));
    }

    private void message(long channel, long number, long back, int total, int offset, byte[] data) {
        section("MESSAGE").put("channel", channel).put("number", number).put("back", back);
        file.put("total", total).put("offset", offset).put("data", data);
        frame(new MessageFrame(channel, number, back, total, offset, Bytes.of(data)));
    }

    private void connections() {
        section("NEW_CONNECTION_ID")
                .put("sequence", 5)
                .put("retire prior to", 2)
                .put("id", eight(EIGHT));
        frame(new NewConnectionIdFrame(5, 2, EIGHT));
        section("RETIRE_CONNECTION_ID").put("sequence", 0xffff_ffffL);
        frame(new RetireConnectionIdFrame(0xffff_ffffL));
        section("OPEN").put("channel", 7).put("kind", 1).put("version", 300).put("service", text("example.chess"));
        frame(new OpenFrame(7, 1, 300, "example.chess"));
        section("OPEN").put("channel", 9).put("kind", 4).put("version", 0).put("service", text("example.files"));
        frame(new OpenFrame(9, ChannelKind.ORDERED_BULK.code(), 0, "example.files"));
        section("OPENED").put("channel", 7).put("code", OpenedFrame.UNKNOWN_SERVICE);
        frame(new OpenedFrame(7, OpenedFrame.UNKNOWN_SERVICE));
        section("CLOSE").put("code", 2).put("reason", text("bye"));
        frame(new CloseFrame(2, "bye"));
    }

    private void messages() {
        whole(Message.text("h\u00e9llo"));
        whole(Message.text(""));
        whole(Message.bytes("image/png", counting(0xf0, 20)));
        whole(Message.bytes("t".repeat(64), new byte[0]));
    }

    private void whole(Message message) {
        section("message").put("type", text(message.contentType())).put("content", message.content());
        file.put("message", MessageCodec.encode(message));
    }

    private void parts() {
        final Id128 handshake = Id128.of(counting(0, 16), 0);
        final Id128 flight = Id128.of(counting(16, 16), 0);
        final Bytes cookie = Bytes.of(counting(64, 32));
        final Bytes data = Bytes.of(counting(128, 64));
        part(HandshakePart.ofFlight(1, 1_790_000_000_000L, handshake, handshake, 1_500, 0, Bytes.EMPTY, data));
        part(HandshakePart.ofFlight(2, 0, handshake, flight, 1_800, 900, Bytes.EMPTY, data));
        part(HandshakePart.ofFlight(3, 0, handshake, flight, 700, 636, cookie, data));
        part(HandshakePart.cookieDemand(handshake, cookie, Bytes.of(new byte[3])));
    }

    private void part(HandshakePart part) {
        section("part").put("type", part.type()).put("stamp", part.stamp());
        file.put("handshake id", part.handshakeId().toArray())
                .put("flight id", part.flightId().toArray());
        file.put("total", part.total()).put("offset", part.offset());
        file.put("cookie", part.cookie().toArray()).put("data", part.data().toArray());
        final byte[] datagram = HandshakeDatagram.layOut(new byte[HandshakeDatagram.NONCE_LENGTH], part);
        final byte[] plain = Arrays.copyOfRange(datagram, HandshakeDatagram.PART_OFFSET, datagram.length);
        file.put("part", plain);
        assertEquals(part, HandshakePart.decode(plain, 0, plain.length));
    }

    private void payloads() {
        payload(
                HandshakePayload.builder(1)
                        .versions(3, 2)
                        .aeads(2, 1)
                        .capabilities()
                        .build(),
                20);
        payload(
                HandshakePayload.builder(2)
                        .versions(2)
                        .aeads(1)
                        .capabilities(5, 700)
                        .rootKey(counting(0, 32))
                        .bootId(Id128.of(counting(32, 16), 0))
                        .connectionId(EIGHT)
                        .nick("J\u00fcrgen")
                        .build(),
                96);
        payload(
                HandshakePayload.builder(3)
                        .rootKey(counting(0, 32))
                        .deviceRecord(counting(7, HandshakePayload.MIN_DEVICE_RECORD))
                        .bootId(Id128.of(counting(32, 16), 0))
                        .connectionId(EIGHT)
                        .token(HexFormat.of().parseHex("c0ffee"))
                        .seen(Id128.of(counting(48, 16), 0))
                        .build(),
                256);
    }

    private void payload(HandshakePayload payload, int length) {
        final byte[] encoded = payload.encode(length);
        section("payload").put("flight", payload.flight()).put("payload", encoded);
        assertEquals(payload, HandshakePayload.decode(payload.flight(), encoded));
    }
}
