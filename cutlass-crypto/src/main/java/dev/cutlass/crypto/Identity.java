package dev.cutlass.crypto;

import dev.cutlass.crypto.bc.Ed25519;
import dev.cutlass.crypto.bc.X25519;
import dev.cutlass.crypto.primitive.Hash;
import dev.cutlass.crypto.primitive.Hkdf;
import dev.cutlass.crypto.primitive.Secrets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One's own keys: the root key that the address names, and the static key of this device. Any thread, until one calls
 * {@link #close}, which wipes the private keys; afterwards whatever needs one throws {@link IllegalStateException}.
 *
 * <p>On disk an identity is the file {@value #KEY_FILE} in a home directory, sealed under a passphrase. Passphrases are taken as they
 * are, encoded in UTF-8, and never become a {@code String}: so they are not brought into a Unicode normal form, for which the JDK knows
 * no other way. The arrays stay the caller's, who wipes them; our copies are wiped at once.
 */
public final class Identity implements AutoCloseable {
    /** Name of the key file in a home directory. */
    public static final String KEY_FILE = "identity.key";

    /** Bytes in a signature. */
    public static final int SIGNATURE_LENGTH = Ed25519.SIGNATURE_LENGTH;

    private static final int DERIVED_KEY_LENGTH = 32;

    private final byte[] rootKey;
    private final PeerId id;
    private final Device device;
    private volatile boolean closed; // one thread closes while others may be about to sign

    /** Takes over {@code rootKey} and the device key. */
    private Identity(byte[] rootKey, PeerId id, Device device) {
        this.rootKey = rootKey;
        this.id = id;
        this.device = device;
    }

    /** A fresh identity that is nowhere on disk. */
    public static Identity generate() {
        return generate(new SecureRandom());
    }

    /** A fresh identity from the given source of randomness, which simulations seed. */
    public static Identity generate(SecureRandom random) {
        return ofRootKey(Ed25519.newPrivateKey(random), null, null);
    }

    /**
     * Opens the key file of a home directory, or creates both. Of two processes that create one at the same time, one waits
     * for the other and then opens its file.
     *
     * @param home created with mode 0700 if it does not exist
     * @param passphrase not empty; the caller's to wipe
     * @throws KeyFileException says what is wrong and what to do
     */
    public static Identity loadOrCreate(Path home, char[] passphrase) throws KeyFileException {
        return new KeyHome(home).loadOrCreate(requirePassphrase(passphrase));
    }

    /** Opens the key file of a home directory. */
    public static Identity load(Path home, char[] passphrase) throws KeyFileException {
        return new KeyHome(home).load(requirePassphrase(passphrase));
    }

    /** Creates an identity and its key file; there must be none. */
    public static Identity create(Path home, char[] passphrase) throws KeyFileException {
        return new KeyHome(home).create(requirePassphrase(passphrase));
    }

    /**
     * Like {@link #loadOrCreate}, but the key file is <b>not encrypted</b>: whoever can read it, or a backup of it, is you. Its mode
     * is 0600 all the same.
     */
    public static Identity loadOrCreateUnencrypted(Path home) throws KeyFileException {
        return new KeyHome(home).loadOrCreate(null);
    }

    /** Like {@link #load}, for a key file that is not encrypted. */
    public static Identity loadUnencrypted(Path home) throws KeyFileException {
        return new KeyHome(home).load(null);
    }

    /** Like {@link #create}, but the key file is <b>not encrypted</b>. */
    public static Identity createUnencrypted(Path home) throws KeyFileException {
        return new KeyHome(home).create(null);
    }

    /**
     * Replaces the key file by one under another passphrase, all at once or not at all.
     *
     * @param old {@code null} if the file is not encrypted
     * @param replacement {@code null} to have it not encrypted
     */
    public static void changePassphrase(Path home, char @Nullable [] old, char @Nullable [] replacement)
            throws KeyFileException {
        new KeyHome(home).changePassphrase(checkPassphrase(old), checkPassphrase(replacement));
    }

    /**
     * Writes this identity to a home directory. A key file that is there is replaced only if it opens with the same passphrase and
     * holds the same root key (so that a new device key can be kept); otherwise an identity would be lost.
     *
     * @param passphrase {@code null} to have it not encrypted
     */
    public void saveTo(Path home, char @Nullable [] passphrase) throws KeyFileException {
        requireOpen();
        new KeyHome(home).save(this, checkPassphrase(passphrase));
    }

    /** The peer that we are to others. */
    public PeerId id() {
        return id;
    }

    /** The static key of this device and what proves it. */
    public Device device() {
        return device;
    }

    /**
     * The same root key with a fresh device key, proved by a record. Both identities are to be closed.
     *
     * @param serial higher than that of any earlier record of this device
     * @param notBefore first second of the record's validity, since 1970
     * @param notAfter last second of the record's validity, since 1970
     * @param suites the numbers of the suites that the device speaks, 1 to 8 of them
     * @throws IllegalArgumentException if a value is out of range
     */
    public Identity withNewDevice(
            SecureRandom random, long serial, long notBefore, long notAfter, List<Integer> suites) {
        requireOpen();
        byte[] privateKey = X25519.newPrivateKey(random);
        byte[] publicKey = X25519.publicKey(privateKey);
        DeviceRecord record = DeviceRecord.sign(this, serial, notBefore, notAfter, publicKey, suites);
        return new Identity(rootKey.clone(), id, new Device(privateKey, record));
    }

    /**
     * Signs {@code cutlass2/<kind>}, a zero byte and the data with the root key, so that a signature of one kind is never one of
     * another.
     *
     * @param kind 1 to 64 printable ASCII characters
     * @return {@value #SIGNATURE_LENGTH} bytes
     */
    public byte[] sign(String kind, byte[] data) {
        requireOpen();
        return Ed25519.sign(rootKey, Labels.prefix(kind), data);
    }

    /** Whether a root key made this signature. Strict: a signature cannot be changed into another one (RFC 8032 section 5.1.7). */
    public static boolean verify(PeerId signer, String kind, byte[] data, byte[] signature) {
        return Ed25519.verify(signer.bytes(), signature, Labels.prefix(kind), data);
    }

    /**
     * A symmetric key that only this root key gives, for sealing files beside the key file.
     *
     * @param purpose separates the keys: 1 to 64 printable ASCII characters
     * @return 32 bytes, the caller's to wipe
     */
    public byte[] deriveKey(String purpose) {
        requireOpen();
        byte[] pseudoRandomKey = Hkdf.extract(Hash.SHA_256, new byte[0], rootKey);
        byte[] derived = Hkdf.expand(Hash.SHA_256, pseudoRandomKey, Labels.prefix(purpose), DERIVED_KEY_LENGTH);
        Secrets.wipe(pseudoRandomKey);
        return derived;
    }

    /** Wipes the private keys. Idempotent. */
    @Override
    public void close() {
        closed = true;
        Secrets.wipe(rootKey);
        device.close();
    }

    @Override
    public String toString() {
        return "Identity[" + id + "]";
    }

    /**
     * The identity of stored keys; the arrays are taken over.
     *
     * @param deviceKey private, or {@code null} to use the root key's X25519 form
     */
    static Identity ofRootKey(byte[] rootKey, byte @Nullable [] deviceKey, @Nullable DeviceRecord record) {
        PeerId id = PeerId.of(Ed25519.publicKey(rootKey));
        byte[] privateKey = deviceKey != null ? deviceKey : Ed25519.toX25519PrivateKey(rootKey);
        return new Identity(rootKey, id, new Device(privateKey, record));
    }

    /** For the key file only: a copy to be wiped. */
    byte[] copyOfRootKey() {
        requireOpen();
        return rootKey.clone();
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the identity is closed");
        }
    }

    private static char[] requirePassphrase(char[] passphrase) {
        if (passphrase.length == 0) {
            throw new IllegalArgumentException("the passphrase is empty; the methods named Unencrypted do without one");
        }
        return passphrase;
    }

    private static char @Nullable [] checkPassphrase(char @Nullable [] passphrase) {
        return passphrase == null ? null : requirePassphrase(passphrase);
    }
}
