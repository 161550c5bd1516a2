package dev.cutlass.wire;

/** What an unmasked handshake datagram turned out to be. */
public sealed interface DecodedPart permits HandshakePart, DecodedPart.Rejected {

    /** Not a part. A receiver drops it, counts it by reason, and forgets it. */
    enum Rejected implements DecodedPart {
        /** Shorter than its fields or longer than {@link HandshakeDatagram#MAX_LENGTH}. */
        LENGTH,
        /** Not version 2: masked for somebody else, or a later version. */
        VERSION,
        /** Not one of the four types. */
        TYPE,
        /** A field that does not go with the type. */
        FIELD
    }
}
