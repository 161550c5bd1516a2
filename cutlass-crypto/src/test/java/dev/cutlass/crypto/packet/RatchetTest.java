package dev.cutlass.crypto.packet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.crypto.bc.MlKem768KeyPair;
import dev.cutlass.crypto.bc.X25519;
import dev.cutlass.crypto.bc.X25519KeyPair;
import dev.cutlass.crypto.noise.Role;
import dev.cutlass.crypto.packet.RekeyOutcome.Ignored;
import dev.cutlass.crypto.packet.RekeyOutcome.Reason;
import dev.cutlass.crypto.packet.RekeyOutcome.Refused;
import dev.cutlass.crypto.packet.RekeyOutcome.Rekeyed;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two ratchets against each other, against a second derivation, and against messages that no honest peer sends. */
class RatchetTest {
    private static final byte[] ROOT = HexFormat.of().parseHex("22".repeat(32));

    private final X25519KeyPair left = X25519KeyPair.of(HexFormat.of().parseHex("01".repeat(32)));
    private final X25519KeyPair right = X25519KeyPair.of(HexFormat.of().parseHex("02".repeat(32)));
    private final SecureRandom random = new SecureRandom();

    @Test
    void bothSidesReachTheSameSecretsInEveryEpoch() {
        Ratchet initiator = initiator(3);
        Ratchet responder = responder(3);
        Set<String> seen = new HashSet<>();
        for (int epoch = 1; epoch <= 7; epoch++) {
            boolean fromInitiator = epoch % 2 == 0;
            Ratchet proposer = fromInitiator ? initiator : responder;
            Ratchet other = fromInitiator ? responder : initiator;
            byte[] propose = proposer.propose(random);
            assertEquals(epoch % 3 == 0 ? RekeyMessage.MAX_LENGTH : RekeyMessage.HEADER_LENGTH, propose.length);
            assertTrue(proposer.isProposed());
            Rekeyed accepted = assertInstanceOf(Rekeyed.class, other.handle(propose, random));
            byte[] reply = accepted.reply();
            assertNotNull(reply);
            Rekeyed completed = assertInstanceOf(Rekeyed.class, proposer.handle(reply, random));
            assertNull(completed.reply());
            assertFalse(proposer.isProposed());
            assertEquals(epoch, accepted.epoch());
            assertEquals(epoch, completed.epoch());
            for (Role sender : Role.values()) {
                assertArrayEquals(
                        accepted.traffic().of(sender), completed.traffic().of(sender));
                assertTrue(seen.add(HexFormat.of().formatHex(completed.traffic().of(sender))), "secret used twice");
            }
        }
        assertEquals(7, initiator.epoch());
    }

    /** docs/protocol.md section 4.6, written a second time with nothing of ours but X25519 and ML-KEM. */
    @Test
    void aStepMixesWhatTheDocumentSays() throws GeneralSecurityException {
        byte[] seed = new byte[32 + 64];
        new Random(5).nextBytes(seed);
        Ratchet initiator = initiator(1);
        Ratchet responder = responder(1);
        byte[] propose = initiator.propose(fixed(seed));
        byte[] m = new byte[32 + 32];
        new Random(6).nextBytes(m);
        Rekeyed accepted = assertInstanceOf(Rekeyed.class, responder.handle(propose, fixed(m)));
        byte[] accept = accepted.reply();

        byte[] ofProposer = Arrays.copyOf(seed, 32);
        byte[] ofAccepter = Arrays.copyOf(m, 32);
        byte[] header = KeyScheduleTest.join(new byte[] {1, 0, 0, 0, 1}, X25519.publicKey(ofProposer), new byte[] {1});
        MlKem768KeyPair kem = MlKem768KeyPair.of(Arrays.copyOfRange(seed, 32, 96));
        assertArrayEquals(KeyScheduleTest.join(header, kem.publicKey()), propose);
        assertArrayEquals(
                KeyScheduleTest.join(new byte[] {2, 0, 0, 0, 1}, X25519.publicKey(ofAccepter), new byte[] {1}),
                Arrays.copyOf(accept, 38));
        byte[] input = KeyScheduleTest.join(
                X25519.agree(ofProposer, X25519.publicKey(ofAccepter)),
                X25519.agree(ofProposer, right.publicKey()),
                left.agree(X25519.publicKey(ofAccepter)),
                kem.decapsulate(Arrays.copyOfRange(accept, 38, accept.length)),
                KeyScheduleTest.sha256(KeyScheduleTest.text("cutlass2/rekey\0"), propose, accept));
        byte[] root = KeyScheduleTest.hmac(ROOT, input);
        assertArrayEquals(
                KeyScheduleTest.expand(root, KeyScheduleTest.text("cutlass2/traffic i\0"), 32),
                accepted.traffic().of(Role.INITIATOR));
        assertArrayEquals(
                KeyScheduleTest.expand(root, KeyScheduleTest.text("cutlass2/traffic r\0"), 32),
                accepted.traffic().of(Role.RESPONDER));
    }

    @Test
    void ifBothProposeTheHandshakesInitiatorCounts() {
        Ratchet initiator = initiator(8);
        Ratchet responder = responder(8);
        byte[] ofInitiator = initiator.propose(random);
        byte[] ofResponder = responder.propose(random);
        assertInstanceOf(Ignored.class, initiator.handle(ofResponder, random));
        Rekeyed accepted = assertInstanceOf(Rekeyed.class, responder.handle(ofInitiator, random));
        assertFalse(responder.isProposed());
        Rekeyed completed = assertInstanceOf(Rekeyed.class, initiator.handle(accepted.reply(), random));
        assertArrayEquals(
                accepted.traffic().of(Role.INITIATOR), completed.traffic().of(Role.INITIATOR));
    }

