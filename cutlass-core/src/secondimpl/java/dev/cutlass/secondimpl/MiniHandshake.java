package dev.cutlass.secondimpl;

import dev.cutlass.crypto.bc.Ed25519;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One side of one handshake: datagrams go in and come out. Sections 3.1 to 3.6. */
final class MiniHandshake {
    private static final long STAMP_WINDOW_MILLIS = 10 * 60 * 1000L;

    /** What a finished handshake leaves behind. */
    record Result(
            boolean initiator,
            Self self,
            int aead,
            KeySchedule keys,
            byte[] handshakeId,
            byte[] remoteStatic,
            byte[] remoteRoot,
            byte[] remoteBootId,
            String remoteNick,
            byte[] localConnectionId,
            byte[] remoteConnectionId) {}

    private final Mode mode;
    private final boolean initiator;
    private final Self self;
    private final Random random;
    private final long nowMillis;
    private final Noise noise;
    private final byte[] modeSecret;
    private final byte[] macKey;
    private final byte[] connectionId;
    private final Flights flights = new Flights();
    private byte @Nullable [] expectedRoot;
    private byte @Nullable [] flightSecret; // X of flights 2 and 3
    private byte[] handshakeId = Primitives.EMPTY;
    private byte[] cookie = Primitives.EMPTY;
    private byte[] lastFlight = Primitives.EMPTY; // that we sent, its number below
    private int lastSent;
    private int lastRead;
    private int aead;
    private @Nullable Result result;

    private MiniHandshake(
            Mode mode, boolean initiator, Self self, byte @Nullable [] responderStatic, Random random, long nowMillis) {
        this.mode = mode;
        this.initiator = initiator;
        this.self = self;
        this.random = random;
        this.nowMillis = nowMillis;
        modeSecret = Datagrams.modeSecret(mode, responderStatic);
        macKey = Datagrams.macKey(modeSecret);
        connectionId = Self.bytes(random, Packets.CONNECTION_ID);
        byte[] ephemeral = Self.bytes(random, 32);
        byte[] kem = Self.bytes(random, initiator ? 64 : 32);
        byte[] known = mode == Mode.STEALTH ? responderStatic : null;
        noise = new Noise(mode, initiator, self.noisePrivate(), known, ephemeral, kem, key -> self.psk());
    }

    /**
     * @param expectedRoot whom we want; null for whoever answers, in normal mode only
     * @param responderStatic the key of the responder's device; null in normal mode
     */
    static MiniHandshake initiator(
            Mode mode,
            Self self,
            byte @Nullable [] expectedRoot,
            byte @Nullable [] responderStatic,
            Random random,
            long nowMillis) {
        MiniHandshake made = new MiniHandshake(mode, true, self, responderStatic, random, nowMillis);
        made.expectedRoot = expectedRoot;
        return made;
    }

    static MiniHandshake responder(Mode mode, Self self, Random random, long nowMillis) {
        return new MiniHandshake(mode, false, self, self.noisePublic(), random, nowMillis);
    }

    /** The initiator's first datagrams. */
    List<byte[]> start() {
        Map<Integer, byte[]> fields = new TreeMap<>();
        fields.put(Payload.VERSIONS, new byte[] {Noise.VERSION});
        fields.put(Payload.AEADS, self.aeads());
        return sendFlight(1, fields);
    }

    boolean hasSent() {
        return lastSent > 0;
    }

    /** The flight that we sent last, masked and cut anew. */
    List<byte[]> repeat() {
        List<byte[]> datagrams = new ArrayList<>();
        long stamp = lastSent == 1 && mode == Mode.STEALTH ? nowMillis : 0;
        byte[] maskKey = Datagrams.maskKey(secretOf(lastSent), initiator);
        for (Datagrams.Part part : Flights.cut(lastSent, stamp, handshakeId, lastFlight, cookie, random)) {
            datagrams.add(Datagrams.seal(part, Self.bytes(random, Datagrams.NONCE), macKey, maskKey));
        }
        return datagrams;
    }

    /** What to send in answer. A datagram that is not ours, or not good, has no answer and no effect. */
    List<byte[]> receive(byte[] datagram) {
        if (!Datagrams.macHolds(datagram, macKey)) {
            return List.of();
        }
        try {
            Datagrams.Part part = unmask(datagram);
            return part == null ? List.of() : take(part);
        } catch (Refused e) {
            return List.of();
        }
    }

    /** Not null once we know all keys: an initiator's connection is confirmed by the responder's first packet. */
    @Nullable
    Result result() {
        return result;
    }

    private Datagrams.@Nullable Part unmask(byte[] datagram) {
        for (int type = initiator ? 2 : 1; type <= 3; type += 2) {
            if (mode == Mode.STEALTH && type > 1 && flightSecret == null) {
                continue;
            }
            try {
                Datagrams.Part part = Datagrams.open(datagram, Datagrams.maskKey(secretOf(type), !initiator));
                boolean demand = part.type() == Datagrams.COOKIE_DEMAND && initiator && mode == Mode.NORMAL;
                if (part.type() == type || demand) {
                    return part;
                }
            } catch (Refused e) {
                // another mask then
            }
        }
        return null;
    }

    private byte[] secretOf(int type) {
        return mode == Mode.NORMAL || type == 1 ? modeSecret : Objects.requireNonNull(flightSecret);
    }

