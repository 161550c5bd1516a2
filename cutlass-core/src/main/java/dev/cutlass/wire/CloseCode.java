package dev.cutlass.wire;

/** Why a side closes. docs/protocol.md section 5.3. */
public enum CloseCode {
    NORMAL(0),
    REFUSED(1),
    SHUTDOWN(2),
    PROTOCOL_VIOLATION(3),
    UNKNOWN_FRAME(4),
    FLOW_CONTROL(5),
    KEY_LIMIT(6),
    EXPIRED(7),
    INTERNAL(8),
    /** A code of a later version. Never sent. */
    OTHER(-1);

    private final int code;

    CloseCode(int code) {
        this.code = code;
    }

    /** {@link #OTHER} for codes that this version does not know. */
    public static CloseCode of(long code) {
        for (CloseCode known : values()) {
            if (known.code == code) {
                return known;
            }
        }
        return OTHER;
    }

    public int code() {
        return code;
    }
}
