package dev.cutlass.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * The header of a packet, before header protection or after its removal. docs/protocol.md section 4.2.
 * <pre>
 * offset  size  field
 *      0     8  connection id    chosen by the receiver
 *      8     1  flags            bits 0-1 length of the number - 1, bits 2-3 epoch mod 4, bits 4-7 reserved
 *      9     k  packet number    its k low bytes, k = 1 to 4
 *    9+k     n  sealed frames
 *  9+k+n    16  tag
 * </pre>
 *
 * <p>No record, since every packet has one: who reads or writes many fills one object again and again ({@link #prepare}, {@link #reread}). One that a constructor or {@link #of} made and that
 * nobody fills never changes.
 */
public final class PacketHeader {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    public static final int CONNECTION_ID_LENGTH = Long.BYTES;
    public static final int FLAGS_OFFSET = CONNECTION_ID_LENGTH;
    public static final int NUMBER_OFFSET = FLAGS_OFFSET + 1;
    public static final int MAX_NUMBER_LENGTH = 4;
    public static final int SAMPLE_OFFSET = NUMBER_OFFSET + MAX_NUMBER_LENGTH;
    public static final int SAMPLE_LENGTH = 16;
    public static final int TAG_LENGTH = 16;

    /** Least bytes of number and frames together, so that the sample fits. */
    public static final int MIN_NUMBER_AND_FRAMES = MAX_NUMBER_LENGTH;

    /** Shorter datagrams are no packets. */
    public static final int MIN_PACKET_LENGTH = NUMBER_OFFSET + MIN_NUMBER_AND_FRAMES + TAG_LENGTH;

    /** Bytes of a packet until a larger size was proved for its path. */
    public static final int BASE_PACKET_LENGTH = 1_200;

    /** One more than the largest packet number. */
    public static final long NUMBER_LIMIT = 1L << 62;

    private long connectionId;
    private int epoch;
    private int numberLength;
    private long truncatedNumber;
    private int reserved;

    /** One to be filled. */
    public PacketHeader() {
        numberLength = 1;
    }

    /**
     * Any header.
     *
     * @param epoch 0 to 3
     * @param numberLength 1 to 4 bytes
     * @param truncatedNumber the low {@code numberLength} bytes of the packet number
     * @param reserved bits 4-7, 0 to 15; other than 0 in an authentic packet closes the connection
     * @throws IllegalArgumentException if a value is out of range
     */
    public PacketHeader(long connectionId, int epoch, int numberLength, long truncatedNumber, int reserved) {
        set(connectionId, epoch, numberLength, truncatedNumber, reserved);
    }

    private void set(long id, int epochBits, int length, long truncated, int reservedBits) {
        if (epochBits < 0 || epochBits > 3 || reservedBits < 0 || reservedBits > 0xf) {
            throw new IllegalArgumentException("epoch " + epochBits + ", reserved " + reservedBits);
        }
        if (length < 1 || length > MAX_NUMBER_LENGTH || truncated >>> (8 * length) != 0) {
            throw new IllegalArgumentException("number " + truncated + " in " + length + " bytes");
        }
        connectionId = id;
        epoch = epochBits;
        numberLength = length;
        truncatedNumber = truncated;
        reserved = reservedBits;
    }

    /** The header of a packet to send: {@link #prepare} of a new one. */
    public static PacketHeader of(long connectionId, long epoch, long number, long largestAcked) {
        final PacketHeader header = new PacketHeader();
        header.prepare(connectionId, epoch, number, largestAcked);
        return header;
    }

    /**
     * Becomes the header of a packet to send.
     *
     * @param newEpoch any; its low two bits are sent
     * @param number the whole packet number
     * @param largestAcked of the same path, -1 if none
     */
    public void prepare(long newId, long newEpoch, long number, long largestAcked) {
        final int length = numberLength(number, largestAcked);
        final long truncated = number & ((1L << (8 * length)) - 1);
        set(newId, (int) (newEpoch & 3), length, truncated, 0);
    }

    public long connectionId() {
        return connectionId;
    }

    /** Its low two bits: 0 to 3. */
    public int epoch() {
        return epoch;
    }

    /** 1 to 4 bytes. */
    public int numberLength() {
        return numberLength;
    }

    /** The low {@link #numberLength} bytes of the packet number. */
    public long truncatedNumber() {
        return truncatedNumber;
    }

    /** Bits 4-7 of the flags. */
    public int reserved() {
        return reserved;
    }

    /** The connection id of a datagram of at least {@link #MIN_PACKET_LENGTH} bytes. */
    public static long connectionId(byte[] datagram, int offset) {
        return (long) LONGS.get(datagram, offset);
    }

    /** Reads the header of a packet of at least {@link #MIN_PACKET_LENGTH} bytes whose header protection was removed. */
    public static PacketHeader read(byte[] packet, int offset) {
        final PacketHeader header = new PacketHeader();
        header.reread(packet, offset);
        return header;
    }

    /** Becomes the header of another such packet. */
    public void reread(byte[] packet, int offset) {
        final int flags = packet[offset + FLAGS_OFFSET] & 0xff;
        final int length = (flags & 3) + 1;
        long number = 0;
        for (int i = 0; i < length; i++) {
            number = number << 8 | (packet[offset + NUMBER_OFFSET + i] & 0xff);
        }
        set(connectionId(packet, offset), flags >> 2 & 3, length, number, flags >> 4);
    }

    /** Bytes of the header: the associated data of the AEAD. */
    public int length() {
        return NUMBER_OFFSET + numberLength;
    }

    /** Least bytes of frames under this header; shorter ones are filled up with PADDING. */
    public int minFrames() {
        return Math.max(0, MIN_NUMBER_AND_FRAMES - numberLength);
    }

    public void writeTo(byte[] packet, int offset) {
        LONGS.set(packet, offset, connectionId);
        packet[offset + FLAGS_OFFSET] = (byte) (reserved << 4 | epoch << 2 | numberLength - 1);
        for (int i = 0; i < numberLength; i++) {
            packet[offset + NUMBER_OFFSET + i] = (byte) (truncatedNumber >> (8 * (numberLength - 1 - i)));
        }
    }

    /**
     * The whole number of a received packet: RFC 9000 appendix A.3.
     *
     * @param largest of the path so far, -1 if none
     */
    public long restoreNumber(long largest) {
        final long expected = largest + 1;
        final long window = 1L << (8 * numberLength);
        final long half = window / 2;
        final long candidate = (expected & -window) | truncatedNumber;
        if (candidate <= expected - half && candidate < NUMBER_LIMIT - window) {
            return candidate + window;
        }
        if ((candidate > expected + half || candidate >= NUMBER_LIMIT) && candidate >= window) {
            return candidate - window;
        }
        return candidate;
    }

    /**
     * How many bytes of {@code number} the receiver needs: RFC 9000 appendix A.2.
     *
     * @throws IllegalArgumentException if even four are too few, which the congestion window never lets happen
     */
    public static int numberLength(long number, long largestAcked) {
        final long unacked = number - largestAcked;
        for (int length = 1; length <= MAX_NUMBER_LENGTH; length++) {
            if (unacked > 0 && unacked <= 1L << (8 * length - 1)) {
                return length;
            }
        }
        throw new IllegalArgumentException("packet number " + number + " after " + largestAcked);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PacketHeader that
                && connectionId == that.connectionId
                && epoch == that.epoch
                && numberLength == that.numberLength
                && truncatedNumber == that.truncatedNumber
                && reserved == that.reserved;
    }

    @Override
    public int hashCode() {
        return Objects.hash(connectionId, epoch, numberLength, truncatedNumber, reserved);
    }

    /** Without the connection id: it links a log to packets on the wire. */
    @Override
    public String toString() {
        return "PacketHeader[epoch=" + epoch + ", number=" + truncatedNumber + "/" + numberLength + "]";
    }
}
