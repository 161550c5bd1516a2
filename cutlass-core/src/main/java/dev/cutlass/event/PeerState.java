package dev.cutlass.event;

/** Whether a peer can be reached now. */
public enum PeerState {
    /** No connection, and none is tried. Messages wait in the outbox. */
    AWAY,
    /** A first dial, or a reconnection, is under way or waits for its next attempt. */
    CONNECTING,
    /** The keys are agreed on; one side or both still have to admit the other. */
    UNDECIDED,
    /** Both sides have admitted each other. */
    CONNECTED
}
