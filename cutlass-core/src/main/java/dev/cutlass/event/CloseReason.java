package dev.cutlass.event;

/** Why a connection that existed is over. Every connection ends for exactly one of these. docs/protocol.md section 5.3. */
public enum CloseReason {
    /** The application of the side that closed wanted it. */
    NORMAL,
    /** The side that closed does not admit the other: its policy, its user or its permissions say no. */
    REFUSED,
    /** The engine of the side that closed was shut down in order. */
    SHUTDOWN,
    /** Nothing came from the peer for the idle time. */
    TIMED_OUT,
    /** The peer was started anew, or dialled again: another connection took over. No event: the peer stays connected. */
    REPLACED,
    /** Nobody decided about admission within the time. */
    EXPIRED,
    /** What came, in authentic packets, broke the rules of the protocol; the text says which. */
    PROTOCOL_VIOLATION,
    /** A cipher's limit was reached; a new connection has fresh keys. */
    KEY_LIMIT,
    /** The side that closed met an error of its own. */
    INTERNAL,
    /** A reason that this version does not know. */
    OTHER
}
