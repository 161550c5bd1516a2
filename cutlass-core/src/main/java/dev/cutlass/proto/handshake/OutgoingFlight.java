package dev.cutlass.proto.handshake;

import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.HandshakePart;
import dev.cutlass.wire.Id128;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A flight to be sent as often as needed: the bytes stay, the cut and the masks are new every time. docs/protocol.md section 3.3.
 */
final class OutgoingFlight {
    private final Flight type;
    private final byte[] bytes;
    private final Id128 id;
    private final Id128 handshakeId;
    private final long stamp;

    private OutgoingFlight(Flight type, byte[] bytes, @Nullable Id128 handshakeId, long stamp) {
        this.type = type;
        this.bytes = bytes;
        this.stamp = stamp;
        id = Reassembly.idOf(bytes);
        this.handshakeId = handshakeId == null ? id : handshakeId;
    }

    /** The first flight; its id is the handshake's. */
    static OutgoingFlight first(byte[] message, long stamp, RandomGenerator random) {
        return new OutgoingFlight(Flight.FIRST, withTail(Flight.FIRST, message, random), null, stamp);
    }

    /** A flight of a handshake that has a first one already. */
    static OutgoingFlight later(Flight type, byte[] message, Id128 handshakeId, RandomGenerator random) {
        return new OutgoingFlight(type, withTail(type, message, random), handshakeId, 0);
    }

    /** Random bytes in the shape of a third flight, for a responder that is not the expected one. */
    static OutgoingFlight decoy(Id128 handshakeId, RandomGenerator random) {
        byte[] noise = new byte[Flight.THIRD.messageLength()];
        random.nextBytes(noise);
        return later(Flight.THIRD, noise, handshakeId, random);
    }

    Id128 handshakeId() {
        return handshakeId;
    }

    /** The datagrams of one transmission, in the order in which they are to leave. */
    byte[][] datagrams(HandshakeKeys keys, byte[] maskKey, Bytes cookie, RandomGenerator random) {
        int maxPart = HandshakePart.MAX_DATA - cookie.length();
        FlightCutter.Range[] cut = FlightCutter.cut(bytes.length, maxPart, random);
        byte[][] datagrams = new byte[cut.length][];
        for (int i = 0; i < cut.length; i++) {
            Bytes data = Bytes.of(bytes, cut[i].offset(), cut[i].length());
            HandshakePart part = HandshakePart.ofFlight(
                    type.type(), stamp, handshakeId, id, bytes.length, cut[i].offset(), cookie, data);
            datagrams[i] = HandshakeCodec.seal(part, keys, maskKey, random);
        }
        return datagrams;
    }

    private static byte[] withTail(Flight type, byte[] message, RandomGenerator random) {
        if (message.length != type.messageLength()) {
            throw new AssertionError(type + ": " + message.length + " bytes");
        }
        byte[] tail = new byte[random.nextInt(Flight.MAX_TAIL + 1)];
        random.nextBytes(tail);
        byte[] flight = Arrays.copyOf(message, message.length + tail.length);
        System.arraycopy(tail, 0, flight, message.length, tail.length);
        return flight;
    }
}
