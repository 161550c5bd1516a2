package dev.cutlass.crypto.noise;

/** Which side of a handshake somebody is. */
public enum Role {
    /** Sends the first message. */
    INITIATOR,
    /** Answers it. */
    RESPONDER
}
