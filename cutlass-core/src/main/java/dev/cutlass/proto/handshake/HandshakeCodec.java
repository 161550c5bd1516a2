package dev.cutlass.proto.handshake;

import dev.cutlass.crypto.primitive.ChaCha20;
import dev.cutlass.crypto.primitive.Hmac;
import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.DecodedPart;
import dev.cutlass.wire.HandshakeDatagram;
import dev.cutlass.wire.HandshakePart;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Parts to datagrams and back: mask and mac1. docs/protocol.md section 3.1. Any thread. */
final class HandshakeCodec {
    private static final int PEEKED = HandshakePart.HEADER_LENGTH + HandshakePart.COOKIE_LENGTH;

    private HandshakeCodec() {}

    /** A datagram with this part, under a fresh nonce. */
    static byte[] seal(HandshakePart part, HandshakeKeys keys, byte[] maskKey, RandomGenerator random) {
        byte[] nonce = new byte[HandshakeDatagram.NONCE_LENGTH];
        random.nextBytes(nonce);
        byte[] datagram = HandshakeDatagram.layOut(nonce, part);
        int masked = datagram.length - HandshakeDatagram.PART_OFFSET;
        try (ChaCha20 mask = new ChaCha20(maskKey);
                Hmac mac = keys.newMac()) {
            mask.xor(nonce, 0, datagram, HandshakeDatagram.PART_OFFSET, masked);
            System.arraycopy(
                    mac1(mac, datagram, 0, datagram.length),
                    0,
                    datagram,
                    HandshakeDatagram.MAC1_OFFSET,
                    HandshakeDatagram.MAC1_LENGTH);
        }
        return datagram;
    }

    /** Whether mac1 holds: one keyed hash, whatever the bytes are. The length was checked before. */
    static boolean isGenuine(Hmac mac, byte[] buffer, int offset, int length) {
        int mac1 = offset + HandshakeDatagram.MAC1_OFFSET;
        byte[] found = Arrays.copyOfRange(buffer, mac1, mac1 + HandshakeDatagram.MAC1_LENGTH);
        byte[] expected = Arrays.copyOf(mac1(mac, buffer, offset, length), HandshakeDatagram.MAC1_LENGTH);
        return MessageDigest.isEqual(found, expected);
    }

    /** Takes the mask off a copy and reads what is there; bytes that are no part are a value too. */
    static DecodedPart open(byte[] buffer, int offset, int length, byte[] maskKey) {
        int from = offset + HandshakeDatagram.PART_OFFSET;
        byte[] unmasked = Arrays.copyOfRange(buffer, from, offset + length);
        try (ChaCha20 mask = new ChaCha20(maskKey)) {
            mask.xor(buffer, offset + HandshakeDatagram.NONCE_OFFSET, unmasked, 0, unmasked.length);
        }
        return HandshakePart.decode(unmasked, 0, unmasked.length);
    }

    /**
     * The cookie of what looks like a first flight under this mask, empty if it has none; null if it looks like something else. For a look that
     * is cheaper than mac1, so nothing of it is proved.
     */
    static @Nullable Bytes peekCookie(byte[] buffer, int offset, int length, byte[] maskKey) {
        byte[] header = peek(buffer, offset, length, maskKey, HandshakePart.HEADER_LENGTH); // one block of the mask
        if (header.length < HandshakePart.HEADER_LENGTH
                || header[0] != HandshakePart.VERSION
                || header[1] != HandshakePart.FLIGHT_1) {
            return null;
        }
        if (header[HandshakePart.HEADER_LENGTH - 1] != HandshakePart.COOKIE_LENGTH) {
            return Bytes.EMPTY;
        }
        byte[] head = peek(buffer, offset, length, maskKey, PEEKED);
        return head.length == PEEKED
                ? Bytes.of(head, HandshakePart.HEADER_LENGTH, HandshakePart.COOKIE_LENGTH)
                : Bytes.EMPTY;
    }

    private static byte[] peek(byte[] buffer, int offset, int length, byte[] maskKey, int count) {
        int from = offset + HandshakeDatagram.PART_OFFSET;
        byte[] head = Arrays.copyOfRange(buffer, from, Math.min(from + count, offset + length));
        try (ChaCha20 mask = new ChaCha20(maskKey)) {
            mask.xor(buffer, offset + HandshakeDatagram.NONCE_OFFSET, head, 0, head.length);
        }
        return head;
    }

    private static byte[] mac1(Hmac mac, byte[] buffer, int offset, int length) {
        return mac.update(buffer, offset + HandshakeDatagram.NONCE_OFFSET, HandshakeDatagram.NONCE_LENGTH)
                .update(buffer, offset + HandshakeDatagram.PART_OFFSET, length - HandshakeDatagram.PART_OFFSET)
                .finish();
    }
}
