package dev.cutlass.crypto;

import dev.cutlass.crypto.KeyFileException.Reason;
import dev.cutlass.crypto.bc.Argon2id;
import dev.cutlass.crypto.primitive.Aead;
import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.crypto.primitive.AeadKey;
import dev.cutlass.crypto.primitive.Hash;
import dev.cutlass.crypto.primitive.Secrets;
import dev.cutlass.crypto.provider.Aeads;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a key file; {@link KeyHome} keeps them on disk.
 *
 * <pre>
 * offset  size  field
 *      0     8  magic        "CUTLASSK"
 *      8     1  version      1
 *      9     1  kdf          0: not encrypted, and all up to the length is zero; 1: Argon2id, version 1.3
 *     10     4  memory       KiB
 *     14     4  passes
 *     18     1  lanes
 *     19    16  salt
 *     35     1  aead         1: AES-256-GCM, 2: ChaCha20-Poly1305
 *     36    12  nonce
 *     48     2  length       of the body, tag included
 *     50     n  body         sealed, with all before it as associated data
 *   50+n     8  checksum     first bytes of the SHA-256 of all before it
 * </pre>
 *
 * The checksum is no secret and proves nothing against a forger: it tells a damaged file from a wrong passphrase, which a tag cannot,
 * and it is looked at before Argon2id is started with numbers out of the file.
 */
final class KeyFile {
    /** No key file is longer. */
    static final int MAX_LENGTH = 4_096;

    private static final byte[] MAGIC = "CUTLASSK".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;
    private static final int KDF_NONE = 0;
    private static final int KDF_ARGON2ID = 1;
    private static final int SALT_LENGTH = 16;
    private static final int KDF_OFFSET = MAGIC.length + Byte.BYTES;
    private static final int LENGTH_OFFSET =
            KDF_OFFSET + Byte.BYTES + 2 * Integer.BYTES + Byte.BYTES + SALT_LENGTH + Byte.BYTES + Aead.NONCE_LENGTH;
    private static final int HEADER_LENGTH = LENGTH_OFFSET + Short.BYTES;
    private static final int CHECKSUM_LENGTH = 8;

    /** What Argon2id may cost. */
    record Cost(int memoryKib, int passes, int lanes) {
        /** RFC 9106 section 4, the second recommended option; one lane, since ours are computed one after the other. */
        static final Cost DEFAULT = new Cost(64 * 1_024, 3, 1);

        // So that a file cannot eat the machine. A forger of our own key file gains nothing, but a backup from anywhere
        // may be tried.
        static final int MAX_MEMORY_KIB = 1_024 * 1_024;
        static final int MAX_PASSES = 64;
        static final int MAX_LANES = 16;

        private static final int MIN_KIB_PER_LANE = 8; // RFC 9106 section 3.1

        boolean isWithinLimits() {
            return memoryKib <= MAX_MEMORY_KIB
                    && passes >= 1
                    && passes <= MAX_PASSES
                    && lanes >= 1
                    && lanes <= MAX_LANES
                    && memoryKib >= MIN_KIB_PER_LANE * lanes;
        }

        boolean fitsIntoHeap() {
            return memoryKib * 1_024L < Runtime.getRuntime().maxMemory();
        }
    }

    private KeyFile() {}

    /**
     * Makes the bytes of a file.
     *
     * @param passphrase {@code null} to have it not encrypted
     */
    static byte[] encode(Identity identity, char @Nullable [] passphrase, Cost cost, SecureRandom random) {
        byte[] body = KeyFileBody.encode(identity);
        try {
            return passphrase == null ? encodeOpen(body) : encodeSealed(body, passphrase, cost, random);
        } finally {
            Secrets.wipe(body);
        }
    }

    private static byte[] encodeOpen(byte[] body) {
        byte[] file = new byte[HEADER_LENGTH + body.length + CHECKSUM_LENGTH];
        ByteBuffer.wrap(file)
                .put(MAGIC)
                .put((byte) VERSION)
                .put((byte) KDF_NONE)
                .position(LENGTH_OFFSET)
                .putShort((short) body.length)
                .put(body);
        return withChecksum(file);
    }

