package dev.cutlass.event;

/**
 * How a channel is.
 *
 * <pre>
 * WAITING --the other side accepts--> OPEN --connection lost--> WAITING
 *    |                                 |
 *    +------ {@link ChannelEnd} -------+--> CLOSED
 * </pre>
 */
public enum ChannelState {
    /** It is not open on a connection yet, or again: what is sent waits in the outbox. */
    WAITING,
    /** Both sides may send, and what is sent leaves as soon as the window allows. */
    OPEN,
    /** For good; what is sent fails. */
    CLOSED
}
