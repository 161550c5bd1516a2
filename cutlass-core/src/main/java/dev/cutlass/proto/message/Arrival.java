package dev.cutlass.proto.message;

/** How a message stands that came another way than in fragments. docs/offline.md. */
public enum Arrival {
    /** It was accepted or refused, in whichever way it came. */
    SETTLED,
    /** It also came in fragments, whole, and is about to be delivered. */
    HERE,
    /** Nothing is missing before it. */
    NEXT,
    /** An earlier one is missing that may still come. */
    EARLY
}
