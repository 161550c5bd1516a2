package dev.cutlass.wire;

import org.jspecify.annotations.Nullable;

/** How a channel delivers. docs/protocol.md section 5, OPEN. */
public enum ChannelKind {
    ORDERED(0),
    UNORDERED(1),
    DATAGRAM(2),
    BYTE_STREAM(3);

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

    public int code() {
        return code;
    }
}
