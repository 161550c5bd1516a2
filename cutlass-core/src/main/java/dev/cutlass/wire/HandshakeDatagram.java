package dev.cutlass.wire;

import java.nio.ByteBuffer;

/**
 * The outer layout of a handshake datagram; what is under the mask is a {@link HandshakePart}. docs/protocol.md section
 * 3.1. Keys, the mask and mac1 are the handshake's business.
 * <pre>
 * offset  size  field
 *      0    12  nonce    random, fresh for every datagram
 *     12    16  mac1     over nonce || all bytes from offset 28, masked
 *     28     n  part     masked
 * </pre>
 */
public final class HandshakeDatagram {
    public static final int NONCE_OFFSET = 0;
    public static final int NONCE_LENGTH = 12;
    public static final int MAC1_OFFSET = NONCE_OFFSET + NONCE_LENGTH;
    public static final int MAC1_LENGTH = 16;

    /** Where the mask, and with it the {@link HandshakePart}, begins. */
    public static final int PART_OFFSET = MAC1_OFFSET + MAC1_LENGTH;

    /** Bytes of the shortest datagram: a cookie demand without padding, or a part without a cookie and one byte. */
    public static final int MIN_LENGTH = PART_OFFSET + HandshakePart.HEADER_LENGTH + 1;

    /** Fits into a FORWARD of a hop with 1,200 bytes. */
    public static final int MAX_LENGTH = 1_152;

    private HandshakeDatagram() {}

    /** Whether a datagram can be a handshake datagram at all. */
    public static boolean isPossibleLength(int length) {
        return length >= MIN_LENGTH && length <= MAX_LENGTH;
    }

    /**
     * A datagram with the nonce and the part in the clear; mac1 is zero: next come the mask (from {@link #PART_OFFSET}),
     * then mac1.
     *
     * @param nonce {@link #NONCE_LENGTH} bytes
     */
    public static byte[] layOut(byte[] nonce, HandshakePart part) {
        if (nonce.length != NONCE_LENGTH) {
            throw new IllegalArgumentException("nonce of " + nonce.length + " bytes");
        }
        final ByteBuffer out = ByteBuffer.allocate(PART_OFFSET + part.encodedLength());
        out.put(nonce).position(PART_OFFSET);
        part.encodeTo(out);
        return out.array();
    }
}
