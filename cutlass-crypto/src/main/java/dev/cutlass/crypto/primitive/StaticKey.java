package dev.cutlass.crypto.primitive;

import org.jspecify.annotations.Nullable;

/** A long-lived X25519 key that can agree on a secret; its private half stays where it is kept. Any thread. */
public interface StaticKey {
    /** The public key: 32 bytes, a copy. */
    byte[] publicKey();

    /**
     * X25519 (RFC 7748 section 6.1) with this private key.
     *
     * @return the shared secret of 32 bytes, the caller's to wipe; {@code null} if the result is all zero, that is if the other key
     *     has a small order
     * @throws IllegalArgumentException unless the key has 32 bytes
     * @throws IllegalStateException if this key is closed
     */
    byte @Nullable [] agree(byte[] remotePublicKey);
}
