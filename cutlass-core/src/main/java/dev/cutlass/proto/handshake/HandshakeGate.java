package dev.cutlass.proto.handshake;

import dev.cutlass.crypto.primitive.Hmac;
import dev.cutlass.proto.handshake.Verdict.Candidate;
import dev.cutlass.proto.handshake.Verdict.Demand;
import dev.cutlass.proto.handshake.Verdict.Opaque;
import dev.cutlass.proto.handshake.Verdict.Rejected;
import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.DecodedPart;
import dev.cutlass.wire.HandshakeDatagram;
import dev.cutlass.wire.HandshakePart;
import dev.cutlass.wire.Id128;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The first look at a datagram that belongs to no connection: steps 1 to 3 of docs/protocol.md section 3.5. It keeps nothing, does
 * nothing asymmetric and computes at most one keyed hash per mode (and one per stealth dial to the very address that the datagram
 * came from).
 *
 * <p>{@link #check} and {@link #close} belong to the thread that reads the port; {@link #dialOpened} and {@link #dialClosed} to the one that owns the
 * handshakes.
 */
public final class HandshakeGate implements AutoCloseable {
    /** Not more than one demand for each of {@link #askedIn} in this time; an initiator repeats after 240 ms at the soonest. */
    private static final long ASK_AGAIN_NANOS = Duration.ofMillis(100).toNanos();

    private static final int ASKED_BITS = 13;

    /** 2^32 / golden ratio. */
    private static final int SPREAD = 0x9E37_79B9;

    private final boolean acceptsNormal;
    private final @Nullable Hmac ownStealthMac;
    private final @Nullable HandshakeKeys ownStealthKeys;
    private final StealthReplayGuard guard;
    private final CookieJar cookies;
    private final RandomGenerator random;
    private final Hmac normalMac = HandshakeKeys.normal().newMac();

    /** When who was asked for a cookie, by a hash of address and port. This thread only. */
    private final long[] askedIn = new long[1 << ASKED_BITS];

    // Written by the owner of the handshakes while this thread reads; one that is late by a datagram costs a
    // retransmission.
    private final Set<Id128> normalDials = ConcurrentHashMap.newKeySet();
    private final Map<InetSocketAddress, Map<Id128, HandshakeKeys>> stealthDials = new ConcurrentHashMap<>();

    /**
     * A gate.
     *
     * @param acceptsNormal whether strangers may reach us in normal mode
     * @param stealth the keys under which we are reached in stealth mode, null if we are not
     * @param guard knows which stamps first flights in stealth mode may have
     * @param random for nonces and paddings of cookie demands; used by this gate's thread alone, or safe for any
     */
    public HandshakeGate(
            boolean acceptsNormal,
            @Nullable HandshakeKeys stealth,
            StealthReplayGuard guard,
            CookieJar cookies,
            RandomGenerator random) {
        this.acceptsNormal = acceptsNormal;
        this.ownStealthKeys = stealth;
        this.ownStealthMac = stealth == null ? null : stealth.newMac();
        this.guard = guard;
        this.cookies = cookies;
        this.random = random;
    }

    /** Says that answers to this dial are welcome. */
    public void dialOpened(InitiatorHandshake dial) {
        if (dial.keys().mode() == HandshakeMode.NORMAL) {
            normalDials.add(dial.id());
        } else {
            stealthDials
                    .computeIfAbsent(dial.remote(), address -> new ConcurrentHashMap<>())
                    .put(dial.id(), dial.keys());
        }
    }

    /** Takes back {@link #dialOpened}. Repeated calls do nothing. */
    public void dialClosed(InitiatorHandshake dial) {
        normalDials.remove(dial.id());
        stealthDials.computeIfPresent(dial.remote(), (address, dials) -> {
            dials.remove(dial.id());
            return dials.isEmpty() ? null : dials;
        });
    }

    /**
     * Looks at one datagram. The bytes are only read, and not kept.
     *
     * @param now ticker nanoseconds
     * @param wallMillis milliseconds since 1970
     */
    public Verdict check(byte[] buffer, int offset, int length, InetSocketAddress from, long now, long wallMillis) {
        if (!HandshakeDatagram.isPossibleLength(length)) {
            return Rejected.LENGTH;
        }
        if (acceptsNormal && cookies.isDemanding(now) && isShed(buffer, offset, length, from, now)) {
            return Rejected.NO_COOKIE;
        }
        if ((acceptsNormal || !normalDials.isEmpty()) && HandshakeCodec.isGenuine(normalMac, buffer, offset, length)) {
            return checkNormal(buffer, offset, length, from, now);
        }
        if (ownStealthKeys != null
                && ownStealthMac != null
                && HandshakeCodec.isGenuine(ownStealthMac, buffer, offset, length)) {
            return checkStealth(ownStealthKeys, buffer, offset, length, wallMillis);
        }
        Map<Id128, HandshakeKeys> dials = stealthDials.get(from);
        if (dials != null) {
            for (HandshakeKeys keys : dials.values()) {
                try (Hmac mac = keys.newMac()) {
                    if (HandshakeCodec.isGenuine(mac, buffer, offset, length)) {
                        return new Opaque(false, Arrays.copyOfRange(buffer, offset, offset + length));
                    }
                }
            }
        }
        return Rejected.MAC;
    }

    /**
     * Under load a sender is asked for a cookie once in a while. More first flights of his are looked at only if they have one: else a flood from
     * sockets or addresses that repeat costs a hash and an answer for each, and the port's buffer overflows.
     */
    private boolean isShed(byte[] buffer, int offset, int length, InetSocketAddress from, long now) {
        int bucket = (from.hashCode() * SPREAD) >>> (Integer.SIZE - ASKED_BITS);
        long slot = now / ASK_AGAIN_NANOS + 1;
        if (askedIn[bucket] != slot) {
            askedIn[bucket] = slot;
            return false;
        }
        Bytes cookie = HandshakeCodec.peekCookie(
                buffer, offset, length, HandshakeKeys.normal().masks().toResponder());
        return cookie != null && !cookies.isValid(cookie, from, now);
    }

    private Verdict checkNormal(byte[] buffer, int offset, int length, InetSocketAddress from, long now) {
        MaskKeys masks = HandshakeKeys.normal().masks();
        if (acceptsNormal
                && HandshakeCodec.open(buffer, offset, length, masks.toResponder()) instanceof HandshakePart part
                && (part.type() == HandshakePart.FLIGHT_1 || part.type() == HandshakePart.FLIGHT_3)) {
            if (!isPlausible(part) || part.stamp() != 0) {
                return Rejected.LAYOUT;
            }
            boolean cookie = cookies.isValid(part.cookie(), from, now);
            if (part.type() == HandshakePart.FLIGHT_1 && !cookie && cookies.isDemanding(now)) {
                byte[] demand = cookies.demandFor(part.handshakeId(), from, length, now, random);
                return demand == null ? Rejected.NO_COOKIE : new Demand(demand);
            }
            return new Candidate(HandshakeMode.NORMAL, true, part, length, cookie);
        }
        if (!normalDials.isEmpty()
                && HandshakeCodec.open(buffer, offset, length, masks.toInitiator()) instanceof HandshakePart part
                && (part.type() == HandshakePart.FLIGHT_2 || part.type() == HandshakePart.COOKIE_DEMAND)) {
            if (!isPlausible(part)) {
                return Rejected.LAYOUT;
            }
            return normalDials.contains(part.handshakeId())
                    ? new Candidate(HandshakeMode.NORMAL, false, part, length, false)
                    : Rejected.UNKNOWN_HANDSHAKE;
        }
        return Rejected.LAYOUT;
    }

    private Verdict checkStealth(HandshakeKeys keys, byte[] buffer, int offset, int length, long wallMillis) {
        DecodedPart decoded =
                HandshakeCodec.open(buffer, offset, length, keys.masks().toResponder());
        if (!(decoded instanceof HandshakePart part) || part.type() != HandshakePart.FLIGHT_1) {
            // Flight 3 lies under a mask from the Noise state. One in 2^16 of them looks like version and type of a
            // first
            // flight by chance and may be rejected here: it comes again under another nonce.
            return new Opaque(true, Arrays.copyOfRange(buffer, offset, offset + length));
        }
        if (!isPlausible(part)) {
            return Rejected.LAYOUT;
        }
        return guard.isTimely(part.stamp(), wallMillis)
                ? new Candidate(HandshakeMode.STEALTH, true, part, length, false)
                : Rejected.STALE;
    }

    /** Wipes the keys of the codes, after which {@link #check} throws; those of dials and our own ones in stealth mode belong to who made them. Repeated calls do nothing. */
    @Override
    public void close() {
        normalMac.close();
        if (ownStealthMac != null) {
            ownStealthMac.close();
        }
    }

    /** What can be said about a part without knowing its handshake. */
    static boolean isPlausible(HandshakePart part) {
        Flight flight = Flight.ofType(part.type());
        return flight == null
                || (flight.allowsTotal(part.total())
                        && (flight != Flight.FIRST || part.flightId().equals(part.handshakeId())));
    }
}
