package dev.cutlass.secondimpl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cutlass.crypto.bc.MlKem768KeyPair;
import dev.cutlass.crypto.bc.X25519;
import dev.cutlass.vectors.GoldenFile;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the first implementation wrote into {@code packets.txt}, the second finds too. */
final class PacketVectorsReproducedTest {
    private static List<GoldenFile.Vector> vectors(String name) throws IOException {
        return GoldenFile.read("packets.txt").stream()
                .filter(vector -> vector.name().equals(name))
                .toList();
    }

    static Stream<GoldenFile.Vector> packets() throws IOException {
        return vectors("packet").stream();
    }

    private static KeySchedule schedule() throws IOException {
        GoldenFile.Vector vector = vectors("key schedule").get(0);
        return KeySchedule.of(vector.bytes("k1"), vector.bytes("k2"), vector.bytes("h"));
    }

    @Test
    void theKeyScheduleIsTheSame() throws IOException {
        GoldenFile.Vector vector = vectors("key schedule").get(0);
        KeySchedule keys = schedule();

        assertArrayEquals(vector.bytes("ratchet root"), keys.ratchetRoot());
        assertArrayEquals(vector.bytes("traffic i"), keys.trafficInitiator());
        assertArrayEquals(vector.bytes("traffic r"), keys.trafficResponder());
        byte[] export = vector.bytes("export");
        assertArrayEquals(
                export, keys.export(vector.bytes("export label"), vector.bytes("export context"), export.length));
    }

    @ParameterizedTest
    @MethodSource("packets")
    void packetsAreTheSame(GoldenFile.Vector vector) {
        Packets packets =
                new Packets((int) vector.number("aead"), vector.bytes("traffic"), vector.bytes("traffic of epoch 0"));
        byte[] packet = vector.bytes("packet");
        byte[] frames = vector.bytes("frames");
        long number = vector.number("number");
        long pathId = vector.number("path id");

        assertArrayEquals(
                packet,
                packets.protect(
                        vector.bytes("connection id"),
                        pathId,
                        (int) vector.number("epoch"),
                        number,
                        vector.number("largest acked"),
                        frames));
        Packets.Opened opened = packets.open(packet, pathId, number - 1);
        assertEquals(number, opened.number());
        assertArrayEquals(frames, Arrays.copyOf(opened.frames(), frames.length));
        assertEquals(vector.number("epoch"), packets.header(packet).epochBits());
    }

    @Test
    void ratchetsLeadToTheSameSecrets() throws IOException {
        KeySchedule keys = schedule();
        List<GoldenFile.Vector> ratchets = vectors("ratchet");
        assertEquals(3, ratchets.size());
        for (GoldenFile.Vector vector : ratchets) {
            byte[] proposer = vector.bytes("proposer's ephemeral");
            byte[] accepter = vector.bytes("accepter's ephemeral");
            byte[] seed = vector.bytes("proposer's ML-KEM seed");
            Rekey propose = new Rekey(
                    Rekey.PROPOSE,
                    vector.number("epoch"),
                    X25519.publicKey(proposer),
                    seed.length == 0 ? seed : MlKem768KeyPair.of(seed).publicKey());
            assertArrayEquals(vector.bytes("propose"), propose.encode());
            byte[] ciphertext = {};
            byte[] secret = {};
            if (seed.length > 0) {
                var made = Noise.encapsulate(propose.kem(), vector.bytes("accepter's ML-KEM randomness"));
                ciphertext = made.ciphertext();
                secret = made.secret();
            }
            Rekey accept = new Rekey(Rekey.ACCEPT, vector.number("epoch"), X25519.publicKey(accepter), ciphertext);
            assertArrayEquals(vector.bytes("accept"), accept.encode());
            boolean byInitiator = vector.number("proposer is initiator") == 1;
            byte[] proposerStatic = vector.bytes(byInitiator ? "static i" : "static r");
            byte[] accepterStatic = vector.bytes(byInitiator ? "static r" : "static i");

            keys = keys.ratchet(
                    Primitives.agree(proposer, accept.ephemeral()),
                    Primitives.agree(proposer, X25519.publicKey(accepterStatic)),
                    Primitives.agree(proposerStatic, accept.ephemeral()),
                    secret,
                    propose.encode(),
                    accept.encode());

            assertArrayEquals(vector.bytes("traffic i"), keys.trafficInitiator());
            assertArrayEquals(vector.bytes("traffic r"), keys.trafficResponder());
        }
    }
}
