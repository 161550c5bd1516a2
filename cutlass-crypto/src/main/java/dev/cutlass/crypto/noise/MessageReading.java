package dev.cutlass.crypto.noise;

import dev.cutlass.crypto.bc.MlKem768;
import dev.cutlass.crypto.bc.X25519;
import dev.cutlass.crypto.primitive.Aead;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One attempt to read a message, on copies of all that it may change. One thread at a time. */
final class MessageReading {
    private final OwnKeys own;
    private final SymmetricState state;
    private final RemoteKeys remote;
    private final byte[] message;
    private int position;

    /** @param state to be changed, as is {@code remote}: copies */
    MessageReading(OwnKeys own, SymmetricState state, RemoteKeys remote, byte[] message) {
        this.own = own;
        this.state = state;
        this.remote = remote;
        this.message = message;
    }

    /** Returns the payload; {@code null} if the message is not what the other side wrote. */
    byte @Nullable [] run(List<Token> tokens) {
        for (Token token : tokens) {
            boolean good = switch (token) {
                case E -> readEphemeral();
                case S -> readStatic();
                case E1 -> readEncapsulationKey();
                case EKEM1 -> readEncapsulation();
                case EE, ES, SE, SS -> own.mixDh(state, token, remote);
                case PSK -> {
                    own.mixPreSharedKey(state, remote.statik);
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
        remote.ephemeral = key;
        own.mixEphemeral(state, key);
        return !X25519.isSmallOrder(key);
    }

    private boolean readStatic() {
        byte[] key = readSealed(X25519.LENGTH);
        remote.statik = key;
        return key != null && !X25519.isSmallOrder(key);
    }

    private boolean readEncapsulationKey() {
        byte[] key = readSealed(MlKem768.PUBLIC_KEY_LENGTH);
        remote.kem = key;
        return key != null && MlKem768.isValidPublicKey(key);
    }

    private boolean readEncapsulation() {
        byte[] ciphertext = readSealed(MlKem768.CIPHERTEXT_LENGTH);
        return ciphertext != null && own.mixDecapsulated(state, ciphertext);
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
