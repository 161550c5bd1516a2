package dev.cutlass.event;

/** What a peer may do here. What is not permitted is refused with a code that tells the peer so. */
public enum Permission {
    /** To be connected with us at all, whoever dialled. */
    CONNECT,
    /** To send us messages. Without it every message is answered by a refusal. */
    MESSAGE,
    /** To offer us files, to ask for those that we share, and to list them. Without it we say that it is not permitted. */
    FILE
}
