package dev.cutlass.proto.message;

/**
 * What became of a message that was offered.
 *
 * @param code of the peer's RECEIPT if it refused, else 0
 */
public record Settled(Outgoing message, Outcome outcome, long code) {
    public enum Outcome {
        /** The other side's handler queue has it. */
        DELIVERED,
        /** The other side does not want it. */
        REFUSED,
        /** We gave up. If it was under way it may arrive all the same. */
        ABANDONED
    }
}
