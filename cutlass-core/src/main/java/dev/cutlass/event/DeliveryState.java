package dev.cutlass.event;

/** How far a message has come. Only ever moves on. */
public enum DeliveryState {
    /** In the outbox; no part of it has left. */
    QUEUED,
    /** At least a part of it has left. Says nothing about arrival. */
    SENT,
    /** The other side's handler queue has accepted it. Never means read. */
    DELIVERED,
    /** Given up, with a reason. */
    FAILED
}