    private List<byte[]> take(Datagrams.Part part) {
        boolean first = part.type() == 1;
        boolean ours = Arrays.equals(part.handshakeId(), handshakeId);
        if (part.type() == Datagrams.COOKIE_DEMAND) {
            if (!ours || lastSent != 1) {
                return List.of();
            }
            cookie = part.cookie();
            return repeat();
        }
        if (first && lastRead >= 1) {
            return ours && result == null ? repeat() : List.of(); // flight 2 was lost
        }
        if (!first && !ours || part.type() != (initiator ? 2 : lastRead == 0 ? 1 : 3) || lastRead == part.type()) {
            return List.of();
        }
        if (first) {
            long age = mode == Mode.STEALTH ? Math.abs(nowMillis - part.stamp()) : part.stamp();
            Refused.unless(age <= (mode == Mode.STEALTH ? STAMP_WINDOW_MILLIS : 0), "stamp");
            Refused.unless(Arrays.equals(part.handshakeId(), part.flightId()), "ids of flight 1");
        }
        byte[] flight = flights.add(part);
        if (flight == null) {
            return List.of();
        }
        byte[] message = Flights.message(part.type(), flight);
        Payload payload = Payload.decode(part.type(), noise.read(message));
        lastRead = part.type();
        return switch (part.type()) {
            case 1 -> onFlight1(payload, part.handshakeId());
            case 2 -> onFlight2(payload);
            default -> onFlight3(payload);
        };
    }

    private List<byte[]> onFlight1(Payload payload, byte[] id) {
        handshakeId = id;
        byte[] offered = payload.get(Payload.AEADS);
        requireOurVersion(payload);
        aead = firstKnown(offered);
        flightSecret = Datagrams.stealthSecret(noise.chainingKey(), noise.handshakeHash());
        Map<Integer, byte[]> fields = aboutUs();
        fields.put(Payload.VERSIONS, new byte[] {Noise.VERSION});
        fields.put(Payload.AEADS, new byte[] {(byte) aead});
        return sendFlight(2, fields);
    }

    private int firstKnown(byte[] offered) {
        for (byte candidate : offered) {
            for (byte known : self.aeads()) {
                if (candidate == known) {
                    return candidate;
                }
            }
        }
        throw new Refused("no AEAD in common");
    }

    private List<byte[]> onFlight2(Payload payload) {
        try {
            boolean expected = expectedRoot == null || Arrays.equals(expectedRoot, payload.get(Payload.ROOT_KEY));
            Refused.unless(expected, "somebody else answered");
            requireOurVersion(payload);
            aead = firstKnown(payload.get(Payload.AEADS));
            requireBinding(payload);
        } catch (Refused e) {
            lastFlight = Flights.padded(Self.bytes(random, Mode.messageLength(3)), random); // section 3.6
            lastSent = 3;
            return repeat();
        }
        List<byte[]> flight3 = sendFlight(3, aboutUs());
        finish(payload);
        return flight3;
    }

    private static void requireOurVersion(Payload payload) {
        String versions = new String(payload.get(Payload.VERSIONS), StandardCharsets.ISO_8859_1);
        Refused.unless(versions.indexOf(Noise.VERSION) >= 0, "no common version");
    }

    private void requireBinding(Payload payload) {
        byte[] record = payload.has(Payload.DEVICE_RECORD) ? payload.get(Payload.DEVICE_RECORD) : null;
        DeviceRecord.requireBinding(payload.get(Payload.ROOT_KEY), record, noise.remoteStatic(), nowMillis / 1000);
    }

    private List<byte[]> onFlight3(Payload payload) {
        requireBinding(payload);
        finish(payload);
        return List.of();
    }

    private Map<Integer, byte[]> aboutUs() {
        Map<Integer, byte[]> fields = new TreeMap<>();
        fields.put(Payload.ROOT_KEY, self.rootKey());
        byte[] record = self.deviceRecord();
        if (record != null) {
            fields.put(Payload.DEVICE_RECORD, record);
        }
        fields.put(Payload.BOOT_ID, self.bootId());
        fields.put(Payload.CONNECTION_ID, connectionId);
        fields.put(Payload.NICK, Payload.text(self.nick()));
        return fields;
    }

    private List<byte[]> sendFlight(int number, Map<Integer, byte[]> fields) {
        byte[] payload = new Payload(fields).encode(mode.payloadLength(number));
        lastFlight = Flights.padded(noise.write(payload), random);
        lastSent = number;
        if (number == 1) {
            handshakeId = Flights.id(lastFlight);
            flightSecret = Datagrams.stealthSecret(noise.chainingKey(), noise.handshakeHash());
        }
        return repeat();
    }

    private void finish(Payload payload) {
        byte[][] split = noise.split();
        result = new Result(
                initiator,
                self,
                aead,
                KeySchedule.of(split[0], split[1], noise.handshakeHash()),
                handshakeId,
                noise.remoteStatic(),
                payload.get(Payload.ROOT_KEY),
                payload.get(Payload.BOOT_ID),
                payload.has(Payload.NICK) ? new String(payload.get(Payload.NICK), StandardCharsets.UTF_8) : "",
                connectionId,
                payload.get(Payload.CONNECTION_ID));
    }

    /** What an address without a device record stands for: the static key that stealth mode needs. */
    static byte[] staticKeyOf(byte[] rootKey) {
        return Objects.requireNonNull(Ed25519.toX25519PublicKey(rootKey));
    }
}
