package dev.cutlass.crypto.packet;

import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.crypto.primitive.AesBlock;
import dev.cutlass.crypto.primitive.ChaCha20;
import dev.cutlass.crypto.primitive.Labels;
import dev.cutlass.crypto.primitive.Secrets;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The mask over flags and packet number of one direction (RFC 9001 section 5.4). Its key is that of epoch 0 for as long as the
 * connection lives. Holds raw bytes only until it is used. One thread at a time.
 */
public final class HeaderProtection implements AutoCloseable {
    /** Bytes of ciphertext that a mask is made from. */
    public static final int SAMPLE_LENGTH = 16;

    /** Bytes of mask: one for the flags, up to four for the packet number. */
    public static final int MASK_LENGTH = 5;

    private static final int KEY_LENGTH = 32;
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final AeadAlgorithm algorithm;
    private final byte[] key;
    private @Nullable AesBlock aes;
    private @Nullable ChaCha20 chacha;
    private boolean closed;

    /** Derives the key from the traffic secret of epoch 0, which is not kept. */
    public HeaderProtection(AeadAlgorithm algorithm, byte[] trafficSecret) {
        this(Labels.expand(trafficSecret, "hp", KEY_LENGTH), algorithm);
    }

    /** Keeps the key that it gets. */
    HeaderProtection(byte[] key, AeadAlgorithm algorithm) {
        this.algorithm = algorithm;
        this.key = key;
    }

    /** Computes the mask of a sample. Allocates nothing once the cipher is there. */
    public void mask(byte[] packet, int sampleOffset, byte[] mask) {
        if (closed) {
            throw new IllegalStateException("the key is closed");
        }
        if (algorithm == AeadAlgorithm.AES_256_GCM) {
            if (aes == null) {
                aes = new AesBlock(key);
            }
            System.arraycopy(aes.encrypt(packet, sampleOffset), 0, mask, 0, MASK_LENGTH);
        } else {
            if (chacha == null) {
                chacha = new ChaCha20(key);
            }
            int counter = (int) INTS.get(packet, sampleOffset);
            chacha.keyStream(counter, packet, sampleOffset + Integer.BYTES, mask, 0, MASK_LENGTH);
        }
    }

    /** Drops cipher objects; they are made anew when next needed. */
    public void dropCiphers() {
        if (aes != null) {
            aes.close();
            aes = null;
        }
        if (chacha != null) {
            chacha.close();
            chacha = null;
        }
    }

    @Override
    public void close() {
        closed = true;
        dropCiphers();
        Secrets.wipe(key);
    }

    @Override
    public String toString() {
        return "HeaderProtection[" + algorithm + "]";
    }
}
