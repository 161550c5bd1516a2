package dev.cutlass.event;

/** What is known about a peer's key. */
public enum TrustState {
    /** Never admitted before. */
    NEW,
    /** Admitted before, and remembered. */
    KNOWN,
    /** Remembered, and two people compared the safety number. */
    VERIFIED
}
