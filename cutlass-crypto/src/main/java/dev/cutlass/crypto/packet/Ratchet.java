package dev.cutlass.crypto.packet;

import dev.cutlass.crypto.bc.MlKem768;
import dev.cutlass.crypto.bc.MlKem768KeyPair;
import dev.cutlass.crypto.bc.X25519;
import dev.cutlass.crypto.bc.X25519KeyPair;
import dev.cutlass.crypto.noise.Role;
import dev.cutlass.crypto.packet.RekeyOutcome.Ignored;
import dev.cutlass.crypto.packet.RekeyOutcome.Reason;
import dev.cutlass.crypto.packet.RekeyOutcome.Refused;
import dev.cutlass.crypto.packet.RekeyOutcome.Rekeyed;
import dev.cutlass.crypto.primitive.Hash;
import dev.cutlass.crypto.primitive.Hkdf;
import dev.cutlass.crypto.primitive.Labels;
import dev.cutlass.crypto.primitive.Secrets;
import dev.cutlass.crypto.primitive.StaticKey;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * The key ratchet of a connection (docs/protocol.md section 4.6): each epoch's root mixes the old root with fresh and static
 * Diffie-Hellman secrets and now and then an ML-KEM secret, so that who stole the session's keys but no static key is out after one
 * step. Messages must arrive in order, each once. One thread at a time; no clock: the caller says when. {@link #close()} wipes.
 *
 * <pre>
 *            propose()                     accept arrives
 *   IDLE --------------------> PROPOSED ------------------> IDLE, epoch + 1
 *    | propose arrives: accept    | propose arrives: the handshake's initiator ignores it,
 *    +---> IDLE, epoch + 1        +---> the responder forgets its own and accepts
 * </pre>
 *
 * <p>Randomness is drawn in this order: ephemeral key 32 bytes; then, with a KEM, 64 to propose or 32 to accept.
 */
public final class Ratchet implements AutoCloseable {
    /** How often an ML-KEM exchange takes part by default: every eighth epoch. It costs 2.3 KB on the wire, a classical one 76 bytes. */
    public static final int DEFAULT_KEM_INTERVAL = 8;

    private final Role role;
    private final StaticKey localStatic;
    private final byte[] remoteStatic;
    private final int kemInterval;

    private byte[] root;
    private int epoch;
    private @Nullable Proposal proposal;
    private boolean closed;

    /**
     * Starts at epoch 0.
     *
     * @param role which side of the handshake this is: it decides when both propose
     * @param root {@link KeySchedule#ratchetRoot}; copied
     * @param localStatic our static key, used at each step; closing the ratchet does not close it
     * @param remoteStatic the static key that the handshake authenticated
     * @param kemInterval epochs from one ML-KEM exchange that we propose to the next, at least 1
     */
    public Ratchet(Role role, byte[] root, StaticKey localStatic, byte[] remoteStatic, int kemInterval) {
        if (kemInterval < 1) {
            throw new IllegalArgumentException("kemInterval: " + kemInterval + ", not 1 or more");
        }
        this.role = role;
        this.root = root.clone();
        this.localStatic = localStatic;
        this.remoteStatic = remoteStatic.clone();
        this.kemInterval = kemInterval;
    }

    /** The epoch that is reached: 0 at first. */
    public int epoch() {
        return epoch;
    }

    /** Whether a proposal of ours waits for its answer. */
    public boolean isProposed() {
        return proposal != null;
    }

    /**
     * Proposes the next epoch.
     *
     * @return the REKEY_PROPOSE to be sent
     * @throws IllegalStateException if one waits for its answer already
     */
    public byte[] propose(SecureRandom random) {
        requireOpen();
        if (proposal != null) {
            throw new IllegalStateException("epoch " + (epoch + 1) + " is proposed already");
        }
        X25519KeyPair ephemeral = X25519KeyPair.generate(random);
        MlKem768KeyPair kem = (epoch + 1) % kemInterval == 0 ? MlKem768KeyPair.generate(random) : null;
        byte[] message =
                new RekeyMessage(true, epoch + 1, ephemeral.publicKey(), kem == null ? null : kem.publicKey()).encode();
        proposal = new Proposal(ephemeral, kem, message);
        return message.clone();
    }

    /** Takes one whole message from the peer. */
    public RekeyOutcome handle(byte[] bytes, SecureRandom random) {
        requireOpen();
        RekeyMessage message = RekeyMessage.decode(bytes);
        if (message == null) {
            return new Refused(Reason.MALFORMED);
        }
        if (message.epoch() != epoch + 1) {
            return new Refused(Reason.WRONG_EPOCH);
        }
        if (X25519.isSmallOrder(message.ephemeral())) {
            return new Refused(Reason.BAD_KEY);
        }
        if (message.isPropose()) {
            return proposal != null && role == Role.INITIATOR ? new Ignored() : accept(bytes, message, random);
        }
        return complete(bytes, message);
    }

    @Override
    public void close() {
        closed = true;
        Secrets.wipe(root);
        forgetProposal();
    }

    @Override
    public String toString() {
        return "Ratchet[epoch " + epoch + (proposal == null ? "]" : ", next proposed]");
    }

    private RekeyOutcome accept(byte[] bytes, RekeyMessage message, SecureRandom random) {
        byte[] encapsulationKey = message.kem();
        if (encapsulationKey != null && !MlKem768.isValidPublicKey(encapsulationKey)) {
            return new Refused(Reason.BAD_KEY);
        }
        forgetProposal();
        try (X25519KeyPair ephemeral = X25519KeyPair.generate(random);
                MlKem768.Encapsulation kem =
                        encapsulationKey == null ? null : MlKem768.encapsulate(encapsulationKey, random)) {
            byte[] reply = new RekeyMessage(
                            false, epoch + 1, ephemeral.publicKey(), kem == null ? null : kem.ciphertext())
                    .encode();
            return step(
                    agree(ephemeral, message.ephemeral()),
                    agree(localStatic, message.ephemeral()), // es: the proposer's ephemeral, our static
                    agree(ephemeral, remoteStatic), // se: the proposer's static, our ephemeral
                    kem == null ? new byte[0] : kem.secret(),
                    bytes,
                    reply,
                    reply);
        }
    }

    private RekeyOutcome complete(byte[] bytes, RekeyMessage message) {
        Proposal ours = proposal;
        byte[] ciphertext = message.kem();
        if (ours == null || (ours.kem == null) != (ciphertext == null)) {
            return new Refused(Reason.UNEXPECTED);
        }
        byte[] secret = ours.kem == null || ciphertext == null ? new byte[0] : ours.kem.decapsulate(ciphertext);
        if (secret == null) {
            return new Refused(Reason.MALFORMED);
        }
        RekeyOutcome outcome = step(
                agree(ours.ephemeral, message.ephemeral()),
                agree(ours.ephemeral, remoteStatic),
                agree(localStatic, message.ephemeral()),
                secret,
                ours.message,
                bytes,
                null);
        Secrets.wipe(secret);
        forgetProposal();
        return outcome;
    }

    private RekeyOutcome step(
            byte[] ee, byte[] es, byte[] se, byte[] kemSecret, byte[] propose, byte[] accept, byte @Nullable [] reply) {
        byte[] input = ByteBuffer.allocate(4 * Hash.LENGTH + kemSecret.length)
                .put(ee)
                .put(es)
                .put(se)
                .put(kemSecret)
                .put(Labels.hash("rekey", propose, accept))
                .array();
        byte[] next = Hkdf.extract(Hash.SHA_256, root, input);
        Secrets.wipe(root, input, ee, es, se);
        root = Labels.expand(next, "ratchet", Hash.LENGTH);
        TrafficSecrets traffic = new TrafficSecrets(next);
        Secrets.wipe(next);
        epoch++;
        return new Rekeyed(epoch, traffic, reply);
    }

    private void forgetProposal() {
        if (proposal != null) {
            proposal.close();
            proposal = null;
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the ratchet is closed");
        }
    }

    private static byte[] agree(StaticKey key, byte[] remote) {
        byte[] secret = key.agree(remote);
        if (secret == null) {
            throw new AssertionError("keys of small order are refused before");
        }
        return secret;
    }

    private static final class Proposal {
        final X25519KeyPair ephemeral;
        final @Nullable MlKem768KeyPair kem;
        final byte[] message;

        Proposal(X25519KeyPair ephemeral, @Nullable MlKem768KeyPair kem, byte[] message) {
            this.ephemeral = ephemeral;
            this.kem = kem;
            this.message = message;
        }

        void close() {
            ephemeral.close();
            if (kem != null) {
                kem.close();
            }
        }
    }
}
