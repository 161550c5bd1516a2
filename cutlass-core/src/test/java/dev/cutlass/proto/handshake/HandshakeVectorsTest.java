package dev.cutlass.proto.handshake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.cutlass.crypto.Identity;
import dev.cutlass.crypto.PeerId;
import dev.cutlass.crypto.noise.Role;
import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.crypto.primitive.Hash;
import dev.cutlass.crypto.primitive.Labels;
import dev.cutlass.vectors.GoldenFile;
import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.HandshakeDatagram;
import dev.cutlass.wire.HandshakePart;
import dev.cutlass.wire.Id128;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Produces {@code docs/vectors/handshake-normal.txt} and {@code handshake-stealth.txt}: every byte of one handshake of each mode. */
final class HandshakeVectorsTest {
    private static final InetSocketAddress OF_INITIATOR = Node.address("192.0.2.1", 8_365);
    private static final InetSocketAddress OF_RESPONDER = Node.address("192.0.2.2", 8_365);
    private static final long WALL = 1_800_000_000_000L;
    private static final int X25519 = 32;
    private static final int KEM_SEED = 64;
    private static final int KEM_RANDOMNESS = 32;

    /** One of the two, with everything fixed. */
    private static final class Side implements HandshakeHost {
        final RecordedRandom random;
        final byte[] rootSeed;
        final Identity identity;
        final LocalParty local;
        final long connectionId;
        final byte[] psk;
        final Id128 seen;
        PeerId other;

        Side(long seed, String nick, byte[] psk, Id128 seen) {
            random = new RecordedRandom(seed);
            identity = Identity.generate(random);
            rootSeed = random.drawn();
            Id128 bootId = new Id128(random.nextLong(), random.nextLong());
            connectionId = random.nextLong();
            local = new LocalParty(
                    identity.id(),
                    identity.device(),
                    bootId,
                    nick,
                    List.of(AeadAlgorithm.CHACHA20_POLY1305, AeadAlgorithm.AES_256_GCM));
            this.psk = psk;
            this.seen = seen;
            random.drawn();
        }

