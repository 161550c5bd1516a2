package dev.cutlass.wire;

/** A class of messages: each has a window of its own, so that none fills another's. docs/protocol.md section 5.2. */
public enum MessageClass {
    /** Those of the default channel and of ordinary ones. */
    MESSAGES(0),
    /** Those of channels that were opened as {@link ChannelKind#ORDERED_BULK}: they yield to everything else. */
    BULK(1);

    private final long code;

    MessageClass(long code) {
        this.code = code;
    }

    /** As LIMITS names it. */
    public long code() {
        return code;
    }
}
