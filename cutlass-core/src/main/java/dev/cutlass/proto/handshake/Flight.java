package dev.cutlass.proto.handshake;

import org.jspecify.annotations.Nullable;

/**
 * The three handshake messages and their fixed lengths: those of the Noise messages are the same in both modes, so that lengths tell
 * an observer nothing. docs/protocol.md section 3.2.
 */
enum Flight {
    FIRST(1, 1_408, 160, 160),
    SECOND(2, 1_792, 592, 640),
    THIRD(3, 704, 640, 640);

    /** A flight carries 0 to this many random bytes after the Noise message. */
    static final int MAX_TAIL = 255;

    private final int type;
    private final int messageLength;
    private final int normalPayload;
    private final int stealthPayload;

    Flight(int type, int messageLength, int normalPayload, int stealthPayload) {
        this.type = type;
        this.messageLength = messageLength;
        this.normalPayload = normalPayload;
        this.stealthPayload = stealthPayload;
    }

    /** The type field of datagrams that carry a part of this flight. */
    int type() {
        return type;
    }

    /** Bytes of the Noise message. */
    int messageLength() {
        return messageLength;
    }

    /** Bytes of the padded payload inside the Noise message. */
    int payloadLength(HandshakeMode mode) {
        return mode == HandshakeMode.NORMAL ? normalPayload : stealthPayload;
    }

    /** Whether a flight of this type can have this many bytes. */
    boolean allowsTotal(int total) {
        return total >= messageLength && total <= messageLength + MAX_TAIL;
    }

    /** The flight with this type number; null for any other datagram. */
    static @Nullable Flight ofType(int type) {
        return switch (type) {
            case 1 -> FIRST;
            case 2 -> SECOND;
            case 3 -> THIRD;
            default -> null;
        };
    }
}