    private static byte[] encodeSealed(byte[] body, char[] passphrase, Cost cost, SecureRandom random) {
        byte[] salt = new byte[SALT_LENGTH];
        random.nextBytes(salt);
        byte[] nonce = new byte[Aead.NONCE_LENGTH];
        random.nextBytes(nonce);
        int sealedLength = body.length + Aead.TAG_LENGTH;
        byte[] file = new byte[HEADER_LENGTH + sealedLength + CHECKSUM_LENGTH];
        ByteBuffer.wrap(file)
                .put(MAGIC)
                .put((byte) VERSION)
                .put((byte) KDF_ARGON2ID)
                .putInt(cost.memoryKib())
                .putInt(cost.passes())
                .put((byte) cost.lanes())
                .put(salt)
                .put((byte) AeadAlgorithm.CHACHA20_POLY1305.id())
                .put(nonce)
                .putShort((short) sealedLength);
        byte[] key = derive(passphrase, salt, cost);
        try (AeadKey aead = Aeads.of(AeadAlgorithm.CHACHA20_POLY1305).newKey(key)) {
            aead.seal(nonce, file, 0, HEADER_LENGTH, body, 0, body.length, file, HEADER_LENGTH);
        } finally {
            Secrets.wipe(key);
        }
        return withChecksum(file);
    }

    private static byte[] withChecksum(byte[] file) {
        int end = file.length - CHECKSUM_LENGTH;
        System.arraycopy(checksum(file, end), 0, file, end, CHECKSUM_LENGTH);
        return file;
    }

    private static byte[] checksum(byte[] file, int end) {
        return Arrays.copyOf(Hash.SHA_256.of(Arrays.copyOf(file, end)), CHECKSUM_LENGTH);
    }

    /**
     * Opens the bytes of a file.
     *
     * @param passphrase {@code null} if it is said not to be encrypted
     * @param name of the file, for messages
     */
    static Identity decode(byte[] file, char @Nullable [] passphrase, String name) throws KeyFileException {
        if (file.length < KDF_OFFSET || !Arrays.equals(MAGIC, Arrays.copyOf(file, MAGIC.length))) {
            throw damaged(name, "it does not begin as a key file does");
        }
        int version = file[MAGIC.length] & 0xff;
        if (version != VERSION) {
            throw new KeyFileException(
                    Reason.UNSUPPORTED_VERSION,
                    name + " has version " + version + ", this Cutlass knows version " + VERSION
                            + " only: use the newer Cutlass that wrote it");
        }
        int end = file.length - CHECKSUM_LENGTH;
        if (end < HEADER_LENGTH
                || end - HEADER_LENGTH
                        != Short.toUnsignedInt(ByteBuffer.wrap(file).getShort(LENGTH_OFFSET))) {
            throw damaged(name, "its length is wrong");
        }
        if (!Arrays.equals(checksum(file, end), Arrays.copyOfRange(file, end, file.length))) {
            throw damaged(name, "its checksum does not match");
        }
        byte[] body = file[KDF_OFFSET] == KDF_NONE
                ? openPlain(file, end, passphrase, name)
                : openSealed(file, end, passphrase, name);
        try {
            Identity identity = KeyFileBody.decode(body);
            if (identity == null) {
                throw damaged(name, "what it contains is no identity");
            }
            return identity;
        } finally {
            Secrets.wipe(body);
        }
    }

    private static byte[] openPlain(byte[] file, int end, char @Nullable [] passphrase, String name)
            throws KeyFileException {
        if (passphrase != null) {
            throw new KeyFileException(
                    Reason.NOT_ENCRYPTED,
                    name
                            + " is not encrypted, but a passphrase was given: open it without one, or give it one by changing its passphrase");
        }
        if (!Secrets.isZero(Arrays.copyOfRange(file, KDF_OFFSET, LENGTH_OFFSET))) {
            throw damaged(name, "it is not encrypted but names a cipher");
        }
        return Arrays.copyOfRange(file, HEADER_LENGTH, end);
    }

