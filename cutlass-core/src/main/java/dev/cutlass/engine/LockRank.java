package dev.cutlass.engine;

/**
 * Every lock of the engine, in the only order in which a thread may take them; at most one of each. HANDLE, CONNECTION_TABLE, CONNECTION,
 * CHANNEL_SET and DISPOSAL_STACK are those of 2004, in their order.
 */
public enum LockRank {
    /** A file that is read for peers: the only lock under which a disk is waited for. */
    SOURCE,
    /** All that is known about files on their way. Nothing is read, written or sent under it. */
    FILES,
    /** The engine as a whole: starting and ending it, its settings. */
    HANDLE,
    /** The writing side of the connection table. */
    CONNECTION_TABLE,
    /** One peer: its conversation and its connections. */
    CONNECTION,
    /** Which sockets exist beside the bound one. */
    CHANNEL_SET,
    /** The timer wheel. */
    TIMERS,
    /** What waits for the handlers of one peer. */
    EVENTS,
    /** What waits to be taken apart. */
    DISPOSAL_STACK
}
