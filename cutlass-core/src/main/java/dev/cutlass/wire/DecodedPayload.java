package dev.cutlass.wire;

/** What a verified handshake payload turned out to be. */
public sealed interface DecodedPayload permits HandshakePayload, DecodedPayload.Rejected {

    /**
     * Makes the handshake fail.
     *
     * @param type TLV type that is wrong or missing, {@link #NO_TYPE} if not even that was read
     */
    record Rejected(long type, Why why) implements DecodedPayload {
        public static final long NO_TYPE = -1;
    }

    enum Why {
        /** The payload ends inside a TLV. */
        TRUNCATED,
        /** A known type twice. */
        REPEATED,
        /** A known type in a flight that it does not belong to. */
        MISPLACED,
        /** A value with a length that its type must not have. */
        LENGTH,
        /** A value that its type must not have. */
        VALUE,
        /** A type that the flight must have is not there. */
        MISSING
    }
}