    private static byte[] openSealed(byte[] file, int end, char @Nullable [] passphrase, String name)
            throws KeyFileException {
        ByteBuffer in = ByteBuffer.wrap(file).position(KDF_OFFSET);
        int kdf = in.get() & 0xff;
        Cost cost = new Cost(in.getInt(), in.getInt(), in.get() & 0xff);
        byte[] salt = new byte[SALT_LENGTH];
        in.get(salt);
        AeadAlgorithm algorithm = AeadAlgorithm.of(in.get() & 0xff);
        byte[] nonce = new byte[Aead.NONCE_LENGTH];
        in.get(nonce);
        if (kdf != KDF_ARGON2ID || algorithm == null) {
            throw new KeyFileException(
                    Reason.UNSUPPORTED_VERSION,
                    name + " is sealed in a way that this Cutlass does not know: use the newer Cutlass that wrote it");
        }
        if (!cost.isWithinLimits() || !cost.fitsIntoHeap()) {
            throw tooExpensive(name, cost, null);
        }
        if (passphrase == null) {
            throw new KeyFileException(Reason.PASSPHRASE_NEEDED, name + " is encrypted: give its passphrase");
        }
        int sealedLength = end - HEADER_LENGTH;
        byte[] body = new byte[Math.max(0, sealedLength - Aead.TAG_LENGTH)];
        byte[] key;
        try {
            key = derive(passphrase, salt, cost);
        } catch (
                OutOfMemoryError
                        e) { // a heap that has room in all may have none left; our own blocks are garbage by now
            throw tooExpensive(name, cost, e);
        }
        int opened;
        try (AeadKey aead = Aeads.of(algorithm).newKey(key)) {
            opened = aead.open(nonce, file, 0, HEADER_LENGTH, file, HEADER_LENGTH, sealedLength, body, 0);
        } finally {
            Secrets.wipe(key);
        }
        if (opened == Aead.FORGED) {
            throw new KeyFileException(
                    Reason.WRONG_PASSPHRASE,
                    "wrong passphrase for " + name
                            + ": try again (case and keyboard layout count). If you are sure of it, somebody changed the file:"
                            + " its checksum is right, so it was no accident. Then restore it from a backup");
        }
        return body;
    }

    private static byte[] derive(char[] passphrase, byte[] salt, Cost cost) {
        byte[] utf8 = utf8(passphrase);
        try {
            return Argon2id.derive(utf8, salt, cost.memoryKib(), cost.passes(), cost.lanes(), Aead.KEY_LENGTH);
        } finally {
            Secrets.wipe(utf8);
        }
    }

    /**
     * Encodes without a {@code String}, and without a buffer that grows and leaves copies behind.
     *
     * @throws IllegalArgumentException if there is half of a surrogate pair in it: then two passphrases would encode alike
     */
    private static byte[] utf8(char[] passphrase) {
        CharsetEncoder encoder = StandardCharsets.UTF_8
                .newEncoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer out = ByteBuffer.allocate(Math.multiplyExact(passphrase.length, 3)); // never more for a UTF-16 unit
        boolean malformed =
                encoder.encode(CharBuffer.wrap(passphrase), out, true).isError();
        byte[] encoded = Arrays.copyOf(out.array(), out.position());
        Secrets.wipe(out.array());
        if (malformed) {
            Secrets.wipe(encoded);
            throw new IllegalArgumentException("the passphrase is not valid Unicode text");
        }
        return encoded;
    }

    private static KeyFileException damaged(String name, String what) {
        return new KeyFileException(
                Reason.DAMAGED,
                name + " is damaged: " + what + ". Restore it from a backup; without one this identity is lost");
    }

    private static KeyFileException tooExpensive(String name, Cost cost, @Nullable Throwable cause) {
        return new KeyFileException(
                Reason.TOO_EXPENSIVE,
                name + " asks for " + cost.memoryKib() + " KiB of memory, " + cost.passes() + " passes and "
                        + cost.lanes()
                        + " lanes of Argon2id. Allowed are " + Cost.MAX_MEMORY_KIB + " KiB, " + Cost.MAX_PASSES
                        + " and "
                        + Cost.MAX_LANES + ", and this JVM has "
                        + Runtime.getRuntime().maxMemory() / 1_024
                        + " KiB of heap: start it with more (-Xmx), or restore the file from a backup",
                cause);
    }
}
