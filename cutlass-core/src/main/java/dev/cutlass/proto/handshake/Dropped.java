package dev.cutlass.proto.handshake;

/** Why something that passed the gate came to nothing; {@link InboundHandshakes#dropped} counts them. */
public enum Dropped {
    /** No room for another reassembly. */
    NO_ROOM,
    /** A cookie was demanded. */
    COOKIE_NEEDED,
    /** The parts are not the flight that they name. */
    WRONG_HASH,
    /** Stealth: this flight was answered before. */
    REPLAYED,
    /** It names a handshake that is not open. */
    UNKNOWN_HANDSHAKE,
    /** Too many handshakes are open, in all or with this network. */
    TOO_MANY_OPEN,
    /** The address was sent three times what came from it. */
    AMPLIFICATION,
    /** A handshake was open and nobody finished it. */
    EXPIRED,
    /** See {@link HandshakeFailure} of the same name; likewise those that follow. */
    NOT_AUTHENTIC,
    INVALID_PAYLOAD,
    INVALID_PEER,
    NO_COMMON_VERSION,
    NO_COMMON_AEAD,
    /** A psk was agreed on with this peer, but it came with a static key that is not known as one of its devices, or is known as another's. */
    PSK_MISSING
}
