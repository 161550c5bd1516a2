package dev.cutlass.crypto.packet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.crypto.bc.X25519KeyPair;
import dev.cutlass.crypto.noise.HandshakeState;
import dev.cutlass.crypto.noise.NoiseProtocol;
import dev.cutlass.crypto.noise.Role;
import dev.cutlass.crypto.noise.SessionSecrets;
import dev.cutlass.crypto.primitive.Secrets;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** The key schedule, written a second time from docs/protocol.md section 4.1 with the JDK's HMAC and nothing of ours. */
class KeyScheduleTest {
    @Test
    void bothSidesDeriveWhatTheDocumentSays() throws GeneralSecurityException {
        SessionSecrets[] sessions = sessions();
        byte[] key = sessions[0].initiatorKey();
        byte[] input = join(sessions[0].initiatorKey(), sessions[0].responderKey());
        byte[] root = hmac(sessions[0].handshakeHash(), input);
        try (KeySchedule initiator = new KeySchedule(sessions[0]);
                KeySchedule responder = new KeySchedule(sessions[1])) {
            for (KeySchedule schedule : new KeySchedule[] {initiator, responder}) {
                assertArrayEquals(expand(root, text("cutlass2/ratchet\0"), 32), schedule.ratchetRoot());
                assertArrayEquals(
                        expand(root, text("cutlass2/traffic i\0"), 32),
                        schedule.traffic().of(Role.INITIATOR));
                assertArrayEquals(
                        expand(root, text("cutlass2/traffic r\0"), 32),
                        schedule.traffic().of(Role.RESPONDER));
                byte[] info = join(text("cutlass2/export\0"), sha256(text("voice")), sha256(new byte[] {7}));
                assertArrayEquals(
                        expand(expand(root, text("cutlass2/exporter\0"), 32), info, 100),
                        schedule.export("voice", new byte[] {7}, 100));
            }
        }
        assertThrows(IllegalStateException.class, () -> sessions[0].initiatorKey());
        assertTrue(Secrets.isZero(key), "the handshake's secrets must be gone");
    }

    @Test
    void exportsDifferByLabelAndContextAndHaveALimit() {
        SessionSecrets[] sessions = sessions();
        try (KeySchedule schedule = new KeySchedule(sessions[0])) {
            byte[] one = schedule.export("a", new byte[] {'b'}, 32);
            assertFalse(Arrays.equals(one, schedule.export("ab", new byte[0], 32)));
            assertFalse(Arrays.equals(one, schedule.export("", new byte[] {'a', 'b'}, 32)));
            assertEquals(
                    KeySchedule.MAX_EXPORT_LENGTH,
                    schedule.export("a", new byte[0], KeySchedule.MAX_EXPORT_LENGTH).length);
            assertThrows(
                    IllegalArgumentException.class,
                    () -> schedule.export("a", new byte[0], KeySchedule.MAX_EXPORT_LENGTH + 1));
            byte[] traffic = schedule.traffic().of(Role.INITIATOR);
            schedule.forgetTraffic();
            assertArrayEquals(one, schedule.export("a", new byte[] {'b'}, 32));
            assertTrue(Secrets.isZero(traffic));
            assertThrows(IllegalStateException.class, () -> schedule.traffic().of(Role.INITIATOR));
            byte[] root = schedule.ratchetRoot();
            schedule.forgetRatchetRoot();
            assertTrue(Secrets.isZero(root));
            assertThrows(IllegalStateException.class, schedule::ratchetRoot);
            schedule.close();
            assertThrows(IllegalStateException.class, () -> schedule.export("a", new byte[0], 32));
        }
    }

    @Test
    void nothingSecretIsInAString() {
        SessionSecrets[] sessions = sessions();
        String secret = HexFormat.of().formatHex(sessions[0].initiatorKey());
        assertFalse(sessions[0].toString().contains(secret.substring(0, 8)));
        try (KeySchedule schedule = new KeySchedule(sessions[0])) {
            assertEquals("KeySchedule[redacted]", schedule.toString());
            assertEquals("TrafficSecrets[redacted]", schedule.traffic().toString());
        }
    }

    /** The secrets of one hybrid handshake on both sides. */
    static SessionSecrets[] sessions() {
        SecureRandom random = new SecureRandom();
        X25519KeyPair left = X25519KeyPair.generate(random);
        X25519KeyPair right = X25519KeyPair.generate(random);
        HandshakeState initiator = HandshakeState.builder(NoiseProtocol.NORMAL, Role.INITIATOR, random)
                .localStatic(left)
                .start();
        HandshakeState responder = HandshakeState.builder(NoiseProtocol.NORMAL, Role.RESPONDER, random)
                .localStatic(right)
                .start();
        responder.readMessage(initiator.writeMessage(new byte[0]));
        initiator.readMessage(responder.writeMessage(new byte[0]));
        responder.readMessage(initiator.writeMessage(new byte[0]));
        return new SessionSecrets[] {initiator.split(), responder.split()};
    }

    static byte[] hmac(byte[] key, byte[]... parts) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "RAW"));
        return mac.doFinal(join(parts));
    }

    static byte[] expand(byte[] secret, byte[] info, int length) throws GeneralSecurityException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] last = new byte[0];
        for (int counter = 1; out.size() < length; counter++) {
            last = hmac(secret, last, info, new byte[] {(byte) counter});
            out.writeBytes(last);
        }
        return Arrays.copyOf(out.toByteArray(), length);
    }

    static byte[] sha256(byte[]... parts) throws GeneralSecurityException {
        return MessageDigest.getInstance("SHA-256").digest(join(parts));
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
