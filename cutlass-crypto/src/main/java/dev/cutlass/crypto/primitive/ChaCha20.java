package dev.cutlass.crypto.primitive;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The ChaCha20 key stream (RFC 8439 sections 2.3 and 2.4), for masks of header and handshake. Written out here because
 * {@code javax.crypto} allocates for every nonce and refuses the same one twice in a row, and a header mask is due for every packet;
 * additions, rotations and XORs take the same time for every key. One thread at a time.
 */
public final class ChaCha20 implements AutoCloseable {
    /** Bytes in a key. */
    public static final int KEY_LENGTH = 32;

    /** Bytes in a nonce. */
    public static final int NONCE_LENGTH = 12;

    /** Bytes of key stream that one value of the counter gives. */
    public static final int BLOCK_LENGTH = 64;

    private static final int WORDS = BLOCK_LENGTH / Integer.BYTES;
    private static final int DOUBLE_ROUNDS = 10;
    private static final int COUNTER = 12;
    private static final int[] CONSTANTS = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574}; // "expand 32-byte k"
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final int[] input = new int[WORDS];
    private final byte[] stream = new byte[BLOCK_LENGTH];

    /** Takes a key of {@link #KEY_LENGTH} bytes, which is copied. */
    public ChaCha20(byte[] key) {
        if (key.length != KEY_LENGTH) {
            throw new IllegalArgumentException("key: " + key.length + " bytes, not " + KEY_LENGTH);
        }
        System.arraycopy(CONSTANTS, 0, input, 0, CONSTANTS.length);
        for (int i = 0; i < KEY_LENGTH / Integer.BYTES; i++) {
            input[CONSTANTS.length + i] = (int) INTS.get(key, i * Integer.BYTES);
        }
    }

    /** XORs a range with the key stream of a nonce, from counter 0 on. */
    public void xor(byte[] nonce, int nonceOffset, byte[] data, int offset, int length) {
        for (int done = 0, counter = 0; done < length; done += BLOCK_LENGTH, counter++) {
            block(counter, nonce, nonceOffset);
            int count = Math.min(BLOCK_LENGTH, length - done);
            for (int i = 0; i < count; i++) {
                data[offset + done + i] ^= stream[i];
            }
        }
        Arrays.fill(stream, (byte) 0);
    }

    /** Writes the first {@code length} bytes (at most {@link #BLOCK_LENGTH}) of the key stream at one counter. */
    public void keyStream(int counter, byte[] nonce, int nonceOffset, byte[] out, int offset, int length) {
        block(counter, nonce, nonceOffset);
        System.arraycopy(stream, 0, out, offset, length);
    }

    @Override
    public void close() {
        Arrays.fill(input, 0);
        Arrays.fill(stream, (byte) 0);
    }

    @Override
    public String toString() {
        return "ChaCha20[redacted]";
    }

    /** RFC 8439 section 2.3 in local variables: three times as fast as over an array. */
    private void block(int counter, byte[] nonce, int nonceOffset) {
        if (input[0] != CONSTANTS[0]) {
            throw new IllegalStateException("the key is closed");
        }
        input[COUNTER] = counter;
        for (int i = 0; i < NONCE_LENGTH / Integer.BYTES; i++) {
            input[COUNTER + 1 + i] = (int) INTS.get(nonce, nonceOffset + i * Integer.BYTES);
        }
        int x0 = input[0];
        int x1 = input[1];
        int x2 = input[2];
        int x3 = input[3];
        int x4 = input[4];
        int x5 = input[5];
        int x6 = input[6];
        int x7 = input[7];
        int x8 = input[8];
        int x9 = input[9];
        int x10 = input[10];
        int x11 = input[11];
        int x12 = input[12];
        int x13 = input[13];
        int x14 = input[14];
        int x15 = input[15];
        for (int round = 0; round < DOUBLE_ROUNDS; round++) {
            // columns
            x0 += x4;
            x12 = Integer.rotateLeft(x12 ^ x0, 16);
            x8 += x12;
            x4 = Integer.rotateLeft(x4 ^ x8, 12);
            x0 += x4;
            x12 = Integer.rotateLeft(x12 ^ x0, 8);
            x8 += x12;
            x4 = Integer.rotateLeft(x4 ^ x8, 7);
            x1 += x5;
            x13 = Integer.rotateLeft(x13 ^ x1, 16);
            x9 += x13;
            x5 = Integer.rotateLeft(x5 ^ x9, 12);
            x1 += x5;
            x13 = Integer.rotateLeft(x13 ^ x1, 8);
            x9 += x13;
            x5 = Integer.rotateLeft(x5 ^ x9, 7);
            x2 += x6;
            x14 = Integer.rotateLeft(x14 ^ x2, 16);
            x10 += x14;
            x6 = Integer.rotateLeft(x6 ^ x10, 12);
            x2 += x6;
            x14 = Integer.rotateLeft(x14 ^ x2, 8);
            x10 += x14;
            x6 = Integer.rotateLeft(x6 ^ x10, 7);
            x3 += x7;
            x15 = Integer.rotateLeft(x15 ^ x3, 16);
            x11 += x15;
            x7 = Integer.rotateLeft(x7 ^ x11, 12);
            x3 += x7;
            x15 = Integer.rotateLeft(x15 ^ x3, 8);
            x11 += x15;
            x7 = Integer.rotateLeft(x7 ^ x11, 7);
            // diagonals
            x0 += x5;
            x15 = Integer.rotateLeft(x15 ^ x0, 16);
            x10 += x15;
            x5 = Integer.rotateLeft(x5 ^ x10, 12);
            x0 += x5;
            x15 = Integer.rotateLeft(x15 ^ x0, 8);
            x10 += x15;
            x5 = Integer.rotateLeft(x5 ^ x10, 7);
            x1 += x6;
            x12 = Integer.rotateLeft(x12 ^ x1, 16);
            x11 += x12;
            x6 = Integer.rotateLeft(x6 ^ x11, 12);
            x1 += x6;
            x12 = Integer.rotateLeft(x12 ^ x1, 8);
            x11 += x12;
            x6 = Integer.rotateLeft(x6 ^ x11, 7);
            x2 += x7;
            x13 = Integer.rotateLeft(x13 ^ x2, 16);
            x8 += x13;
            x7 = Integer.rotateLeft(x7 ^ x8, 12);
            x2 += x7;
            x13 = Integer.rotateLeft(x13 ^ x2, 8);
            x8 += x13;
            x7 = Integer.rotateLeft(x7 ^ x8, 7);
            x3 += x4;
            x14 = Integer.rotateLeft(x14 ^ x3, 16);
            x9 += x14;
            x4 = Integer.rotateLeft(x4 ^ x9, 12);
            x3 += x4;
            x14 = Integer.rotateLeft(x14 ^ x3, 8);
            x9 += x14;
            x4 = Integer.rotateLeft(x4 ^ x9, 7);
        }
        put(0, x0);
        put(1, x1);
        put(2, x2);
        put(3, x3);
        put(4, x4);
        put(5, x5);
        put(6, x6);
        put(7, x7);
        put(8, x8);
        put(9, x9);
        put(10, x10);
        put(11, x11);
        put(12, x12);
        put(13, x13);
        put(14, x14);
        put(15, x15);
    }

    private void put(int word, int value) {
        INTS.set(stream, word * Integer.BYTES, value + input[word]);
    }
}
