package dev.cutlass.crypto.noise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.crypto.bc.MlKem768;
import dev.cutlass.crypto.bc.MlKem768KeyPair;
import dev.cutlass.crypto.bc.X25519;
import dev.cutlass.crypto.bc.X25519KeyPair;
import java.io.ByteArrayOutputStream;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The two handshakes of Cutlass: their bytes, their secrets, and what a forger achieves. */
class HybridHandshakeTest {
    private static final byte[] PROLOGUE = {'p'};
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final X25519KeyPair INITIATOR_KEY = X25519KeyPair.generate(RANDOM);
    private static final X25519KeyPair RESPONDER_KEY = X25519KeyPair.generate(RANDOM);

    static Stream<NoiseProtocol> modes() {
        return Stream.of(NoiseProtocol.NORMAL, NoiseProtocol.STEALTH);
    }

    @Test
    void thePatternsAreThoseOfTheProtocol() {
        assertEquals(
                "XXhfs+psk3 -> e, e1 <- e, ee, ekem1, s, es -> s, se, psk",
                NoiseProtocol.NORMAL.pattern().toString());
        assertEquals(
                "XKhfs+psk3 -> e, es, e1 <- e, ee, ekem1 -> s, se, psk",
                NoiseProtocol.STEALTH.pattern().toString());
        assertTrue(NoiseProtocol.STEALTH.pattern().isStaticKnown(Role.RESPONDER));
        assertFalse(NoiseProtocol.STEALTH.pattern().isStaticKnown(Role.INITIATOR));
        assertFalse(NoiseProtocol.NORMAL.pattern().isStaticKnown(Role.RESPONDER));
    }

    @ParameterizedTest
    @MethodSource("modes")
    void messagesHaveTheLengthsOfTheProtocol(NoiseProtocol mode) { // docs/protocol.md section 3.2
        int[] payloads = mode == NoiseProtocol.NORMAL ? new int[] {160, 592, 640} : new int[] {160, 640, 640};
        int[] lengths = {1408, 1792, 704};
        Pair pair = new Pair(mode, new byte[32], new byte[32]);
        for (int i = 0; i < lengths.length; i++) {
            assertEquals(lengths[i], pair.writer().overhead() + payloads[i]);
            assertEquals(lengths[i], pair.pass(new byte[payloads[i]]).length);
        }
    }

    @ParameterizedTest
    @MethodSource("modes")
    void bothSidesKnowTheSameSecretsAndEachOther(NoiseProtocol mode) {
        Pair pair = new Pair(mode, new byte[32], new byte[32]);
        List<String> exported = new ArrayList<>();
        while (!pair.initiator.isFinished()) {
            pair.pass(new byte[] {1, 2, 3});
            byte[] secret = pair.initiator.exportSecret("mask");
            assertArrayEquals(secret, pair.responder.exportSecret("mask"));
            assertFalse(Arrays.equals(secret, pair.initiator.exportSecret("other")));
            exported.add(HexFormat.of().formatHex(secret));
        }
        assertEquals(3, exported.stream().distinct().count());
        assertArrayEquals(RESPONDER_KEY.publicKey(), pair.initiator.remoteStatic());
        assertArrayEquals(INITIATOR_KEY.publicKey(), pair.responder.remoteStatic());
        assertNotNull(pair.responder.remoteEphemeral());
        SessionSecrets left = pair.initiator.split();
        SessionSecrets right = pair.responder.split();
        assertArrayEquals(left.handshakeHash(), right.handshakeHash());
        assertArrayEquals(left.initiatorKey(), right.initiatorKey());
        assertArrayEquals(left.responderKey(), right.responderKey());
        assertFalse(Arrays.equals(left.initiatorKey(), left.responderKey()));
    }

    /** A changed byte at every place, every shorter message and one longer: refused; and then the true message still comes in. */
    @ParameterizedTest
    @MethodSource("modes")
    void aForgedMessageLeavesNoTrace(NoiseProtocol mode) {
        Random dice = new Random(7);
        Pair pair = new Pair(mode, new byte[32], new byte[32]);
        while (!pair.initiator.isFinished()) {
            HandshakeState reader = pair.reader();
            byte[] payload = new byte[20];
            dice.nextBytes(payload);
            byte[] message = pair.writer().writeMessage(payload);
            byte[] hash = reader.handshakeHash();
            byte[] secret = reader.exportSecret("mask");
            for (int i = 0; i < message.length; i++) {
                byte[] forged = message.clone();
                forged[i] ^= (byte) (1 << dice.nextInt(8));
                assertNull(reader.readMessage(forged), mode + " byte " + i);
            }
            for (int length = 0; length < message.length; length += length < 80 ? 1 : 97) {
                assertNull(reader.readMessage(Arrays.copyOf(message, length)), mode + " length " + length);
            }
            assertNull(reader.readMessage(Arrays.copyOf(message, message.length + 1)));
            assertNull(reader.readMessage(new byte[HandshakeState.MAX_MESSAGE_LENGTH + 1]));
            assertArrayEquals(hash, reader.handshakeHash());
            assertArrayEquals(secret, reader.exportSecret("mask"));
            assertArrayEquals(payload, reader.readMessage(message));
        }
        assertArrayEquals(pair.initiator.handshakeHash(), pair.responder.handshakeHash());
    }

