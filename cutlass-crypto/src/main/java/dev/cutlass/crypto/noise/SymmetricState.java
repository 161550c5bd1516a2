package dev.cutlass.crypto.noise;

import dev.cutlass.crypto.primitive.Hash;
import dev.cutlass.crypto.primitive.Hkdf;
import dev.cutlass.crypto.primitive.Secrets;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** SymmetricState (revision 34 section 5.2): the transcript hash and the chain of keys. One thread at a time. */
final class SymmetricState implements AutoCloseable {
    private final Hash hash;
    private final CipherState cipher;
    private byte[] ck;
    private byte[] h;

    private SymmetricState(Hash hash, CipherState cipher, byte[] ck, byte[] h) {
        this.hash = hash;
        this.cipher = cipher;
        this.ck = ck;
        this.h = h;
    }

    /** InitializeSymmetric. */
    static SymmetricState of(NoiseProtocol protocol) {
        byte[] name = protocol.name().getBytes(StandardCharsets.US_ASCII);
        byte[] h = name.length <= Hash.LENGTH
                ? Arrays.copyOf(name, Hash.LENGTH)
                : protocol.hash().of(name);
        return new SymmetricState(protocol.hash(), new CipherState(protocol.cipher()), h.clone(), h);
    }

    /** A second state that goes its own way: what a message does to it can be thrown away. */
    SymmetricState copy() {
        return new SymmetricState(hash, cipher.copy(), ck.clone(), h.clone());
    }

    void mixKey(byte[] inputKey) {
        byte[][] keys = Hkdf.noise(hash, ck, inputKey, 2);
        replaceChainingKey(keys[0]);
        cipher.initializeKey(keys[1]);
        Secrets.wipe(keys[1]);
    }

    void mixHash(byte[] data) {
        h = hash.of(h, data);
    }

    void mixKeyAndHash(byte[] inputKey) {
        byte[][] keys = Hkdf.noise(hash, ck, inputKey, 3);
        replaceChainingKey(keys[0]);
        mixHash(keys[1]);
        cipher.initializeKey(keys[2]);
        Secrets.wipe(keys[1], keys[2]);
    }

    byte[] encryptAndHash(byte[] plaintext) {
        byte[] ciphertext = cipher.encryptWithAd(h, plaintext);
        mixHash(ciphertext);
        return ciphertext;
    }

    /** {@code null} if the tag does not hold. */
    byte @Nullable [] decryptAndHash(byte[] ciphertext) {
        byte[] plaintext = cipher.decryptWithAd(h, ciphertext);
        if (plaintext != null) {
            mixHash(ciphertext);
        }
        return plaintext;
    }

    /** Split, as keys and not as cipher states. */
    byte[][] split() {
        return Hkdf.noise(hash, ck, new byte[0], 2);
    }

    boolean hasKey() {
        return cipher.hasKey();
    }

    /** The transcript hash as it is now; a copy. */
    byte[] handshakeHash() {
        return h.clone();
    }

    /** The chaining key as it is now; not copied. */
    byte[] chainingKey() {
        return ck;
    }

    @Override
    public void close() {
        Secrets.wipe(ck);
        cipher.close();
    }

    @Override
    public String toString() {
        return "SymmetricState[redacted]";
    }

    private void replaceChainingKey(byte[] next) {
        Secrets.wipe(ck);
        ck = next;
    }
}
