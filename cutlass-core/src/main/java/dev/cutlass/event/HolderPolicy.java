package dev.cutlass.event;

/** Whom we ask whether they have what we fetch: they learn what we want. */
public enum HolderPolicy {
    /** Nobody but who offered it. */
    NONE,
    /** Peers that were known before they came. */
    KNOWN,
    /** Everybody who is connected. */
    ALL
}
