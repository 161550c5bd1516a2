package dev.cutlass.gso;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * {@code struct msghdr} with all that it points to, made once and used for one call after the other. One thread at a time.
 * <pre>
 * offset  size  msghdr            offset  size  cmsghdr
 *      0     8  name                   0     8  length with this header
 *      8     4  its length             8     4  level
 *     16     8  pieces                12     4  type
 *     24     8  how many              16     .  value: 2 bytes to send, 4 received
 *     32     8  control
 *     40     8  its length       offset  size  piece (iovec)
 *     48     4  flags                 0     8  start
 *                                     8     8  length
 * </pre>
 * These are the layouts of all 64-bit Linux machines. The memory lives as long as this object: no call can meet memory that was freed.
 */
final class Message {
    private static final int HEADER_SIZE = 56;
    private static final int NAME_AT = 0;
    private static final int NAME_LENGTH_AT = 8;
    private static final int PIECES_AT = 16;
    private static final int PIECE_COUNT_AT = 24;
    private static final int CONTROL_AT = 32;
    private static final int CONTROL_LENGTH_AT = 40;

    private static final int PIECE_SIZE = 16;
    private static final int PIECE_LENGTH_AT = 8;

    private static final int CMSG_HEADER = 16;
    private static final int CMSG_LEVEL_AT = 8;
    private static final int CMSG_TYPE_AT = 12;
    private static final int CMSG_SPACE = CMSG_HEADER + Long.BYTES;

    /** Room for more than the one that we ask for. */
    private static final int CONTROL_SIZE = 4 * CMSG_SPACE;

    private static final int ALIGNMENT = 8;

    final MemorySegment errno;
    final MemorySegment header;
    final MemorySegment name;
    final MemorySegment payload;
    private final MemorySegment control;
    private final MemorySegment piece;

    /** With so many bytes of payload. */
    Message(int capacity) {
        final Arena arena = Arena.ofAuto();
        errno = arena.allocate(Libc.ERRNO_SIZE, ALIGNMENT);
        header = arena.allocate(HEADER_SIZE, ALIGNMENT);
        name = arena.allocate(SocketAddress.SIZE, ALIGNMENT);
        payload = arena.allocate(capacity, ALIGNMENT);
        control = arena.allocate(CONTROL_SIZE, ALIGNMENT);
        piece = arena.allocate(PIECE_SIZE, ALIGNMENT);
        piece.set(ADDRESS, 0, payload);
        header.set(ADDRESS, PIECES_AT, piece);
        header.set(JAVA_LONG, PIECE_COUNT_AT, 1);
    }

    /**
     * Ready to be sent.
     *
     * @param nameLength 0: the socket is connected
     * @param segment the length of each datagram, but for the last, which may be shorter; 0: it is only one
     */
    void toSend(int nameLength, int length, int segment) {
        header.set(ADDRESS, NAME_AT, nameLength == 0 ? MemorySegment.NULL : name);
        header.set(JAVA_INT, NAME_LENGTH_AT, nameLength);
        piece.set(JAVA_LONG, PIECE_LENGTH_AT, length);
        if (segment == 0) {
            header.set(ADDRESS, CONTROL_AT, MemorySegment.NULL);
            header.set(JAVA_LONG, CONTROL_LENGTH_AT, 0);
        } else {
            control.set(JAVA_LONG, 0, CMSG_HEADER + Short.BYTES);
            control.set(JAVA_INT, CMSG_LEVEL_AT, Libc.SOL_UDP);
            control.set(JAVA_INT, CMSG_TYPE_AT, Libc.UDP_SEGMENT);
            control.set(JAVA_SHORT, CMSG_HEADER, (short) segment);
            header.set(ADDRESS, CONTROL_AT, control);
            header.set(JAVA_LONG, CONTROL_LENGTH_AT, CMSG_SPACE);
        }
    }

    /** Ready to be received into. */
    void toReceive() {
        header.set(ADDRESS, NAME_AT, name);
        header.set(JAVA_INT, NAME_LENGTH_AT, SocketAddress.SIZE);
        piece.set(JAVA_LONG, PIECE_LENGTH_AT, payload.byteSize());
        header.set(ADDRESS, CONTROL_AT, control);
        header.set(JAVA_LONG, CONTROL_LENGTH_AT, CONTROL_SIZE);
    }

    /** The length of each datagram in what was received, but for the last, which may be shorter; {@code length} if it is only one. */
    int receivedSegment(int length) {
        final long end = Math.min(CONTROL_SIZE, header.get(JAVA_LONG, CONTROL_LENGTH_AT));
        long at = 0;
        while (at + CMSG_HEADER + Integer.BYTES <= end) {
            if (control.get(JAVA_INT, at + CMSG_LEVEL_AT) == Libc.SOL_UDP
                    && control.get(JAVA_INT, at + CMSG_TYPE_AT) == Libc.UDP_GRO) {
                final int segment = control.get(JAVA_INT, at + CMSG_HEADER);
                return segment > 0 ? segment : length;
            }
            final long size = control.get(JAVA_LONG, at);
            if (size < CMSG_HEADER) {
                return length;
            }
            at += (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        }
        return length;
    }
}