        void writeTo(GoldenFile file, String name) {
            file.section(name)
                    .put("root private key", rootSeed)
                    .put("root key", identity.id().bytes())
                    .put("static key", identity.device().publicKey())
                    .put("boot id", local.bootId().toArray())
                    .put("connection id", bytes(connectionId))
                    .put("nick", local.nick().getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public byte[] psk(PeerId peer) {
            return psk.clone();
        }

        @Override
        public PeerId pskPeer(byte[] staticKey) {
            return other;
        }

        @Override
        public Id128 lastCompleted(PeerId peer, Id128 bootId) {
            return seen;
        }

        @Override
        public long newConnectionId() {
            return connectionId;
        }
    }

    @ParameterizedTest
    @EnumSource
    void theBytesOfHandshakesStayWhatTheyAre(HandshakeMode mode) throws IOException {
        boolean stealth = mode == HandshakeMode.STEALTH;
        GoldenFile file = new GoldenFile(
                "handshake-" + mode.name().toLowerCase(Locale.ROOT) + ".txt",
                "One handshake, " + mode.pattern() + ": docs/protocol.md sections 3 and 4.1.",
                "Of each flight: the private ephemeral key, the randomness of ML-KEM (flight 1: d || z, flight 2: m), the padded payload,",
                "the Noise message, the flight (message and tail), and the key under which its datagrams are masked.",
                "stamp: milliseconds since 1970, also the responder's clock.");
        byte[] psk = new byte[32];
        Arrays.fill(psk, (byte) (stealth ? 0x5a : 0));
        Side initiator = new Side(31 + mode.id(), "Zoë", psk, stealth ? new Id128(5, 6) : null);
        Side responder = new Side(41 + mode.id(), "right", psk, null);
        responder.other = initiator.identity.id();
        byte[] responderKey = responder.identity.device().publicKey();
        byte[] secret = stealth
                ? Labels.hash("stealth", responderKey)
                : Hash.SHA_256.of("cutlass2/normal".getBytes(StandardCharsets.US_ASCII));
        HandshakeKeys keys = stealth ? HandshakeKeys.stealth(responderKey) : HandshakeKeys.normal();
        Bytes token = Bytes.of(stealth ? new byte[] {1, 2, 3, 4} : new byte[0]);
        file.section("mode")
                .put("mode", mode.id())
                .put("mode secret", secret)
                .put("mac key", Labels.expand(secret, "mac1", 32))
                .put("mask i", keys.masks().toResponder())
                .put("mask r", keys.masks().toInitiator())
                .put("psk", psk);
        initiator.writeTo(file, "initiator");
        file.put("token", token.toArray()).put("seen", stealth ? initiator.seen.toArray() : new byte[0]);
        responder.writeTo(file, "responder");

        Dial dial = new Dial(mode, OF_RESPONDER, 0, responder.identity.id(), Bytes.EMPTY, token, Dial.DEFAULT_TIMEOUT);
        InitiatorHandshake dialling =
                InitiatorHandshake.start(dial, initiator.local, initiator, initiator.random, 0, WALL);
        byte[] drawn = initiator.random.drawn();
        byte[] ephemeral = Arrays.copyOf(drawn, X25519);
        byte[] kem = Arrays.copyOfRange(drawn, X25519, X25519 + KEM_SEED);
        MaskKeys masks = masksAfterFirst(mode, initiator, responderKey, ephemeral, kem);
        List<byte[]> first = transmitted(dialling);
        byte[] payload = Payloads.first(initiator.local, mode);
        writeFlight(
                file, Flight.FIRST, ephemeral, kem, payload, first, keys.masks().toResponder());

        CookieJar cookies = new CookieJar(new SeededSecureRandom(1));
        StealthReplayGuard guard = StealthReplayGuard.withoutPast(60_000, 10, WALL - 1);
        HandshakeGate gate = new HandshakeGate(true, keys, guard, cookies, new SeededSecureRandom(2));
        InboundHandshakes inbound =
                new InboundHandshakes(responder.local, keys, responder, cookies, guard, responder.random);
        List<byte[]> second = new ArrayList<>();
        first.forEach(datagram -> feed(gate, inbound, datagram));
        HandshakeResult answered = drain(inbound, second);
        drawn = responder.random.drawn();
        payload = Payloads.second(responder.local, mode, AeadAlgorithm.CHACHA20_POLY1305, responder.connectionId);
        writeFlight(
                file,
                Flight.SECOND,
                Arrays.copyOf(drawn, X25519),
                Arrays.copyOfRange(drawn, X25519, X25519 + KEM_RANDOMNESS),
                payload,
                second,
                masks.toInitiator());

        HandshakeGate ofInitiator = new HandshakeGate(false, null, guard, cookies, new SeededSecureRandom(3));
        ofInitiator.dialOpened(dialling);
        for (byte[] datagram : second) {
            Verdict verdict = ofInitiator.check(datagram, 0, datagram.length, OF_RESPONDER, 0, WALL);
            if (verdict instanceof Verdict.Candidate candidate) {
                dialling.handle(candidate, OF_RESPONDER, 0, WALL);
            } else {
                dialling.handle(assertInstanceOf(Verdict.Opaque.class, verdict), 0, WALL);
            }
        }
        HandshakeOutput.Completed completed = assertInstanceOf(HandshakeOutput.Completed.class, dialling.poll());
        List<byte[]> third = transmitted(dialling);
        payload = Payloads.third(initiator.local, mode, initiator.connectionId, token, initiator.seen);
        writeFlight(file, Flight.THIRD, new byte[0], new byte[0], payload, third, masks.toResponder());
        assertEquals(null, answered);
        third.forEach(datagram -> feed(gate, inbound, datagram));
        answered = drain(inbound, new ArrayList<>());

        writeResult(file, completed.result(), answered);
        file.verify();
    }

    private static void writeResult(GoldenFile file, HandshakeResult left, HandshakeResult right) {
        assertArrayEquals(HandshakeTest.export(left), HandshakeTest.export(right));
        byte[] exported = left.keys().export("test", new byte[] {1}, 48);
        file.section("result")
                .put("aead", left.aead().id())
                .put("ratchet root", left.keys().ratchetRoot())
                .put("traffic i", left.keys().traffic().of(Role.INITIATOR))
                .put("traffic r", left.keys().traffic().of(Role.RESPONDER))
                .put("export label", "test".getBytes(StandardCharsets.US_ASCII))
                .put("export context", new byte[] {1})
                .put("export", exported);
        for (Role role : Role.values()) {
            assertArrayEquals(
                    left.keys().traffic().of(role), right.keys().traffic().of(role));
        }
    }

    private static void writeFlight(
            GoldenFile file,
            Flight type,
            byte[] ephemeral,
            byte[] kem,
            byte[] payload,
            List<byte[]> datagrams,
            byte[] maskKey) {
        List<HandshakePart> parts = datagrams.stream()
                .map(datagram -> (HandshakePart) HandshakeCodec.open(datagram, 0, datagram.length, maskKey))
                .toList();
        FlightParts reassembly = new FlightParts();
        byte[] flight = null;
        for (HandshakePart part : parts) {
            assertEquals(type.type(), part.type());
            flight = reassembly.add(part);
        }
        file.section("flight " + type.type());
        if (ephemeral.length > 0) {
            file.put("ephemeral", ephemeral).put("kem", kem);
        }
        file.put("payload", payload)
                .put("message", Arrays.copyOf(flight, type.messageLength()))
                .put("flight", flight)
                .put("flight id", parts.get(0).flightId().toArray())
                .put("handshake id", parts.get(0).handshakeId().toArray())
                .put("stamp", parts.get(0).stamp())
                .put("mask", maskKey);
        for (int i = 0; i < parts.size(); i++) {
            file.section("datagram of flight " + type.type())
                    .put("nonce", Arrays.copyOf(datagrams.get(i), HandshakeDatagram.NONCE_LENGTH))
                    .put("offset", parts.get(i).offset())
                    .put("length", parts.get(i).data().length())
                    .put("datagram", datagrams.get(i));
        }
    }

    /** What stealth mode masks flights 2 and 3 with, from a run of its own. */
    private static MaskKeys masksAfterFirst(
            HandshakeMode mode, Side side, byte[] responderKey, byte[] ephemeral, byte[] kem) {
        if (mode == HandshakeMode.NORMAL) {
            return HandshakeKeys.normal().masks();
        }
        RecordedRandom again = new RecordedRandom(0) {
            private final ByteBuffer left =
                    ByteBuffer.wrap(Arrays.copyOf(ephemeral, X25519 + KEM_SEED)).put(X25519, kem);

            @Override
            public void nextBytes(byte[] bytes) {
                left.get(bytes);
            }
        };
        NoiseRun run = NoiseRun.initiator(mode, side.identity.device(), responderKey, side, again);
        run.write(Payloads.first(side.local, mode));
        return run.masks();
    }

    private static List<byte[]> transmitted(InitiatorHandshake from) {
        List<byte[]> datagrams = new ArrayList<>();
        for (HandshakeOutput out; (out = from.poll()) != null; ) {
            datagrams.add(assertInstanceOf(HandshakeOutput.Transmit.class, out).datagram());
        }
        return datagrams;
    }

    private static void feed(HandshakeGate gate, InboundHandshakes inbound, byte[] datagram) {
        Verdict verdict = gate.check(datagram, 0, datagram.length, OF_INITIATOR, 0, WALL);
        if (verdict instanceof Verdict.Candidate candidate) {
            inbound.handle(candidate, OF_INITIATOR, 0, 0, WALL);
        } else {
            inbound.handle(assertInstanceOf(Verdict.Opaque.class, verdict), OF_INITIATOR, 0, 0, WALL);
        }
    }

    private static HandshakeResult drain(InboundHandshakes inbound, List<byte[]> transmitted) {
        HandshakeResult result = null;
        for (HandshakeOutput out; (out = inbound.poll()) != null; ) {
            if (out instanceof HandshakeOutput.Transmit transmit) {
                transmitted.add(transmit.datagram());
            } else if (out instanceof HandshakeOutput.PersistFlight persist) {
                inbound.persisted(persist.handshakeId(), 0);
            } else if (out instanceof HandshakeOutput.Completed completed) {
                result = completed.result();
            }
        }
        return result;
    }

    private static byte[] bytes(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }
}
