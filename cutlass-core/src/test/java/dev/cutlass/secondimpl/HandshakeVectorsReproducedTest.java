package dev.cutlass.secondimpl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.crypto.bc.Ed25519;
import dev.cutlass.crypto.bc.X25519;
import dev.cutlass.vectors.GoldenFile;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the first implementation wrote into {@code handshake-normal.txt} and {@code handshake-stealth.txt}, the second finds too. */
final class HandshakeVectorsReproducedTest {
    private List<GoldenFile.Vector> vectors;

    @ParameterizedTest
    @EnumSource(Mode.class)
    void everyByteOfAHandshakeIsTheSame(Mode mode) throws IOException {
        vectors = GoldenFile.read("handshake-" + mode.name().toLowerCase(Locale.ROOT) + ".txt");
        GoldenFile.Vector keys = vector("mode");
        byte[] responderStatic = vector("responder").bytes("static key");
        byte[] modeSecret = Datagrams.modeSecret(mode, responderStatic);
        byte[] macKey = Datagrams.macKey(modeSecret);
        assertEquals(mode.number, keys.number("mode"));
        assertArrayEquals(keys.bytes("mode secret"), modeSecret);
        assertArrayEquals(keys.bytes("mac key"), macKey);
        assertArrayEquals(keys.bytes("mask i"), Datagrams.maskKey(modeSecret, true));
        assertArrayEquals(keys.bytes("mask r"), Datagrams.maskKey(modeSecret, false));
        Noise initiator = noise(mode, true);
        Noise responder = noise(mode, false);

        byte[] secret = modeSecret; // X of section 3.1
        for (int number = 1; number <= 3; number++) {
            boolean toResponder = number != 2;
            Noise sender = toResponder ? initiator : responder;
            Noise receiver = toResponder ? responder : initiator;
            exchange(mode, number, sender, receiver);
            datagrams(number, macKey, Datagrams.maskKey(secret, toResponder));
            if (number == 1 && mode == Mode.STEALTH) {
                secret = Datagrams.stealthSecret(initiator.chainingKey(), initiator.handshakeHash());
            }
            if (number < 3) {
                boolean nextToResponder = number == 2;
                assertArrayEquals(
                        vector("flight " + (number + 1)).bytes("mask"), Datagrams.maskKey(secret, nextToResponder));
            }
        }
        assertArrayEquals(responderStatic, initiator.remoteStatic());
        assertArrayEquals(vector("initiator").bytes("static key"), responder.remoteStatic());
        result(initiator);
        result(responder);
    }

    private Noise noise(Mode mode, boolean initiator) {
        GoldenFile.Vector side = vector(initiator ? "initiator" : "responder");
        GoldenFile.Vector flight = vector(initiator ? "flight 1" : "flight 2");
        byte[] seed = side.bytes("root private key");
        byte[] staticPrivate = Ed25519.toX25519PrivateKey(seed);
        assertArrayEquals(side.bytes("root key"), Ed25519.publicKey(seed));
        assertArrayEquals(side.bytes("static key"), X25519.publicKey(staticPrivate));
        assertArrayEquals(side.bytes("static key"), MiniHandshake.staticKeyOf(side.bytes("root key")));
        byte[] known = initiator && mode == Mode.STEALTH ? vector("responder").bytes("static key") : null;
        byte[] psk = vector("mode").bytes("psk");
        return new Noise(
                mode, initiator, staticPrivate, known, flight.bytes("ephemeral"), flight.bytes("kem"), key -> psk);
    }

    private void exchange(Mode mode, int number, Noise sender, Noise receiver) {
        GoldenFile.Vector flight = vector("flight " + number);
        byte[] payload = payload(number).encode(mode.payloadLength(number));
        assertArrayEquals(flight.bytes("payload"), payload);
        byte[] message = sender.write(payload);
        assertArrayEquals(flight.bytes("message"), message);
        assertArrayEquals(message, Flights.message(number, flight.bytes("flight")));
        assertArrayEquals(flight.bytes("flight id"), Flights.id(flight.bytes("flight")));
        byte[] read = receiver.read(message);
        assertArrayEquals(payload, read);
        assertEquals(
                payload(number).fields().keySet(),
                Payload.decode(number, read).fields().keySet());
    }

    private Payload payload(int number) {
        Map<Integer, byte[]> fields = new TreeMap<>();
        if (number < 3) {
            byte[] chosen = {(byte) vector("result").number("aead")};
            byte[] offered = {Primitives.CHACHA20_POLY1305, Primitives.AES_256_GCM};
            fields.put(Payload.VERSIONS, new byte[] {Noise.VERSION});
            fields.put(Payload.AEADS, number == 1 ? offered : chosen);
        }
        if (number > 1) {
            GoldenFile.Vector side = vector(number == 2 ? "responder" : "initiator");
            fields.put(Payload.ROOT_KEY, side.bytes("root key"));
            fields.put(Payload.BOOT_ID, side.bytes("boot id"));
            fields.put(Payload.CONNECTION_ID, side.bytes("connection id"));
            fields.put(Payload.NICK, side.bytes("nick"));
            putIfThere(fields, Payload.TOKEN, side, "token");
            putIfThere(fields, Payload.SEEN, side, "seen");
        }
        return new Payload(fields);
    }

    private static void putIfThere(Map<Integer, byte[]> fields, int type, GoldenFile.Vector side, String key) {
        if (side.has(key) && side.bytes(key).length > 0) {
            fields.put(type, side.bytes(key));
        }
    }

    private void datagrams(int number, byte[] macKey, byte[] maskKey) {
        GoldenFile.Vector vector = vector("flight " + number);
        byte[] flight = vector.bytes("flight");
        Flights assembly = new Flights();
        byte[] whole = null;
        for (GoldenFile.Vector one : vectors) {
            if (!one.name().equals("datagram of flight " + number)) {
                continue;
            }
            int offset = (int) one.number("offset");
            Datagrams.Part part = new Datagrams.Part(
                    number,
                    vector.number("stamp"),
                    vector.bytes("handshake id"),
                    vector.bytes("flight id"),
                    flight.length,
                    offset,
                    Primitives.EMPTY,
                    Arrays.copyOfRange(flight, offset, offset + (int) one.number("length")));
            byte[] datagram = one.bytes("datagram");
            assertArrayEquals(datagram, Datagrams.seal(part, one.bytes("nonce"), macKey, maskKey));
            assertTrue(Datagrams.macHolds(datagram, macKey));
            whole = assembly.add(Datagrams.open(datagram, maskKey));
        }
        assertArrayEquals(flight, whole);
    }

    private void result(Noise noise) {
        GoldenFile.Vector result = vector("result");
        byte[][] split = noise.split();
        KeySchedule keys = KeySchedule.of(split[0], split[1], noise.handshakeHash());
        assertArrayEquals(result.bytes("ratchet root"), keys.ratchetRoot());
        assertArrayEquals(result.bytes("traffic i"), keys.trafficInitiator());
        assertArrayEquals(result.bytes("traffic r"), keys.trafficResponder());
        byte[] export = result.bytes("export");
        assertArrayEquals(
                export, keys.export(result.bytes("export label"), result.bytes("export context"), export.length));
    }

    private GoldenFile.Vector vector(String name) {
        return vectors.stream()
                .filter(vector -> vector.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
