package dev.cutlass.event;

/** What happens to files that peers offer, or ask for. */
public enum FilePolicy {
    /** Every peer that is connected and has the permission {@link Permission#FILE} is served at once. */
    ACCEPT,
    /** Likewise, but only peers that were known before they came; others are refused. */
    ACCEPT_KNOWN,
    /** The application is asked. Without a handler, nobody is served. */
    ASK,
    /** Nobody is served. */
    REFUSE
}
