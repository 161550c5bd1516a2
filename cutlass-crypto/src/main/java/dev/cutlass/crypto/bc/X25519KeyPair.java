package dev.cutlass.crypto.bc;

import dev.cutlass.crypto.primitive.Secrets;
import dev.cutlass.crypto.primitive.StaticKey;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/** An X25519 key pair. {@link #close()} wipes the private key. Any thread, as long as none closes it while another uses it. */
public final class X25519KeyPair implements StaticKey, AutoCloseable {
    private final byte[] privateKey;
    private final byte[] publicKey;
    private volatile boolean closed; // read by every thread that shares the key

    private X25519KeyPair(byte[] privateKey) {
        this.privateKey = privateKey;
        this.publicKey = X25519.publicKey(privateKey);
    }

    /** A fresh pair. */
    public static X25519KeyPair generate(SecureRandom random) {
        return new X25519KeyPair(X25519.newPrivateKey(random));
    }

    /**
     * The pair of a private key, which is copied.
     *
     * @throws IllegalArgumentException unless it has {@link X25519#LENGTH} bytes
     */
    public static X25519KeyPair of(byte[] privateKey) {
        return new X25519KeyPair(privateKey.clone());
    }

    @Override
    public byte[] publicKey() {
        return publicKey.clone();
    }

    @Override
    public byte @Nullable [] agree(byte[] remotePublicKey) {
        if (closed) {
            throw new IllegalStateException("the key pair is closed");
        }
        return X25519.agree(privateKey, remotePublicKey);
    }

    /** A second pair with the same key that lives and is wiped on its own. */
    public X25519KeyPair copy() {
        if (closed) {
            throw new IllegalStateException("the key pair is closed");
        }
        return new X25519KeyPair(privateKey.clone());
    }

    @Override
    public void close() {
        closed = true;
        Secrets.wipe(privateKey);
    }

    @Override
    public String toString() {
        return "X25519KeyPair[redacted]";
    }
}
