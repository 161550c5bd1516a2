package dev.cutlass.wire;

/**
 * A frame that is not as docs/protocol.md section 5 says. In an authentic packet it closes the connection; nothing after
 * it is read.
 *
 * @param type the frame type as far as it was read, {@link #NO_TYPE} if not even that
 */
public record Malformed(long type, Why why) implements Decoded {
    public static final long NO_TYPE = -1;

    public enum Why {
        /** The packet ends inside type, length or body. */
        TRUNCATED,
        /** The body is shorter or longer than its fields. */
        LENGTH,
        /** A field has a value that it must not have. */
        VALUE
    }
}
