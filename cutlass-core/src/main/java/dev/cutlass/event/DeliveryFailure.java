package dev.cutlass.event;

/** Why a message was not delivered. */
public enum DeliveryFailure {
    /** The outbox of this class for this peer is full: the message was refused at once. Use {@code trySend}, or raise the outbox limits. */
    OUTBOX_FULL,
    /** The other side does not permit us to send messages. */
    NOT_PERMITTED,
    /** The other side could not read it. */
    INVALID,
    /** The channel was refused, or is over: {@link ChannelEnd} says why. */
    NO_SUCH_CHANNEL,
    /** The sender gave it up. */
    ABANDONED,
    /** The engine was closed before the other side had accepted it; whether it arrived is not known. */
    CLOSED,
    /** The peer was forgotten. */
    FORGOTTEN
}