    /** Two ordered streams, each side proposing when it likes. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
    void anyInterleavingOfTwoOrderedStreamsKeepsBothInStep(long seed) {
        Random dice = new Random(seed);
        Ratchet[] sides = {initiator(2), responder(2)};
        @SuppressWarnings({"unchecked", "rawtypes"})
        Queue<byte[]>[] toSide = new Queue[] {new ArrayDeque<byte[]>(), new ArrayDeque<byte[]>()};
        String[][] secrets = new String[2][200];
        for (int step = 0; step < 150 || !toSide[0].isEmpty() || !toSide[1].isEmpty(); step++) {
            int side = dice.nextInt(2);
            if (step < 150 && dice.nextInt(4) == 0 && !sides[side].isProposed()) {
                toSide[1 - side].add(sides[side].propose(random));
            }
            byte[] message = toSide[side].poll();
            if (message != null) {
                RekeyOutcome outcome = sides[side].handle(message, random);
                assertFalse(outcome instanceof Refused, "seed " + seed + " " + outcome);
                if (outcome instanceof Rekeyed rekeyed) {
                    secrets[side][rekeyed.epoch()] =
                            HexFormat.of().formatHex(rekeyed.traffic().of(Role.INITIATOR));
                    if (rekeyed.reply() != null) {
                        toSide[1 - side].add(rekeyed.reply());
                    }
                }
            }
        }
        assertEquals(sides[0].epoch(), sides[1].epoch());
        assertTrue(sides[0].epoch() > 5);
        assertArrayEquals(secrets[0], secrets[1]);
    }

    @Test
    void whatNoHonestPeerSendsIsRefusedAndChangesNothing() {
        Ratchet initiator = initiator(1);
        Ratchet responder = responder(1);
        byte[] propose = initiator.propose(random);
        assertRefused(Reason.MALFORMED, responder, new byte[0]);
        assertRefused(Reason.MALFORMED, responder, Arrays.copyOf(propose, propose.length - 1));
        assertRefused(Reason.MALFORMED, responder, Arrays.copyOf(propose, propose.length + 1));
        assertRefused(Reason.MALFORMED, responder, changed(propose, 0, 3));
        assertRefused(Reason.MALFORMED, responder, changed(propose, RekeyMessage.KEM_OFFSET, 2));
        assertRefused(Reason.MALFORMED, responder, changed(propose, 1, 0x80));
        assertRefused(Reason.MALFORMED, responder, changed(propose, 4, 0));
        assertRefused(Reason.WRONG_EPOCH, responder, changed(propose, 4, 2));
        byte[] smallOrder = propose.clone();
        Arrays.fill(smallOrder, 5, 37, (byte) 0);
        assertRefused(Reason.BAD_KEY, responder, smallOrder);
        byte[] badModulus = propose.clone();
        Arrays.fill(badModulus, 38, 41, (byte) 0xff);
        assertRefused(Reason.BAD_KEY, responder, badModulus);

        byte[] accept = assertInstanceOf(Rekeyed.class, responder.handle(propose, random))
                .reply();
        assertRefused(Reason.WRONG_EPOCH, responder, propose);
        assertRefused(Reason.UNEXPECTED, initiator, changed(Arrays.copyOf(accept, 38), RekeyMessage.KEM_OFFSET, 0));
        assertRefused(Reason.UNEXPECTED, initiator(1), accept);
        assertTrue(initiator.isProposed());
        assertInstanceOf(Rekeyed.class, initiator.handle(accept, random));
        assertRefused(Reason.WRONG_EPOCH, initiator, accept);
        assertThrows(IllegalStateException.class, () -> {
            initiator.propose(random);
            initiator.propose(random);
        });
        responder.close();
        assertThrows(IllegalStateException.class, () -> responder.propose(random));
        assertThrows(IllegalStateException.class, () -> responder.handle(propose, random));
    }

    @Test
    void aReaderOfTheStreamLearnsHowMuchToWaitFor() {
        byte[] propose = initiator(1).propose(random);
        for (int available = 0; available < RekeyMessage.HEADER_LENGTH; available++) {
            assertEquals(RekeyMessage.INCOMPLETE, RekeyMessage.lengthOf(propose, 0, available));
        }
        assertEquals(propose.length, RekeyMessage.lengthOf(propose, 0, RekeyMessage.HEADER_LENGTH));
        assertEquals(RekeyMessage.MALFORMED, RekeyMessage.lengthOf(new byte[] {0, 3}, 1, 1));
        assertArrayEquals(propose, RekeyMessage.decode(propose).encode());
    }

    private static void assertRefused(Reason reason, Ratchet ratchet, byte[] message) {
        int epoch = ratchet.epoch();
        Refused refused = assertInstanceOf(Refused.class, ratchet.handle(message, new SecureRandom()));
        assertEquals(reason, refused.reason());
        assertEquals(epoch, ratchet.epoch());
    }

    private Ratchet initiator(int kemInterval) {
        return new Ratchet(Role.INITIATOR, ROOT, left, right.publicKey(), kemInterval);
    }

    private Ratchet responder(int kemInterval) {
        return new Ratchet(Role.RESPONDER, ROOT, right, left.publicKey(), kemInterval);
    }

    private static byte[] changed(byte[] bytes, int offset, int value) {
        byte[] changed = bytes.clone();
        changed[offset] = (byte) value;
        return changed;
    }

    private static SecureRandom fixed(byte[] bytes) {
        return new SecureRandom() {
            private int position;

            @Override
            public void nextBytes(byte[] out) {
                System.arraycopy(bytes, position, out, 0, out.length);
                position += out.length;
            }
        };
    }
}
