package dev.cutlass.vectors;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.cutlass.crypto.bc.X25519KeyPair;
import dev.cutlass.crypto.noise.HandshakeState;
import dev.cutlass.crypto.noise.NoiseProtocol;
import dev.cutlass.crypto.noise.Role;
import dev.cutlass.crypto.noise.SessionSecrets;
import dev.cutlass.crypto.packet.HeaderProtection;
import dev.cutlass.crypto.packet.KeySchedule;
import dev.cutlass.crypto.packet.PacketKeys;
import dev.cutlass.crypto.packet.Ratchet;
import dev.cutlass.crypto.packet.RekeyOutcome;
import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.wire.PacketHeader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Produces {@code docs/vectors/packets.txt}: key schedule, packets under both AEADs, ratchet. docs/protocol.md section 4. */
final class PacketVectorsTest {
    private static final long SEED = 4;
    private static final long CONNECTION_ID = 0x0102030405060708L;
    private static final int KEM_INTERVAL = 2;

    private final Recorded random = new Recorded(SEED);

    @Test
    void theBytesOfPacketsStayWhatTheyAre() throws IOException {
        GoldenFile file = new GoldenFile(
                "packets.txt",
                "Key schedule, packets and ratchet: docs/protocol.md sections 4.1, 4.2 and 4.6.",
                "static i, static r: private keys. traffic i, traffic r: of initiator and responder.");
        X25519KeyPair left = X25519KeyPair.generate(random);
        byte[] leftPrivate = random.drawn();
        X25519KeyPair right = X25519KeyPair.generate(random);
        byte[] rightPrivate = random.drawn();
        SessionSecrets session = handshake(left, right);
        file.section("key schedule")
                .put("k1", session.initiatorKey())
                .put("k2", session.responderKey())
                .put("h", session.handshakeHash());
        try (KeySchedule keys = new KeySchedule(session)) {
            byte[] context = {7, 8, 9};
            file.put("ratchet root", keys.ratchetRoot())
                    .put("traffic i", keys.traffic().of(Role.INITIATOR))
                    .put("traffic r", keys.traffic().of(Role.RESPONDER))
                    .put("export label", "voice".getBytes(StandardCharsets.UTF_8))
                    .put("export context", context)
                    .put("export", keys.export("voice", context, 40));
            byte[] first = keys.traffic().of(Role.INITIATOR).clone();
            for (AeadAlgorithm aead : AeadAlgorithm.values()) {
                packets(file, aead, first, first, 0);
            }
            ratchets(file, keys, left, right, leftPrivate, rightPrivate, first);
        }
        file.verify();
    }

    private SessionSecrets handshake(X25519KeyPair left, X25519KeyPair right) {
        HandshakeState initiator = HandshakeState.builder(NoiseProtocol.NORMAL, Role.INITIATOR, random)
                .localStatic(left)
                .start();
        HandshakeState responder = HandshakeState.builder(NoiseProtocol.NORMAL, Role.RESPONDER, random)
                .localStatic(right)
                .start();
        responder.readMessage(initiator.writeMessage(new byte[0]));
        initiator.readMessage(responder.writeMessage(new byte[0]));
        responder.readMessage(initiator.writeMessage(new byte[0]));
        responder.split().close();
        return initiator.split();
    }

    private static void packets(GoldenFile file, AeadAlgorithm aead, byte[] traffic, byte[] firstTraffic, int epoch) {
        byte[] ping = HexFormat.of().parseHex("01081122334455667788");
        packet(file, aead, traffic, firstTraffic, epoch, 0, 0, -1, ping);
        packet(file, aead, traffic, firstTraffic, epoch, 0, 128, -1, new byte[0]);
        packet(file, aead, traffic, firstTraffic, epoch, 3, 70_000, 66_000, ping);
        packet(file, aead, traffic, firstTraffic, epoch, 0xffff_fffeL, (1L << 62) - 1, (1L << 62) - 65_536, ping);
        packet(file, aead, traffic, firstTraffic, epoch, 1, 1L << 40, (1L << 40) - (1L << 24), new byte[1]);
    }

