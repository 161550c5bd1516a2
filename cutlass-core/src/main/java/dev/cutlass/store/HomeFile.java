package dev.cutlass.store;

import dev.cutlass.crypto.Identity;
import dev.cutlass.crypto.file.PrivateFiles;
import dev.cutlass.crypto.primitive.Aead;
import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.crypto.primitive.AeadKey;
import dev.cutlass.crypto.primitive.Secrets;
import dev.cutlass.crypto.provider.Aeads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A small file of a home directory that is read and replaced as a whole: readable text, or sealed under a key of the identity. When the
 * choice changes, the old form is read once more and goes with the next write (its blocks may stay on the disk for a while; say so to who
 * seals because of them).
 *
 * <pre>
 * offset  size  field of a sealed file
 *      0     8  magic     "CUTLASSL"
 *      8     1  version   1
 *      9    12  nonce     random: a key seals far fewer than 2^32 versions of a file
 *     21     n  text      ChaCha20-Poly1305 with bytes 0..8 as associated data; key: identity's key of the purpose named after the file
 * </pre>
 *
 * One thread, the store's writer.
 */
final class HomeFile {
    private static final String SEALED_SUFFIX = ".sealed";
    private static final byte[] MAGIC = "CUTLASSL".getBytes(StandardCharsets.US_ASCII);
    private static final byte VERSION = 1;
    private static final int NONCE_OFFSET = MAGIC.length + Byte.BYTES;
    private static final int TEXT_OFFSET = NONCE_OFFSET + Aead.NONCE_LENGTH;

    private final Path home;
    private final Path plain;
    private final Path sealed;
    private final Identity identity;
    private final boolean seals;
    private final String purpose;
    private final int maxLength;
    private final SecureRandom random = new SecureRandom();
    private byte @Nullable [] lastSeen;
    private volatile boolean otherFormExists; // any thread asks whether there is something to save

    /**
     * Names a file.
     *
     * @param purpose of the key that seals it, see {@code docs/security.md}
     * @param maxLength bytes of text; a longer file is not read
     */
    HomeFile(Path home, String name, String purpose, Identity identity, boolean seals, int maxLength) {
        this.home = home;
        this.plain = home.resolve(name);
        this.sealed = home.resolve(name + SEALED_SUFFIX);
        this.identity = identity;
        this.seals = seals;
        this.purpose = purpose;
        this.maxLength = maxLength;
    }

    /** Whether the form that is not wanted any more was there, so that the text should be written soon. Any thread. */
    boolean isInOtherForm() {
        return otherFormExists;
    }

    /** The text; {@code null} if there is none in either form. */
    byte @Nullable [] read() throws IOException {
        otherFormExists = Files.exists(other());
        final Path present = Files.exists(wanted()) ? wanted() : Files.exists(other()) ? other() : null;
        if (present == null) {
            return null;
        }
        final byte[] bytes = PrivateFiles.read(present, maxLength + TEXT_OFFSET + Aead.TAG_LENGTH);
        if (present.equals(wanted())) {
            lastSeen = bytes;
        }
        return present.equals(sealed) ? unseal(bytes) : bytes;
    }

    /** Does something with nobody else, in this process or another, doing the same. */
    void locked(Action action) throws IOException {
        PrivateFiles.createDirectory(home);
        try (PrivateFiles.Lock held = PrivateFiles.lock(home)) {
            assert held != null; // it is held, not used, which the compiler would warn about
            action.run();
        }
    }

    /** Under the lock: the text if somebody else has written it since we last read or wrote it, else {@code null}. */
    byte @Nullable [] readIfChanged() throws IOException {
        if (!Files.exists(wanted())) {
            return null; // never written, or deleted, which we take for a mistake: what is in memory comes back
        }
        final byte[] known = lastSeen;
        final byte[] bytes = PrivateFiles.read(wanted(), maxLength + TEXT_OFFSET + Aead.TAG_LENGTH);
        if (known != null && Arrays.equals(known, bytes)) {
            return null;
        }
        return seals ? unseal(bytes) : bytes;
    }

    /** Under the lock: replaces the text. */
    void write(byte[] text) throws IOException {
        if (text.length > maxLength) {
            throw new IOException(
                    wanted() + " would become longer than " + maxLength + " bytes, and could not be read again");
        }
        final byte[] bytes = seals ? seal(text) : text;
        PrivateFiles.replace(wanted(), bytes);
        lastSeen = bytes;
        Files.deleteIfExists(other());
        otherFormExists = false;
    }

    private Path wanted() {
        return seals ? sealed : plain;
    }

    private Path other() {
        return seals ? plain : sealed;
    }

    private byte[] seal(byte[] text) {
        final byte[] nonce = new byte[Aead.NONCE_LENGTH];
        random.nextBytes(nonce);
        final byte[] bytes = ByteBuffer.allocate(TEXT_OFFSET + text.length + Aead.TAG_LENGTH)
                .put(MAGIC)
                .put(VERSION)
                .put(nonce)
                .array();
        try (AeadKey key = newKey()) {
            key.seal(nonce, bytes, 0, NONCE_OFFSET, text, 0, text.length, bytes, TEXT_OFFSET);
        }
        return bytes;
    }

    private byte[] unseal(byte[] bytes) throws IOException {
        if (bytes.length < TEXT_OFFSET + Aead.TAG_LENGTH || !Arrays.equals(MAGIC, Arrays.copyOf(bytes, MAGIC.length))) {
            throw new IOException(sealed + " is damaged: restore it from a backup, or move it away to begin anew");
        }
        if (bytes[MAGIC.length] != VERSION) {
            throw new IOException(sealed + " was written by a newer Cutlass");
        }
        final byte[] nonce = Arrays.copyOfRange(bytes, NONCE_OFFSET, TEXT_OFFSET);
        final byte[] text = new byte[bytes.length - TEXT_OFFSET - Aead.TAG_LENGTH];
        final int opened;
        try (AeadKey key = newKey()) {
            opened = key.open(nonce, bytes, 0, NONCE_OFFSET, bytes, TEXT_OFFSET, bytes.length - TEXT_OFFSET, text, 0);
        }
        if (opened == Aead.FORGED) {
            throw new IOException(
                    sealed + " is damaged, or was sealed by another identity: restore it from a backup, or"
                            + " move it away to begin anew");
        }
        return text;
    }

    private AeadKey newKey() {
        final byte[] key = identity.deriveKey(purpose);
        try {
            return Aeads.of(AeadAlgorithm.CHACHA20_POLY1305).newKey(key);
        } finally {
            Secrets.wipe(key);
        }
    }

    /** What is done under the lock. */
    interface Action {
        void run() throws IOException;
    }
}
