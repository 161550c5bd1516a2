package dev.cutlass.crypto;

import dev.cutlass.crypto.bc.X25519KeyPair;
import dev.cutlass.crypto.primitive.Secrets;
import dev.cutlass.crypto.primitive.StaticKey;
import org.jspecify.annotations.Nullable;

/**
 * The static key of this device, which handshakes authenticate, and the record that ties it to the root key. It belongs to an
 * {@link Identity}, which wipes it. Any thread.
 */
@SuppressWarnings("exports") // StaticKey is for core, which hands a device to the handshake; others need not name it
public final class Device implements StaticKey {
    private final X25519KeyPair key;
    private final byte[] privateKey;
    private final @Nullable DeviceRecord record;

    /** Takes over {@code privateKey}. */
    Device(byte[] privateKey, @Nullable DeviceRecord record) {
        this.key = X25519KeyPair.of(privateKey);
        this.privateKey = privateKey;
        this.record = record;
    }

    /** The public half of the static key: 32 bytes of X25519, a copy. */
    @Override
    public byte[] publicKey() {
        return key.publicKey();
    }

    /**
     * X25519 with the private half of the static key.
     *
     * @return the shared secret of 32 bytes, the caller's to wipe; {@code null} if the other key has a small order
     * @throws IllegalArgumentException unless the key has 32 bytes
     * @throws IllegalStateException if the identity is closed
     */
    @Override
    public byte @Nullable [] agree(byte[] remotePublicKey) {
        return key.agree(remotePublicKey);
    }

    /** What proves this device to others; {@code null} if its static key is the root key's X25519 form and needs no proof. */
    public @Nullable DeviceRecord record() {
        return record;
    }

    @Override
    public String toString() {
        return "Device[redacted]";
    }

    /** For the key file only: a copy to be wiped. */
    byte[] copyOfPrivateKey() {
        return privateKey.clone();
    }

    /** Wipes the private key. */
    void close() {
        key.close();
        Secrets.wipe(privateKey);
    }
}
