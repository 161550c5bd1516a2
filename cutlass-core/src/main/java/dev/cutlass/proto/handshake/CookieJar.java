package dev.cutlass.proto.handshake;

import dev.cutlass.crypto.primitive.Hash;
import dev.cutlass.crypto.primitive.Hmac;
import dev.cutlass.crypto.primitive.Labels;
import dev.cutlass.crypto.primitive.Secrets;
import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.HandshakeDatagram;
import dev.cutlass.wire.HandshakePart;
import dev.cutlass.wire.Id128;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Makes and checks the cookies by which a sender shows that it receives at its address, without a byte of memory for it.
 * docs/protocol.md section 3.5. Any thread, apart from {@link #demand(boolean)}.
 *
 * <pre>
 * offset  size  field
 *      0     4  slot   of 60 s on this engine's ticker
 *      4    28  code   HMAC(secret, "cutlass2/cookie" || 0x00 || slot || address || port), cut
 * </pre>
 */
public final class CookieJar implements AutoCloseable {
    private static final long SLOT_NANOS = Duration.ofSeconds(60).toNanos();
    /** Longer than the queue takes to empty, so that a flood does not get in between, again and again. */
    private static final long PRESSED_NANOS = Duration.ofSeconds(5).toNanos();

    private static final int SECRET_LENGTH = 32;
    private static final int DEMAND_OVERHEAD =
            HandshakeDatagram.PART_OFFSET + HandshakePart.HEADER_LENGTH + HandshakePart.COOKIE_LENGTH;

    private final byte[] secret = new byte[SECRET_LENGTH];

    /** Written by the owner of the handshakes, read by the gate: a stale value costs one datagram at most. */
    private volatile boolean demanding;

    /** Likewise; written by the gate's thread alone. */
    private volatile long pressedUntil;

    /** A jar whose cookies no other jar accepts. */
    public CookieJar(RandomGenerator random) {
        random.nextBytes(secret);
    }

    /** A cookie for this address and port, valid for 60 to 120 s. */
    byte[] cookieFor(InetSocketAddress address, long now) {
        return cookie(address, (int) (now / SLOT_NANOS));
    }

    /** Whether this is a cookie that we gave to this address and port a short while ago. */
    boolean isValid(Bytes cookie, InetSocketAddress address, long now) {
        if (cookie.length() != HandshakePart.COOKIE_LENGTH) {
            return false;
        }
        int slot = cookie.toBuffer().getInt();
        int age = (int) (now / SLOT_NANOS) - slot;
        return (age == 0 || age == 1) && Secrets.equal(cookie.toArray(), cookie(address, slot));
    }

    /** Says whether first flights need a cookie now. Only the owner of the handshakes calls it. */
    void demand(boolean needed) {
        demanding = needed;
    }

    /**
     * More first flights come than the owner of the handshakes can look at: who has no cookie is kept from it for a while. Only the gate's thread
     * calls it.
     */
    public void press(long now) {
        pressedUntil = now + PRESSED_NANOS;
    }

    /** Whether the owner of the handshakes wants cookies. */
    public boolean isDemanding() {
        return demanding;
    }

    /** Whether first flights in normal mode need a cookie now, for whatever reason. */
    boolean isDemanding(long now) {
        return demanding || now < pressedUntil;
    }

    /**
     * The answer to a part that lacks a cookie: never longer than what it answers.
     *
     * @param answeredLength bytes of the datagram that had no cookie
     * @return null if that one is too short to be answered
     */
    byte @Nullable [] demandFor(
            Id128 handshakeId, InetSocketAddress address, int answeredLength, long now, RandomGenerator random) {
        int room = Math.min(answeredLength, HandshakeDatagram.MAX_LENGTH) - DEMAND_OVERHEAD;
        if (room < 0) {
            return null;
        }
        byte[] padding = new byte
                [random.nextInt(room + 1)]; // zeros: the mask hides them, and good randomness is slow in a flood
        HandshakePart demand =
                HandshakePart.cookieDemand(handshakeId, Bytes.of(cookieFor(address, now)), Bytes.of(padding));
        HandshakeKeys keys = HandshakeKeys.normal();
        return HandshakeCodec.seal(demand, keys, keys.masks().toInitiator(), random);
    }

    /** Wipes the secret; no cookie is valid any more. */
    @Override
    public void close() {
        Secrets.wipe(secret);
    }

    @Override
    public String toString() {
        return "CookieJar[demanding " + demanding + "]";
    }

    private byte[] cookie(InetSocketAddress address, int slot) {
        byte[] bound = ByteBuffer.allocate(Integer.BYTES).putInt(slot).array();
        byte[] port = ByteBuffer.allocate(Short.BYTES)
                .putShort((short) address.getPort())
                .array();
        byte[] code = Hmac.of(
                Hash.SHA_256,
                secret,
                Labels.prefix("cookie"),
                bound,
                address.getAddress().getAddress(),
                port);
        return ByteBuffer.allocate(HandshakePart.COOKIE_LENGTH)
                .put(bound)
                .put(code, 0, HandshakePart.COOKIE_LENGTH - Integer.BYTES)
                .array();
    }
}
