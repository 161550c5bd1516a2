package dev.cutlass.proto;

/** Everything that a connection does because time passed. One deadline each, in {@link TimerTable}. */
enum Timer {
    /** To find packets lost, or to probe a path that does not answer (RFC 9002 section 6). */
    LOSS,
    /** To send an ACK that waited long enough. */
    ACK,
    /** To send what the congestion controller held back. */
    PACE,
    /** To take a probe of the path's size for lost. */
    MTU,
    /** To challenge a new address once more, or to give it up. */
    PATH,
    /** To ask a silent peer whether it is there. */
    QUIET,
    /** To give back the memory that traffic took, when it has ended. */
    REST,
    /** To agree on new keys. */
    REKEY,
    /** To wipe the keys of the epoch before. */
    OLD_KEYS,
    /** To end a connection whose peer is gone. */
    IDLE,
    /** To end a connection that nobody decided to admit. */
    ADMISSION,
    /** To repeat CLOSE, and to forget a connection that is over when no straggler can come any more. */
    CLOSE
}