    @ParameterizedTest
    @MethodSource("modes")
    void anotherPreSharedKeyFailsAtTheThirdMessage(NoiseProtocol mode) {
        byte[] psk = new byte[32];
        psk[31] = 1;
        Pair pair = new Pair(mode, new byte[32], psk);
        pair.pass(new byte[0]);
        pair.pass(new byte[0]);
        assertNull(pair.responder.readMessage(pair.initiator.writeMessage(new byte[0])));
        assertArrayEquals(
                INITIATOR_KEY.publicKey(), pair.askedFor.get(0), "the key is looked up for who says it is there");
        Pair same = new Pair(mode, psk, psk);
        same.pass(new byte[0]);
        same.pass(new byte[0]);
        same.pass(new byte[0]);
        assertTrue(same.responder.isFinished());
    }

    @ParameterizedTest
    @MethodSource("modes")
    void anotherPrologueFailsAtTheFirstMessage(NoiseProtocol mode) {
        Pair pair = new Pair(mode, new byte[32], new byte[32]);
        HandshakeState other = pair.build(mode, Role.RESPONDER, new byte[32], new byte[] {'q'});
        byte[] message = pair.initiator.writeMessage(new byte[0]);
        assertNull(other.readMessage(message));
        assertNotNull(pair.responder.readMessage(message));
    }

    @Test
    void stealthToAnotherKeyFailsAtTheFirstMessage() {
        Pair pair = new Pair(NoiseProtocol.STEALTH, new byte[32], new byte[32]);
        HandshakeState lost = HandshakeState.builder(NoiseProtocol.STEALTH, Role.INITIATOR, RANDOM)
                .prologue(PROLOGUE)
                .localStatic(INITIATOR_KEY)
                .remoteStatic(INITIATOR_KEY.publicKey())
                .start();
        assertNull(pair.responder.readMessage(lost.writeMessage(new byte[0])));
    }

    /** In normal mode anybody can compute the keys of message 1, so a forger can seal what he likes. */
    @Test
    void sealedButBadKeysAreRefused() {
        byte[] goodEphemeral = X25519.publicKey(X25519.newPrivateKey(RANDOM));
        byte[] goodKem = MlKem768KeyPair.generate(RANDOM).publicKey();
        byte[] badKem = goodKem.clone();
        badKem[0] = (byte) 0xff;
        badKem[1] |= 0x0f; // a coefficient of 4,095
        assertFalse(MlKem768.isValidPublicKey(badKem));
        assertNotNull(responder().readMessage(firstMessage(goodEphemeral, goodKem)));
        assertNull(responder().readMessage(firstMessage(new byte[32], goodKem)));
        assertNull(responder().readMessage(firstMessage(goodEphemeral, badKem)));
    }

    @Test
    void aFixedSourceOfRandomnessGivesAFixedTranscript() {
        byte[] ofInitiator = new byte[32 + 64];
        byte[] ofResponder = new byte[32 + 32];
        new Random(1).nextBytes(ofInitiator);
        new Random(2).nextBytes(ofResponder);
        String[] hashes = new String[2];
        for (int run = 0; run < 2; run++) {
            HandshakeState initiator = HandshakeState.builder(
                            NoiseProtocol.NORMAL, Role.INITIATOR, new FixedRandom(ofInitiator))
                    .localStatic(INITIATOR_KEY)
                    .start();
            HandshakeState responder = HandshakeState.builder(
                            NoiseProtocol.NORMAL, Role.RESPONDER, new FixedRandom(ofResponder))
                    .localStatic(RESPONDER_KEY)
                    .start();
            byte[] first = initiator.writeMessage(new byte[0]);
            assertArrayEquals(X25519.publicKey(Arrays.copyOf(ofInitiator, 32)), Arrays.copyOf(first, 32));
            responder.readMessage(first);
            initiator.readMessage(responder.writeMessage(new byte[0]));
            responder.readMessage(initiator.writeMessage(new byte[0]));
            hashes[run] = HexFormat.of().formatHex(responder.handshakeHash());
        }
        assertEquals(hashes[0], hashes[1]);
    }

