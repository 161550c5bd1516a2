package dev.cutlass.crypto.packet;

import dev.cutlass.crypto.primitive.Aead;
import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.crypto.primitive.AeadKey;
import dev.cutlass.crypto.primitive.Labels;
import dev.cutlass.crypto.primitive.Secrets;
import dev.cutlass.crypto.provider.Aeads;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one direction in one epoch (docs/protocol.md sections 4.1 to 4.3). Holds raw bytes only until it is used; an idle
 * connection calls {@link #dropCiphers()} to be small again. {@link #close()} wipes. One thread at a time.
 */
public final class PacketKeys implements AutoCloseable {
    /** How many packets may be sealed in one epoch: what RFC 9001 section 6.6 allows to AES-GCM. */
    public static final int MAX_SEALED = 1 << 23;

    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int NUMBER_OFFSET = Integer.BYTES; // in the nonce: path id, then packet number

    private final AeadAlgorithm algorithm;
    private final int maxSealed;
    private final byte[] key;
    private final byte[] iv;
    private @Nullable AeadKey aead;

    /** Of the packet that is sealed or opened; there while the cipher is. */
    private byte @Nullable [] nonce;

    private long sealed;
    private long failedOpenings;
    private boolean closed;

    /** Derives the keys. The traffic secret is not kept. */
    public PacketKeys(AeadAlgorithm algorithm, byte[] trafficSecret) {
        this(algorithm, trafficSecret, MAX_SEALED);
    }

    /** With another limit, since a test does not seal millions of packets. */
    PacketKeys(AeadAlgorithm algorithm, byte[] trafficSecret, int maxSealed) {
        this.algorithm = algorithm;
        this.maxSealed = maxSealed;
        this.key = Labels.expand(trafficSecret, "key", Aead.KEY_LENGTH);
        this.iv = Labels.expand(trafficSecret, "iv", Aead.NONCE_LENGTH);
    }

    /**
     * Seals a packet.
     *
     * @param pathId 32 bits, unsigned
     * @param number never used before on this path
     * @param out may be {@code in}, if both ranges start at the same place
     * @return bytes written: {@code length + Aead.TAG_LENGTH}
     * @throws IllegalStateException if {@link #MAX_SEALED} packets were sealed already
     */
    public int seal(
            int pathId,
            long number,
            byte[] associated,
            int associatedOffset,
            int associatedLength,
            byte[] in,
            int inOffset,
            int length,
            byte[] out,
            int outOffset) {
        if (sealed >= maxSealed) {
            throw new IllegalStateException("the epoch is over");
        }
        sealed++;
        final AeadKey cipher = cipher();
        return cipher.seal(
                nonce(pathId, number),
                associated,
                associatedOffset,
                associatedLength,
                in,
                inOffset,
                length,
                out,
                outOffset);
    }

    /**
     * Opens a packet; counts it if it is forged. Ask the replay window first: on some JDKs a repeated number costs a new cipher
     * object.
     *
     * @param length of ciphertext and tag
     * @param out may be {@code in}, if both ranges start at the same place; then a forged packet is overwritten
     * @return length of the plaintext, or {@link Aead#FORGED}
     */
    public int open(
            int pathId,
            long number,
            byte[] associated,
            int associatedOffset,
            int associatedLength,
            byte[] in,
            int inOffset,
            int length,
            byte[] out,
            int outOffset) {
        final AeadKey cipher = cipher();
        int opened = cipher.open(
                nonce(pathId, number),
                associated,
                associatedOffset,
                associatedLength,
                in,
                inOffset,
                length,
                out,
                outOffset);
        if (opened == Aead.FORGED) {
            failedOpenings++;
        }
        return opened;
    }

    /** How many packets were sealed with these keys. */
    public long sealed() {
        return sealed;
    }

    /** How many packets did not open with these keys, whatever their path: see {@link AeadAlgorithm#failedOpeningLimit()}. */
    public long failedOpenings() {
        return failedOpenings;
    }

    /** Drops cipher objects, some kilobytes; they are made anew when next needed. */
    public void dropCiphers() {
        if (aead != null) {
            aead.close();
            aead = null;
            Secrets.wipe(nonce); // the secret iv, but for numbers that anybody may know
            nonce = null;
        }
    }

    @Override
    public void close() {
        closed = true;
        dropCiphers();
        Secrets.wipe(key, iv);
    }

    @Override
    public String toString() {
        return "PacketKeys[" + algorithm + ", sealed " + sealed + ", forged " + failedOpenings + "]";
    }

    private byte[] nonce(int pathId, long number) {
        byte[] bytes = nonce;
        if (bytes == null) {
            bytes = new byte[Aead.NONCE_LENGTH];
            nonce = bytes;
        }
        INTS.set(bytes, 0, (int) INTS.get(iv, 0) ^ pathId);
        LONGS.set(bytes, NUMBER_OFFSET, (long) LONGS.get(iv, NUMBER_OFFSET) ^ number);
        return bytes;
    }

    private AeadKey cipher() {
        AeadKey made = aead;
        if (made == null) {
            if (closed) {
                throw new IllegalStateException("the keys are closed"); // all zero by now, and anybody's
            }
            made = Aeads.of(algorithm).newKey(key);
            aead = made;
        }
        return made;
    }
}
