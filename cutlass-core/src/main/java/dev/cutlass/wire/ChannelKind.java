package dev.cutlass.wire;

import org.jspecify.annotations.Nullable;

/** How a channel delivers. docs/protocol.md section 5, OPEN. */
public enum ChannelKind {
    ORDERED(0),
    UNORDERED(1),
    DATAGRAM(2),
    BYTE_STREAM(3),
    /** As {@link #ORDERED}, but its messages are of class {@link MessageClass#BULK}. */
    ORDERED_BULK(4);

    private final int code;

    ChannelKind(int code) {
        this.code = code;
    }

    /** Null for a kind that this version does not know: answer OPENED with {@link OpenedFrame#KIND_NOT_SUPPORTED}. */
    public static @Nullable ChannelKind of(int code) {
        for (ChannelKind kind : values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        return null;
    }

    /** The kind of a channel whose messages come in order and are of this class. */
    public static ChannelKind ordered(MessageClass messageClass) {
        return messageClass == MessageClass.BULK ? ORDERED_BULK : ORDERED;
    }

    public int code() {
        return code;
    }
}
