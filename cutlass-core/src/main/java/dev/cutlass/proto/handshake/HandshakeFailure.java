package dev.cutlass.proto.handshake;

/** Why a handshake came to nothing. */
public enum HandshakeFailure {
    /** Nobody answered in time; or nobody did who could. */
    TIMED_OUT,
    /** The other side answered, but no packet of it came: it refused our key's proof (a psk that differs), or the path broke. */
    UNCONFIRMED,
    /** Another key than the one that was dialled. */
    UNEXPECTED_KEY,
    /** The root key is none, or does not vouch for the static key (no record, a wrong one, or one out of its time). */
    INVALID_PEER,
    /** The payload is not as docs/protocol.md section 3.4 says. */
    INVALID_PAYLOAD,
    /** No version of the protocol that both sides speak. */
    NO_COMMON_VERSION,
    /** No packet AEAD that both sides know. */
    NO_COMMON_AEAD,
    /** The flight does not open: forged, for somebody else, or under another psk. */
    NOT_AUTHENTIC,
    /** Our side ended it. */
    CANCELLED
}
