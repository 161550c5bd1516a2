package dev.cutlass.crypto.noise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.cutlass.crypto.bc.X25519KeyPair;
import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.crypto.vectors.Vectors;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The public vectors of the Haskell implementation cacophony: every message of both sides, byte by byte. */
class NoiseVectorsTest {
    private static final Pattern WANTED =
            Pattern.compile("Noise_(NN|KK|XX|XK|IK)(psk\\d)?_25519_(AESGCM|ChaChaPoly)_(SHA256|BLAKE2s)");
    private static final int EXPECTED = 52; // 13 patterns x 2 ciphers x 2 hashes

    @Test
    void everyVectorOfOurPatternsIsReproducedByBothSides() {
        int count = 0;
        for (JsonElement element : Vectors.read("noise/cacophony.txt").getAsJsonArray("vectors")) {
            JsonObject vector = element.getAsJsonObject();
            if (WANTED.matcher(vector.get("protocol_name").getAsString()).matches()) {
                run(vector);
                count++;
            }
        }
        assertEquals(EXPECTED, count);
    }

    private static void run(JsonObject vector) {
        NoiseProtocol protocol = NoiseProtocol.of(vector.get("protocol_name").getAsString());
        HandshakeState initiator = start(protocol, vector, Role.INITIATOR, "init");
        HandshakeState responder = start(protocol, vector, Role.RESPONDER, "resp");
        List<JsonElement> messages =
                new ArrayList<>(vector.getAsJsonArray("messages").asList());
        int number = 0;
        while (!initiator.isFinished()) {
            HandshakeState writer = number % 2 == 0 ? initiator : responder;
            HandshakeState reader = number % 2 == 0 ? responder : initiator;
            JsonObject message = messages.get(number).getAsJsonObject();
            byte[] payload = Vectors.bytes(message, "payload");
            byte[] ciphertext = Vectors.bytes(message, "ciphertext");
            String where = protocol + " message " + number;
            assertEquals(ciphertext.length, writer.overhead() + payload.length, where);
            assertArrayEquals(ciphertext, writer.writeMessage(payload), where);
            assertArrayEquals(payload, reader.readMessage(ciphertext), where);
            number++;
        }
        assertTrue(responder.isFinished());
        byte[] hash = Vectors.bytes(vector, "handshake_hash");
        SessionSecrets ofInitiator = initiator.split();
        SessionSecrets ofResponder = responder.split();
        assertArrayEquals(hash, ofInitiator.handshakeHash());
        assertArrayEquals(hash, ofResponder.handshakeHash());
        assertArrayEquals(ofInitiator.initiatorKey(), ofResponder.initiatorKey());
        assertArrayEquals(ofInitiator.responderKey(), ofResponder.responderKey());
        runTransport(protocol, ofInitiator, messages, number);
    }

    private static void runTransport(
            NoiseProtocol protocol, SessionSecrets secrets, List<JsonElement> messages, int from) {
        CipherState[] sending = {
            cipher(protocol.cipher(), secrets.initiatorKey()), cipher(protocol.cipher(), secrets.responderKey())
        };
        CipherState[] receiving = {sending[0].copy(), sending[1].copy()};
        assertTrue(messages.size() > from, "no transport messages in " + protocol);
        for (int number = from; number < messages.size(); number++) {
            JsonObject message = messages.get(number).getAsJsonObject();
            byte[] payload = Vectors.bytes(message, "payload");
            byte[] ciphertext = Vectors.bytes(message, "ciphertext");
            String where = protocol + " message " + number;
            assertArrayEquals(ciphertext, sending[number % 2].encryptWithAd(new byte[0], payload), where);
            assertArrayEquals(payload, receiving[number % 2].decryptWithAd(new byte[0], ciphertext), where);
        }
    }

    private static CipherState cipher(AeadAlgorithm algorithm, byte[] key) {
        CipherState cipher = new CipherState(algorithm);
        cipher.initializeKey(key);
        return cipher;
    }

    private static HandshakeState start(NoiseProtocol protocol, JsonObject vector, Role role, String prefix) {
        HandshakeState.Builder builder = HandshakeState.builder(
                        protocol, role, new FixedRandom(Vectors.bytes(vector, prefix + "_ephemeral")))
                .prologue(Vectors.bytes(vector, prefix + "_prologue"));
        byte[] statik = Vectors.bytes(vector, prefix + "_static");
        if (statik != null) {
            builder.localStatic(X25519KeyPair.of(statik));
        }
        byte[] remote = Vectors.bytes(vector, prefix + "_remote_static");
        if (remote != null) {
            builder.remoteStatic(remote);
        }
        if (vector.has(prefix + "_psks")) {
            String psk = vector.getAsJsonArray(prefix + "_psks").get(0).getAsString();
            byte[] bytes = HexFormat.of().parseHex(psk);
            builder.psk(peer -> bytes);
        }
        return builder.start();
    }
}