    private static void packet(
            GoldenFile file,
            AeadAlgorithm aead,
            byte[] traffic,
            byte[] firstTraffic,
            int epoch,
            long pathId,
            long number,
            long largestAcked,
            byte[] frames) {
        PacketHeader header = PacketHeader.of(CONNECTION_ID, epoch, number, largestAcked);
        int length = Math.max(frames.length, header.minFrames());
        byte[] packet = new byte[header.length() + length + PacketHeader.TAG_LENGTH];
        header.writeTo(packet, 0);
        System.arraycopy(frames, 0, packet, header.length(), frames.length);
        byte[] mask = new byte[HeaderProtection.MASK_LENGTH];
        try (PacketKeys keys = new PacketKeys(aead, traffic);
                HeaderProtection protection = new HeaderProtection(aead, firstTraffic)) {
            int from = header.length();
            keys.seal((int) pathId, number, packet, 0, from, packet, from, length, packet, from);
            protection.mask(packet, PacketHeader.SAMPLE_OFFSET, mask);
        }
        for (int i = 0; i <= header.numberLength(); i++) {
            packet[PacketHeader.FLAGS_OFFSET + i] ^= mask[i];
        }
        file.section("packet")
                .put("aead", aead.id())
                .put("traffic", traffic)
                .put("traffic of epoch 0", firstTraffic)
                .put("epoch", epoch)
                .put(
                        "connection id",
                        ByteBuffer.allocate(8).putLong(CONNECTION_ID).array())
                .put("path id", pathId)
                .put("number", number)
                .put("largest acked", largestAcked)
                .put("frames", frames)
                .put("packet", packet);
    }

    /** The first without ML-KEM, the second with it; then both propose at once. */
    private void ratchets(
            GoldenFile file,
            KeySchedule keys,
            X25519KeyPair left,
            X25519KeyPair right,
            byte[] leftPrivate,
            byte[] rightPrivate,
            byte[] first) {
        Ratchet initiator = new Ratchet(Role.INITIATOR, keys.ratchetRoot(), left, right.publicKey(), KEM_INTERVAL);
        Ratchet responder = new Ratchet(Role.RESPONDER, keys.ratchetRoot(), right, left.publicKey(), KEM_INTERVAL);
        byte[] traffic = first;
        for (int epoch = 1; epoch <= 3; epoch++) {
            boolean byInitiator = epoch != 2;
            Ratchet proposer = byInitiator ? initiator : responder;
            Ratchet accepter = byInitiator ? responder : initiator;
            random.drawn();
            byte[] propose = proposer.propose(random);
            byte[] proposerDrew = random.drawn();
            byte[] reply = rekeyed(accepter.handle(propose, random)).reply();
            byte[] accepterDrew = random.drawn();
            RekeyOutcome.Rekeyed done = rekeyed(proposer.handle(reply, random));
            traffic = done.traffic().of(Role.INITIATOR).clone();
            file.section("ratchet")
                    .put("epoch", epoch)
                    .put("proposer is initiator", byInitiator ? 1 : 0)
                    .put("static i", leftPrivate)
                    .put("static r", rightPrivate)
                    .put("proposer's ephemeral", Arrays.copyOf(proposerDrew, 32))
                    .put("proposer's ML-KEM seed", Arrays.copyOfRange(proposerDrew, 32, proposerDrew.length))
                    .put("accepter's ephemeral", Arrays.copyOf(accepterDrew, 32))
                    .put("accepter's ML-KEM randomness", Arrays.copyOfRange(accepterDrew, 32, accepterDrew.length))
                    .put("propose", propose)
                    .put("accept", reply)
                    .put("traffic i", traffic)
                    .put("traffic r", done.traffic().of(Role.RESPONDER));
        }
        packets(file, AeadAlgorithm.AES_256_GCM, traffic, first, 3);
    }

    private static RekeyOutcome.Rekeyed rekeyed(RekeyOutcome outcome) {
        return assertInstanceOf(RekeyOutcome.Rekeyed.class, outcome);
    }

    /** Remembers what it gave. */
    private static final class Recorded extends SecureRandom {
        private static final long serialVersionUID = 1;
        private final transient SplittableRandom source;
        private final transient ByteArrayOutputStream given = new ByteArrayOutputStream();

        Recorded(long seed) {
            super(null, null);
            source = new SplittableRandom(seed);
        }

        @Override
        public void nextBytes(byte[] bytes) {
            source.nextBytes(bytes);
            given.writeBytes(bytes);
        }

        /** What it gave since the last call. */
        byte[] drawn() {
            byte[] bytes = given.toByteArray();
            given.reset();
            return bytes;
        }
    }
}
