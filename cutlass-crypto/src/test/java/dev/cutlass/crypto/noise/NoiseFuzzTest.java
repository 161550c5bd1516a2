package dev.cutlass.crypto.noise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.cutlass.crypto.bc.X25519KeyPair;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Reading any bytes as any message of any pattern: a value, never a throw, and unless the message is the true one nothing changes.
 * The first byte of an input chooses the protocol, the second the message, the third what the rest is: an edit of the true message or
 * a message by itself.
 */
class NoiseFuzzTest {
    private static final List<NoiseProtocol> PROTOCOLS = List.of(
            NoiseProtocol.NORMAL,
            NoiseProtocol.STEALTH,
            NoiseProtocol.of("Noise_IKpsk2_25519_AESGCM_BLAKE2s"),
            NoiseProtocol.of("Noise_KK_25519_ChaChaPoly_SHA256"),
            NoiseProtocol.of("Noise_NN_25519_AESGCM_SHA256"));
    private static final int HEADER = 3;

    @Tag("fuzz")
    @FuzzTest(maxDuration = "10m")
    void anyBytesAreAValue(byte[] input) {
        check(input);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3})
    void randomBytesAreAValue(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 50; round++) {
            byte[] input = new byte[HEADER + random.nextInt(random.nextBoolean() ? 8 : 2000)];
            random.nextBytes(input);
            check(input);
        }
    }

    private static void check(byte[] input) {
        if (input.length < HEADER) {
            return;
        }
        NoiseProtocol protocol = PROTOCOLS.get((input[0] & 0xff) % PROTOCOLS.size());
        HandshakeState[] sides = {start(protocol, Role.INITIATOR), start(protocol, Role.RESPONDER)};
        int target = (input[1] & 0xff) % protocol.pattern().messages().size();
        for (int number = 0; number < target; number++) {
            assertNotNull(sides[1 - number % 2].readMessage(sides[number % 2].writeMessage(new byte[0])));
        }
        HandshakeState reader = sides[1 - target % 2];
        byte[] payload = {1, 2, 3, 4, 5};
        byte[] message = sides[target % 2].writeMessage(payload);
        byte[] rest = Arrays.copyOfRange(input, HEADER, input.length);
        byte[] attempt = input[2] % 2 == 0 ? rest : edited(message, rest);
        byte[] hash = reader.handshakeHash();
        byte[] read = reader.readMessage(attempt);
        boolean protectedMessage = reader.toString().contains("psk") || protocol == PROTOCOLS.get(3) || target > 0;
        if (Arrays.equals(attempt, message)) {
            assertArrayEquals(payload, read);
        } else if (protectedMessage && input[2] % 2 != 0) {
            assertNull(read);
        }
        if (read == null) {
            assertArrayEquals(hash, reader.handshakeHash());
            assertArrayEquals(payload, reader.readMessage(message));
        }
    }

    /** Each 3 bytes of the rest: where, and what is XORed there. */
    private static byte[] edited(byte[] message, byte[] edits) {
        byte[] edited = message.clone();
        for (int i = 0; i + 2 < edits.length; i += 3) {
            edited[((edits[i] & 0xff) << 8 | edits[i + 1] & 0xff) % edited.length] ^= edits[i + 2];
        }
        return edited;
    }

    private static HandshakeState start(NoiseProtocol protocol, Role role) {
        X25519KeyPair initiator = X25519KeyPair.of(HexFormat.of().parseHex("11".repeat(32)));
        X25519KeyPair responder = X25519KeyPair.of(HexFormat.of().parseHex("22".repeat(32)));
        byte[] random = new byte[96];
        Arrays.fill(random, (byte) (3 + role.ordinal()));
        SecureRandom fixed = new FixedRandom(random);
        HandshakeState.Builder builder = HandshakeState.builder(protocol, role, fixed);
        boolean isInitiator = role == Role.INITIATOR;
        if (protocol.pattern().needsStatic(role)) {
            builder.localStatic(isInitiator ? initiator : responder);
        }
        if (protocol.pattern().isStaticKnown(isInitiator ? Role.RESPONDER : Role.INITIATOR)) {
            builder.remoteStatic((isInitiator ? responder : initiator).publicKey());
        }
        return builder.start();
    }
}
