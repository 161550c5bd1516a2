package dev.cutlass.crypto.noise;

import dev.cutlass.crypto.bc.MlKem768;
import dev.cutlass.crypto.bc.MlKem768KeyPair;
import dev.cutlass.crypto.bc.X25519;
import dev.cutlass.crypto.bc.X25519KeyPair;
import dev.cutlass.crypto.primitive.Aead;
import dev.cutlass.crypto.primitive.Hash;
import dev.cutlass.crypto.primitive.Labels;
import dev.cutlass.crypto.primitive.Secrets;
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
    private final @Nullable StaticKey localStatic;
    private final PskLookup psk;
    private final SecureRandom random;

    private SymmetricState symmetric;
    private @Nullable X25519KeyPair localEphemeral;
    private @Nullable MlKem768KeyPair localKem;
    private byte @Nullable [] remoteStatic;
    private byte @Nullable [] remoteEphemeral;
    private byte @Nullable [] remoteKem;
    private int nextMessage;
    private boolean closed;

    private HandshakeState(Builder from) {
        pattern = from.protocol.pattern();
        role = from.role;
        localStatic = from.localStatic;
        remoteStatic = from.remoteStatic;
        psk = from.psk;
        random = from.random;
        symmetric = SymmetricState.of(from.protocol);
        symmetric.mixHash(from.prologue);
        for (Role owner : Role.values()) { // pre-messages: section 7.1
            if (pattern.isStaticKnown(owner)) {
                byte[] key = owner == role ? requireLocal(localStatic).publicKey() : remoteStatic;
                symmetric.mixHash(require(key));
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
                case E -> out.writeBytes(writeEphemeral());
                case S ->
                    out.writeBytes(
                            symmetric.encryptAndHash(requireLocal(localStatic).publicKey()));
                case E1 -> {
                    MlKem768KeyPair pair = MlKem768KeyPair.generate(random);
                    localKem = pair;
                    out.writeBytes(symmetric.encryptAndHash(pair.publicKey()));
                }
                case EKEM1 -> out.writeBytes(writeEncapsulation());
                case PSK -> mixPreSharedKey(symmetric, remoteStatic);
                case EE, ES, SE, SS -> {
                    if (!mixDh(symmetric, token, remoteStatic, remoteEphemeral)) {
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
        Reading reading = new Reading(message);
        byte[] payload = reading.run();
        if (payload == null) {
            reading.state.close();
            return null;
        }
        symmetric.close();
        symmetric = reading.state;
        remoteStatic = reading.statik;
        remoteEphemeral = reading.ephemeral;
        remoteKem = reading.kem;
        nextMessage++;
        return payload;
    }

    /** The other side's static key, a copy; {@code null} as long as it is not known. Authenticated only by what follows it. */
    public byte @Nullable [] remoteStatic() {
        return remoteStatic == null ? null : remoteStatic.clone();
    }

    /** The other side's ephemeral key, a copy; {@code null} as long as it is not known. */
    public byte @Nullable [] remoteEphemeral() {
        return remoteEphemeral == null ? null : remoteEphemeral.clone();
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
        if (localEphemeral != null) {
            localEphemeral.close();
            localEphemeral = null;
        }
        if (localKem != null) {
            localKem.close();
            localKem = null;
        }
    }

    @Override
    public String toString() {
        return "HandshakeState[" + pattern.name() + ", " + role + ", message " + nextMessage + "]";
    }

    private byte[] writeEphemeral() {
        X25519KeyPair pair = X25519KeyPair.generate(random);
        localEphemeral = pair;
        byte[] publicKey = pair.publicKey();
        mixEphemeral(symmetric, publicKey);
        return publicKey;
    }

    private byte[] writeEncapsulation() {
        try (MlKem768.Encapsulation made = MlKem768.encapsulate(require(remoteKem), random)) {
            if (made == null) {
                throw new AssertionError("the encapsulation key was checked when it came");
            }
            byte[] ciphertext = symmetric.encryptAndHash(made.ciphertext());
            symmetric.mixKey(made.secret());
            return ciphertext;
        }
    }

    private void mixEphemeral(SymmetricState state, byte[] publicKey) {
        state.mixHash(publicKey);
        if (pattern.hasPreSharedKey()) {
            state.mixKey(publicKey); // section 9.2
        }
    }

    private void mixPreSharedKey(SymmetricState state, byte @Nullable [] peer) {
        byte[] key = psk.pskFor(peer == null ? null : peer.clone());
        if (key.length != PskLookup.LENGTH) {
            throw new IllegalArgumentException("psk: " + key.length + " bytes, not " + PskLookup.LENGTH);
        }
        state.mixKeyAndHash(key);
    }

    /** Returns false if the result is all zero. */
    private boolean mixDh(SymmetricState state, Token token, byte @Nullable [] statik, byte @Nullable [] ephemeral) {
        boolean initiator = role == Role.INITIATOR;
        boolean localIsEphemeral = token == Token.EE || token == (initiator ? Token.ES : Token.SE);
        boolean remoteIsEphemeral = token == Token.EE || token == (initiator ? Token.SE : Token.ES);
        StaticKey local = requireLocal(localIsEphemeral ? localEphemeral : localStatic);
        byte[] secret = local.agree(require(remoteIsEphemeral ? ephemeral : statik));
        if (secret == null) {
            return false;
        }
        state.mixKey(secret);
        Secrets.wipe(secret);
        return true;
    }

    private List<Token> nextTokens() {
        return pattern.messages().get(nextMessage);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the handshake is closed");
        }
    }

    private static byte[] require(byte @Nullable [] key) {
        if (key == null) {
            throw new AssertionError("the pattern uses a key that nobody sent");
        }
        return key;
    }

    private static StaticKey requireLocal(@Nullable StaticKey key) {
        if (key == null) {
            throw new AssertionError("the pattern uses a key that we do not have");
        }
        return key;
    }

    /** One attempt to read a message: all that it may change, apart from the state that it would change. */
    private final class Reading {
        private final byte[] message;
        private final SymmetricState state = symmetric.copy();
        private byte @Nullable [] statik = remoteStatic;
        private byte @Nullable [] ephemeral = remoteEphemeral;
        private byte @Nullable [] kem = remoteKem;
        private int position;

        Reading(byte[] message) {
            this.message = message;
        }

        byte @Nullable [] run() {
            for (Token token : nextTokens()) {
                boolean good = switch (token) {
                    case E -> readEphemeral();
                    case S -> readStatic();
                    case E1 -> readEncapsulationKey();
                    case EKEM1 -> readEncapsulation();
                    case EE, ES, SE, SS -> mixDh(state, token, statik, ephemeral);
                    case PSK -> {
                        mixPreSharedKey(state, statik);
                        yield true;
                    }
                };
                if (!good) {
                    return null;
                }
            }
            return state.decryptAndHash(take(message.length - position));
        }

        private boolean readEphemeral() {
            if (message.length - position < X25519.LENGTH) {
                return false;
            }
            byte[] key = take(X25519.LENGTH);
            ephemeral = key;
            mixEphemeral(state, key);
            return !X25519.isSmallOrder(key);
        }

        private boolean readStatic() {
            byte[] key = readSealed(X25519.LENGTH);
            statik = key;
            return key != null && !X25519.isSmallOrder(key);
        }

        private boolean readEncapsulationKey() {
            byte[] key = readSealed(MlKem768.PUBLIC_KEY_LENGTH);
            kem = key;
            return key != null && MlKem768.isValidPublicKey(key);
        }

        private boolean readEncapsulation() {
            byte[] ciphertext = readSealed(MlKem768.CIPHERTEXT_LENGTH);
            MlKem768KeyPair pair = localKem;
            if (ciphertext == null || pair == null) {
                return false;
            }
            byte[] secret = pair.decapsulate(ciphertext);
            if (secret == null) {
                return false;
            }
            state.mixKey(secret);
            Secrets.wipe(secret);
            return true;
        }

        private byte @Nullable [] readSealed(int length) {
            int sealed = length + (state.hasKey() ? Aead.TAG_LENGTH : 0);
            return message.length - position < sealed ? null : state.decryptAndHash(take(sealed));
        }

        private byte[] take(int length) {
            byte[] part = new byte[length];
            System.arraycopy(message, position, part, 0, length);
            position += length;
            return part;
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
