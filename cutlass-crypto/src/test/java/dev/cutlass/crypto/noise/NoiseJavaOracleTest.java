package dev.cutlass.crypto.noise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.crypto.bc.X25519;
import dev.cutlass.crypto.bc.X25519KeyPair;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Our handshake talks to that of noise-java, in both roles, with random keys, prologues and payloads. */
class NoiseJavaOracleTest {
    private static final int SEEDS = 8;
    private static final int MAX_PAYLOAD = 300;

    static Stream<Arguments> cases() {
        return Stream.of("NN", "KK", "XX", "XK", "IK")
                .flatMap(pattern -> Stream.of("AESGCM", "ChaChaPoly")
                        .flatMap(cipher -> Stream.of("SHA256", "BLAKE2s")
                                .flatMap(hash -> Stream.of(Role.values())
                                        .map(role -> Arguments.of(
                                                "Noise_" + pattern + "_25519_" + cipher + "_" + hash, role)))));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void noiseJavaUnderstandsUsAndWeUnderstandIt(String name, Role role) throws GeneralSecurityException {
        for (long seed = 0; seed < SEEDS; seed++) {
            run(NoiseProtocol.of(name), role, seed);
        }
    }

    private static void run(NoiseProtocol protocol, Role role, long seed) throws GeneralSecurityException {
        Random random = new Random(seed);
        byte[] prologue = bytes(random, random.nextInt(40));
        byte[] ourPrivate = bytes(random, X25519.LENGTH);
        byte[] theirPrivate = bytes(random, X25519.LENGTH);
        Role other = role == Role.INITIATOR ? Role.RESPONDER : Role.INITIATOR;

        HandshakeState.Builder builder =
                HandshakeState.builder(protocol, role, new SecureRandom()).prologue(prologue);
        if (protocol.pattern().needsStatic(role)) {
            builder.localStatic(X25519KeyPair.of(ourPrivate));
        }
        if (protocol.pattern().isStaticKnown(other)) {
            builder.remoteStatic(X25519.publicKey(theirPrivate));
        }
        HandshakeState ours = builder.start();
        var theirs = new com.southernstorm.noise.protocol.HandshakeState(
                protocol.name(),
                other == Role.INITIATOR
                        ? com.southernstorm.noise.protocol.HandshakeState.INITIATOR
                        : com.southernstorm.noise.protocol.HandshakeState.RESPONDER);
        theirs.setPrologue(prologue, 0, prologue.length);
        if (theirs.needsLocalKeyPair()) {
            theirs.getLocalKeyPair().setPrivateKey(theirPrivate, 0);
        }
        if (theirs.needsRemotePublicKey()) {
            theirs.getRemotePublicKey().setPublicKey(X25519.publicKey(ourPrivate), 0);
        }
        theirs.start();

        while (!ours.isFinished()) {
            byte[] payload = bytes(random, random.nextInt(MAX_PAYLOAD));
            byte[] buffer = new byte[MAX_PAYLOAD + 200];
            if (ours.isMyTurn()) {
                byte[] message = ours.writeMessage(payload);
                int length = theirs.readMessage(message, 0, message.length, buffer, 0);
                assertArrayEquals(payload, Arrays.copyOf(buffer, length));
            } else {
                int length = theirs.writeMessage(buffer, 0, payload, 0, payload.length);
                assertArrayEquals(payload, ours.readMessage(Arrays.copyOf(buffer, length)));
            }
        }
        assertEquals(com.southernstorm.noise.protocol.HandshakeState.SPLIT, theirs.getAction());
        assertArrayEquals(theirs.getHandshakeHash(), ours.handshakeHash());
        var pair = theirs.split();
        byte[] sealed = new byte[16];
        pair.getSender().encryptWithAd(null, new byte[0], 0, sealed, 0, 0);
        SessionSecrets secrets = ours.split();
        CipherState receiving = new CipherState(protocol.cipher());
        receiving.initializeKey(role == Role.INITIATOR ? secrets.responderKey() : secrets.initiatorKey());
        assertArrayEquals(new byte[0], receiving.decryptWithAd(new byte[0], sealed));
        assertTrue(List.of(secrets.handshakeHash().length, secrets.initiatorKey().length)
                .equals(List.of(32, 32)));
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
