package dev.cutlass.crypto.noise;

import dev.cutlass.crypto.bc.MlKem768;
import dev.cutlass.crypto.bc.X25519;
import dev.cutlass.crypto.primitive.Aead;
import dev.cutlass.crypto.primitive.Hash;
import dev.cutlass.crypto.primitive.Labels;
import dev.cutlass.crypto.primitive.StaticKey;
import java.io.ByteArrayOutputStream;
import java.security.SecureRandom;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * HandshakeState (revision 34 section 5.3), for classical and hybrid patterns. A message that does not verify changes nothing:
 * {@link #readMessage} works on a copy of the state and puts it in place only when all of the message held, so the real message can
 * still come. One thread at a time. {@link #close()} wipes all keys but the static one, which belongs to its owner.
 *
 * <p>Randomness is drawn in this order and these amounts, so that a fixed source gives a fixed transcript: {@code e} 32 bytes
 * (the private key), {@code e1} 64 (d and z of FIPS 203), {@code ekem1} 32 (m).
 */
public final class HandshakeState implements AutoCloseable {
    /** The longest message of Noise. */
    public static final int MAX_MESSAGE_LENGTH = 65535;

    private final HandshakePattern pattern;
    private final Role role;
    private final OwnKeys own;
    private final SecureRandom random;

    private SymmetricState symmetric;
    private RemoteKeys remote = new RemoteKeys();
    private int nextMessage;
    private boolean closed;

    private HandshakeState(Builder from) {
        pattern = from.protocol.pattern();
        role = from.role;
        own = new OwnKeys(pattern, role, from.localStatic, from.psk);
        remote.statik = from.remoteStatic;
        random = from.random;
        symmetric = SymmetricState.of(from.protocol);
        symmetric.mixHash(from.prologue);
        for (Role owner : Role.values()) { // pre-messages: section 7.1
            if (pattern.isStaticKnown(owner)) {
                symmetric.mixHash(owner == role ? own.staticPublicKey() : RemoteKeys.require(remote.statik));
            }
        }
    }

    /** Starts to describe a handshake. */
    public static Builder builder(NoiseProtocol protocol, Role role, SecureRandom random) {
        return new Builder(protocol, role, random);
    }

    /** Whether all messages are done, so that {@link #split} may be called. */
    public boolean isFinished() {
        return nextMessage == pattern.messages().size();
    }

    /** Whether the next message is ours to write. */
    public boolean isMyTurn() {
        return !isFinished() && (nextMessage % 2 == 0) == (role == Role.INITIATOR);
    }

    /** How many bytes the next message has beside its payload. */
    public int overhead() {
        boolean keyed = symmetric.hasKey();
        int length = 0;
        for (Token token : nextTokens()) {
            int tag = keyed ? Aead.TAG_LENGTH : 0;
            length += switch (token) {
                case E -> X25519.LENGTH;
                case S -> X25519.LENGTH + tag;
                case E1 -> MlKem768.PUBLIC_KEY_LENGTH + tag;
                case EKEM1 -> MlKem768.CIPHERTEXT_LENGTH + tag;
                case EE, ES, SE, SS, PSK -> 0;
            };
            keyed |= switch (token) {
                case E -> pattern.hasPreSharedKey();
                case EE, ES, SE, SS, PSK, EKEM1 -> true;
                case S, E1 -> false;
            };
        }
        return length + (keyed ? Aead.TAG_LENGTH : 0);
    }

    /**
     * WriteMessage.
     *
     * @throws IllegalStateException if it is not our turn
     * @throws IllegalArgumentException if the message would be longer than {@link #MAX_MESSAGE_LENGTH}
     */
    public byte[] writeMessage(byte[] payload) {
        requireOpen();
        if (!isMyTurn()) {
            throw new IllegalStateException("not our turn to write");
        }
        if (payload.length > MAX_MESSAGE_LENGTH - overhead()) {
            throw new IllegalArgumentException(
                    "payload: " + payload.length + " bytes are too many for a Noise message");
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(overhead() + payload.length);
        for (Token token : nextTokens()) {
            switch (token) {
                case E -> {
                    byte[] publicKey = own.makeEphemeral(random);
                    own.mixEphemeral(symmetric, publicKey);
                    out.writeBytes(publicKey);
                }
                case S -> out.writeBytes(symmetric.encryptAndHash(own.staticPublicKey()));
                case E1 -> out.writeBytes(symmetric.encryptAndHash(own.makeKem(random)));
                case EKEM1 -> out.writeBytes(writeEncapsulation());
                case PSK -> own.mixPreSharedKey(symmetric, remote.statik);
                case EE, ES, SE, SS -> {
                    if (!own.mixDh(symmetric, token, remote)) {
                        throw new AssertionError("keys of small order were refused when they came");
                    }
                }
            }
        }
        out.writeBytes(symmetric.encryptAndHash(payload));
        nextMessage++;
        return out.toByteArray();
    }

    /**
     * ReadMessage.
     *
     * @return the payload; {@code null} if the message is not what the other side wrote, and then nothing has changed
     * @throws IllegalStateException if it is our turn to write
     */
    public byte @Nullable [] readMessage(byte[] message) {
        requireOpen();
        if (isFinished() || isMyTurn()) {
            throw new IllegalStateException("not our turn to read");
        }
        if (message.length > MAX_MESSAGE_LENGTH) {
            return null;
        }
        SymmetricState state = symmetric.copy();
        RemoteKeys keys = remote.copy();
        byte[] payload = new MessageReading(own, state, keys, message).run(nextTokens());
        if (payload == null) {
            state.close();
            return null;
        }
        symmetric.close();
        symmetric = state;
        remote = keys;
        nextMessage++;
        return payload;
    }

    /** The other side's static key, a copy; {@code null} as long as it is not known. Authenticated only by what follows it. */
    public byte @Nullable [] remoteStatic() {
        return remote.statik == null ? null : remote.statik.clone();
    }

    /** The other side's ephemeral key, a copy; {@code null} as long as it is not known. */
    public byte @Nullable [] remoteEphemeral() {
        return remote.ephemeral == null ? null : remote.ephemeral.clone();
    }

    /** The transcript hash after the last message; a copy. */
    public byte[] handshakeHash() {
        return symmetric.handshakeHash();
    }

    /**
     * A secret that both sides can derive after the last message, and nobody else who did not see it made:
     * {@code ExpandLabel(ck, label, h, 32)} of docs/protocol.md.
     */
    public byte[] exportSecret(String label) {
        requireOpen();
        return Labels.expand(symmetric.chainingKey(), label, symmetric.handshakeHash(), Hash.LENGTH);
    }

    /**
     * Ends the handshake: yields its secrets and closes it.
     *
     * @throws IllegalStateException unless {@link #isFinished}
     */
    public SessionSecrets split() {
        requireOpen();
        if (!isFinished()) {
            throw new IllegalStateException("the handshake is not finished");
        }
        byte[][] keys = symmetric.split();
        SessionSecrets secrets = new SessionSecrets(keys[0], keys[1], symmetric.handshakeHash());
        close();
        return secrets;
    }

    @Override
    public void close() {
        closed = true;
        symmetric.close();
        own.close();
    }

    @Override
    public String toString() {
        return "HandshakeState[" + pattern.name() + ", " + role + ", message " + nextMessage + "]";
    }

    private byte[] writeEncapsulation() {
        try (MlKem768.Encapsulation made = MlKem768.encapsulate(RemoteKeys.require(remote.kem), random)) {
            if (made == null) {
                throw new AssertionError("the encapsulation key was checked when it came");
            }
            byte[] ciphertext = symmetric.encryptAndHash(made.ciphertext());
            symmetric.mixKey(made.secret());
            return ciphertext;
        }
    }

    private List<Token> nextTokens() {
        return pattern.messages().get(nextMessage);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the handshake is closed");
        }
    }

    /** Describes a handshake: what the pattern needs must be there, nothing else may be. */
    public static final class Builder {
        private final NoiseProtocol protocol;
        private final Role role;
        private final SecureRandom random;
        private byte[] prologue = {};
        private @Nullable StaticKey localStatic;
        private byte @Nullable [] remoteStatic;
        private PskLookup psk = peer -> new byte[PskLookup.LENGTH];

        private Builder(NoiseProtocol protocol, Role role, SecureRandom random) {
            this.protocol = protocol;
            this.role = role;
            this.random = random;
        }

        /** What both sides must agree on without sending it. Default: nothing. */
        public Builder prologue(byte[] bytes) {
            prologue = bytes.clone();
            return this;
        }

        /** Our static key; closing the handshake does not close it. */
        public Builder localStatic(StaticKey key) {
            localStatic = key;
            return this;
        }

        /** The other side's static key, where the pattern wants it known. */
        public Builder remoteStatic(byte[] key) {
            remoteStatic = key.clone();
            return this;
        }

        /** Where pre-shared keys come from. Default: 32 zero bytes for everybody. */
        public Builder psk(PskLookup lookup) {
            psk = lookup;
            return this;
        }

        /**
         * Checks and starts.
         *
         * @throws IllegalArgumentException if a key that the pattern needs is missing or of small order, or one is given too many
         */
        public HandshakeState start() {
            HandshakePattern pattern = protocol.pattern();
            Role other = role == Role.INITIATOR ? Role.RESPONDER : Role.INITIATOR;
            if (pattern.needsStatic(role) != (localStatic != null)) {
                throw new IllegalArgumentException(pattern.name() + ": local static key missing or not wanted");
            }
            if (pattern.isStaticKnown(other) != (remoteStatic != null)) {
                throw new IllegalArgumentException(pattern.name() + ": remote static key missing or not wanted");
            }
            if (remoteStatic != null && (remoteStatic.length != X25519.LENGTH || X25519.isSmallOrder(remoteStatic))) {
                throw new IllegalArgumentException("remote static key of bad length or small order");
            }
            return new HandshakeState(this);
        }
    }
}
