package dev.cutlass.proto.message;

/** What became of a message that was offered. */
public enum Outcome {
    /** The other side's handler queue has it. */
    DELIVERED,
    /** The other side does not want it: {@link Outgoing#code} says why. */
    REFUSED,
    /** We gave up. If it was under way it may arrive all the same. */
    ABANDONED
}