    @Test
    void callingOutOfTurnOrAfterTheEndThrows() {
        Pair pair = new Pair(NoiseProtocol.NORMAL, new byte[32], new byte[32]);
        assertThrows(IllegalStateException.class, () -> pair.responder.writeMessage(new byte[0]));
        assertThrows(IllegalStateException.class, () -> pair.initiator.readMessage(new byte[0]));
        assertThrows(IllegalStateException.class, () -> pair.initiator.split());
        assertThrows(
                IllegalArgumentException.class,
                () -> pair.initiator.writeMessage(new byte[HandshakeState.MAX_MESSAGE_LENGTH]));
        pair.initiator.close();
        assertThrows(IllegalStateException.class, () -> pair.initiator.writeMessage(new byte[0]));
        assertThrows(IllegalStateException.class, () -> pair.initiator.exportSecret("mask"));
    }

    @Test
    void aHandshakeWithoutTheKeysItNeedsDoesNotStart() {
        var normal = HandshakeState.builder(NoiseProtocol.NORMAL, Role.INITIATOR, RANDOM);
        assertThrows(IllegalArgumentException.class, normal::start);
        var surplus = HandshakeState.builder(NoiseProtocol.NORMAL, Role.INITIATOR, RANDOM)
                .localStatic(INITIATOR_KEY)
                .remoteStatic(RESPONDER_KEY.publicKey());
        assertThrows(IllegalArgumentException.class, surplus::start);
        var smallOrder = HandshakeState.builder(NoiseProtocol.STEALTH, Role.INITIATOR, RANDOM)
                .localStatic(INITIATOR_KEY)
                .remoteStatic(new byte[32]);
        assertThrows(IllegalArgumentException.class, smallOrder::start);
    }

    @Test
    void namesThatWeDoNotKnowAreRefused() {
        for (String name : List.of(
                "",
                "Noise_XX_25519_AESGCM",
                "Noise_XX_448_AESGCM_SHA256",
                "Noise_XX_25519_AESGCM_SHA512",
                "Noise_XX_25519_XChaCha_SHA256",
                "Noise_ZZ_25519_AESGCM_SHA256",
                "Noise_XXpsk4_25519_AESGCM_SHA256",
                "Noise_XXpskx_25519_AESGCM_SHA256",
                "Noise_XXfallback_25519_AESGCM_SHA256",
                "Noise_XXhfs_25519_AESGCM_SHA256",
                "Noise_XX_25519+MLKEM768_AESGCM_SHA256",
                "Noise_XXhfs+hfs_25519+MLKEM768_AESGCM_SHA256")) {
            assertThrows(IllegalArgumentException.class, () -> NoiseProtocol.of(name), name);
        }
    }

    private static byte[] firstMessage(byte[] ephemeral, byte[] kem) {
        SymmetricState state = SymmetricState.of(NoiseProtocol.NORMAL);
        state.mixHash(PROLOGUE);
        state.mixHash(ephemeral);
        state.mixKey(ephemeral);
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.writeBytes(ephemeral);
        message.writeBytes(state.encryptAndHash(kem));
        message.writeBytes(state.encryptAndHash(new byte[0]));
        return message.toByteArray();
    }

    private static HandshakeState responder() {
        return new Pair(NoiseProtocol.NORMAL, new byte[32], new byte[32]).responder;
    }

    private static final class Pair {
        final List<byte[]> askedFor = new ArrayList<>();
        final HandshakeState initiator;
        final HandshakeState responder;

        Pair(NoiseProtocol mode, byte[] pskOfInitiator, byte[] pskOfResponder) {
            initiator = build(mode, Role.INITIATOR, pskOfInitiator, PROLOGUE);
            responder = build(mode, Role.RESPONDER, pskOfResponder, PROLOGUE);
        }

        HandshakeState build(NoiseProtocol mode, Role role, byte[] psk, byte[] prologue) {
            HandshakeState.Builder builder = HandshakeState.builder(mode, role, RANDOM)
                    .prologue(prologue)
                    .localStatic(role == Role.INITIATOR ? INITIATOR_KEY : RESPONDER_KEY)
                    .psk(peer -> {
                        if (role == Role.RESPONDER) {
                            askedFor.add(peer);
                        }
                        return psk;
                    });
            if (mode == NoiseProtocol.STEALTH && role == Role.INITIATOR) {
                builder.remoteStatic(RESPONDER_KEY.publicKey());
            }
            return builder.start();
        }

        HandshakeState writer() {
            return initiator.isMyTurn() ? initiator : responder;
        }

        HandshakeState reader() {
            return initiator.isMyTurn() ? responder : initiator;
        }

        byte[] pass(byte[] payload) {
            HandshakeState reader = reader();
            byte[] message = writer().writeMessage(payload);
            assertArrayEquals(payload, reader.readMessage(message));
            return message;
        }
    }
}
