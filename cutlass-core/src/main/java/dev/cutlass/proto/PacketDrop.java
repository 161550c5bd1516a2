package dev.cutlass.proto;

/** Why a packet of a connection was dropped. Each is counted and leaves no other trace. */
public enum PacketDrop {
    /** Too short for a packet. */
    LENGTH,
    /** An id that is not, or no longer, valid. */
    UNKNOWN_ID,
    /** An epoch without a key. */
    NO_KEY,
    /** A number that came before, or one below the replay window. */
    REPLAYED,
    /** The tag does not hold. */
    FORGED,
    /** The connection is over, or another took its place. */
    OVER
}
