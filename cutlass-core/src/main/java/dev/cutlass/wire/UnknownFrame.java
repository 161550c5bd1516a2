package dev.cutlass.wire;

/**
 * A whole frame of a type that this version does not know (docs/protocol.md section 5).
 *
 * @param type 1 to 2^62 - 1
 */
public record UnknownFrame(long type) implements Decoded {
    private static final long IGNORABLE_BIT = 0x20;

    /** True: skip it. False: close the connection with UNKNOWN_FRAME. */
    public boolean isIgnorable() {
        return (type & IGNORABLE_BIT) != 0;
    }
}
