package dev.cutlass.crypto.noise;

import dev.cutlass.crypto.bc.MlKem768KeyPair;
import dev.cutlass.crypto.bc.X25519KeyPair;
import dev.cutlass.crypto.primitive.Secrets;
import dev.cutlass.crypto.primitive.StaticKey;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * Our own keys in a handshake, and what the tokens of a message mix of them into a state, whichever side writes it. {@link #close()} wipes
 * all but the static one, which belongs to its owner. One thread at a time.
 */
final class OwnKeys implements AutoCloseable {
    private final Role role;
    private final boolean preSharedKey;
    private final @Nullable StaticKey statik;
    private final PskLookup psk;
    private @Nullable X25519KeyPair ephemeral;
    private @Nullable MlKem768KeyPair kem;

    OwnKeys(HandshakePattern pattern, Role role, @Nullable StaticKey statik, PskLookup psk) {
        this.role = role;
        this.preSharedKey = pattern.hasPreSharedKey();
        this.statik = statik;
        this.psk = psk;
    }

    byte[] staticPublicKey() {
        return require(statik).publicKey();
    }

    /** Returns the public key. */
    byte[] makeEphemeral(SecureRandom random) {
        X25519KeyPair pair = X25519KeyPair.generate(random);
        ephemeral = pair;
        return pair.publicKey();
    }

    /** Returns the encapsulation key. */
    byte[] makeKem(SecureRandom random) {
        MlKem768KeyPair pair = MlKem768KeyPair.generate(random);
        kem = pair;
        return pair.publicKey();
    }

    void mixEphemeral(SymmetricState state, byte[] publicKey) {
        state.mixHash(publicKey);
        if (preSharedKey) {
            state.mixKey(publicKey); // section 9.2
        }
    }

    void mixPreSharedKey(SymmetricState state, byte @Nullable [] peer) {
        byte[] key = psk.pskFor(peer == null ? null : peer.clone());
        if (key.length != PskLookup.LENGTH) {
            throw new IllegalArgumentException("psk: " + key.length + " bytes, not " + PskLookup.LENGTH);
        }
        state.mixKeyAndHash(key);
    }

    /** Returns false if the result is all zero. */
    boolean mixDh(SymmetricState state, Token token, RemoteKeys remote) {
        boolean initiator = role == Role.INITIATOR;
        boolean localIsEphemeral = token == Token.EE || token == (initiator ? Token.ES : Token.SE);
        boolean remoteIsEphemeral = token == Token.EE || token == (initiator ? Token.SE : Token.ES);
        StaticKey local = require(localIsEphemeral ? ephemeral : statik);
        return mixSecret(state, local.agree(RemoteKeys.require(remoteIsEphemeral ? remote.ephemeral : remote.statik)));
    }

    /** Returns false if we made no encapsulation key, or the ciphertext has the wrong length. */
    boolean mixDecapsulated(SymmetricState state, byte[] ciphertext) {
        return kem != null && mixSecret(state, kem.decapsulate(ciphertext));
    }

    private static boolean mixSecret(SymmetricState state, byte @Nullable [] secret) {
        if (secret == null) {
            return false;
        }
        state.mixKey(secret);
        Secrets.wipe(secret);
        return true;
    }

    private static StaticKey require(@Nullable StaticKey key) {
        if (key == null) {
            throw new AssertionError("the pattern uses a key that we do not have");
        }
        return key;
    }

    @Override
    public void close() {
        if (ephemeral != null) {
            ephemeral.close();
            ephemeral = null;
        }
        if (kem != null) {
            kem.close();
            kem = null;
        }
    }

    @Override
    public String toString() {
        return "OwnKeys[redacted]";
    }
}
