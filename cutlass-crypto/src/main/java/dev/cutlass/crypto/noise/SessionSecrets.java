package dev.cutlass.crypto.noise;

import dev.cutlass.crypto.primitive.Secrets;

/**
 * What a finished handshake yields: the two keys of Split and the final transcript hash. They feed the key schedule and never
 * packets. {@link #close()} wipes the keys. One thread at a time.
 */
public final class SessionSecrets implements AutoCloseable {
    private final byte[] initiatorKey;
    private final byte[] responderKey;
    private final byte[] handshakeHash;
    private boolean closed;

    /** Keeps the arrays that it gets. */
    SessionSecrets(byte[] initiatorKey, byte[] responderKey, byte[] handshakeHash) {
        this.initiatorKey = initiatorKey;
        this.responderKey = responderKey;
        this.handshakeHash = handshakeHash;
    }

    /** k1, from initiator to responder in plain Noise: 32 bytes, not copied. */
    public byte[] initiatorKey() {
        requireOpen();
        return initiatorKey;
    }

    /** k2, from responder to initiator in plain Noise: 32 bytes, not copied. */
    public byte[] responderKey() {
        requireOpen();
        return responderKey;
    }

    /** h, which names this handshake and no other; not secret; a copy. */
    public byte[] handshakeHash() {
        return handshakeHash.clone();
    }

    @Override
    public void close() {
        closed = true;
        Secrets.wipe(initiatorKey, responderKey);
    }

    @Override
    public String toString() {
        return "SessionSecrets[redacted]";
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the secrets are closed");
        }
    }
}
