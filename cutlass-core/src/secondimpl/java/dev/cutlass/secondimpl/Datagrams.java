package dev.cutlass.secondimpl;

import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Handshake datagrams: section 3.1. */
final class Datagrams {
    static final int MAX_LENGTH = 1152;
    static final int NONCE = 12;
    static final int MASKED_FROM = 28;
    static final int HEADER = 75;
    static final int COOKIE = 32;
    static final int COOKIE_DEMAND = 4;

    private Datagrams() {}

    /** What stands behind the mask. A cookie demand has an empty part and zeros for the flight. */
    record Part(
            int type,
            long stamp,
            byte[] handshakeId,
            byte[] flightId,
            int total,
            int offset,
            byte[] cookie,
            byte[] data) {}

    /** @param responderStatic used in stealth mode only */
    static byte[] modeSecret(Mode mode, byte @Nullable [] responderStatic) {
        return mode == Mode.NORMAL || responderStatic == null
                ? Arrays.copyOf(hashOfLabel("normal"), 32)
                : Primitives.hash(Primitives.label("stealth"), responderStatic);
    }

    /** {@code H("cutlass2/normal")}: the one label without a zero byte after it. */
    private static byte[] hashOfLabel(String name) {
        byte[] label = Primitives.label(name);
        return Primitives.hash(Arrays.copyOf(label, label.length - 1));
    }

    static byte[] macKey(byte[] modeSecret) {
        return Primitives.expandLabel(modeSecret, "mac1", Primitives.EMPTY, 32);
    }

    /** @param secret the X of the document */
    static byte[] maskKey(byte[] secret, boolean toResponder) {
        return Primitives.expandLabel(secret, toResponder ? "mask i" : "mask r", Primitives.EMPTY, 32);
    }

    /** X of flights 2 and 3 in stealth mode, from the Noise state after message 1. */
    static byte[] stealthSecret(byte[] chainingKey, byte[] hash) {
        return Primitives.expandLabel(chainingKey, "mask", hash, 32);
    }

    static byte[] seal(Part part, byte[] nonce, byte[] macKey, byte[] maskKey) {
        byte[] masked = Primitives.chaCha20(maskKey, 0, nonce, encode(part));
        byte[] datagram = Out.join(nonce, mac1(macKey, nonce, masked), masked);
        Refused.unless(datagram.length <= MAX_LENGTH, "too long a datagram");
        return datagram;
    }

    /** The bytes from offset 28 on, before they are masked. */
    static byte[] encode(Part part) {
        return new Out()
                .integer(1, Noise.VERSION)
                .integer(1, part.type)
                .integer(8, part.stamp)
                .bytes(part.handshakeId)
                .bytes(part.flightId)
                .integer(2, part.total)
                .integer(2, part.offset)
                .integer(1, part.cookie.length)
                .bytes(part.cookie)
                .bytes(part.data)
                .toBytes();
    }

    static boolean macHolds(byte[] datagram, byte[] macKey) {
        if (datagram.length < HEADER || datagram.length > MAX_LENGTH) {
            return false;
        }
        byte[] expected = mac1(macKey, nonceOf(datagram), maskedOf(datagram));
        return MessageDigest.isEqual(expected, Arrays.copyOfRange(datagram, NONCE, MASKED_FROM));
    }

    private static byte[] mac1(byte[] macKey, byte[] nonce, byte[] masked) {
        return Arrays.copyOf(Primitives.hmac(macKey, nonce, masked), 16);
    }

    /** The part under the mask; {@link Refused} if version and layout do not fit, as under a wrong mask. */
    static Part open(byte[] datagram, byte[] maskKey) {
        return decode(Primitives.chaCha20(maskKey, 0, nonceOf(datagram), maskedOf(datagram)));
    }

    static Part decode(byte[] plain) {
        In in = new In(plain);
        Refused.unless(in.octet() == Noise.VERSION, "another version, or another mask");
        int type = in.octet();
        long stamp = in.integer(8);
        byte[] handshakeId = in.bytes(16);
        byte[] flightId = in.bytes(16);
        int total = (int) in.integer(2);
        int offset = (int) in.integer(2);
        byte[] cookie = in.bytes(in.octet());
        byte[] data = in.rest();
        Refused.unless(type >= 1 && type <= COOKIE_DEMAND, "unknown type");
        Refused.unless(cookie.length == 0 || cookie.length == COOKIE, "length of cookie");
        if (type != COOKIE_DEMAND) {
            Refused.unless(total >= 1 && total <= Flights.MAX_TOTAL, "total");
            Refused.unless(data.length >= 1 && offset + data.length <= total, "part outside of the flight");
        }
        return new Part(type, stamp, handshakeId, flightId, total, offset, cookie, data);
    }

    private static byte[] nonceOf(byte[] datagram) {
        return Arrays.copyOf(datagram, NONCE);
    }

    private static byte[] maskedOf(byte[] datagram) {
        return Arrays.copyOfRange(datagram, MASKED_FROM, datagram.length);
    }
}
