package dev.cutlass.crypto.noise;

import org.jspecify.annotations.Nullable;

/**
 * Finds the pre-shared key for a peer at the moment when the pattern needs it. A responder learns only then, from {@code s}, who is
 * asking.
 */
@FunctionalInterface
public interface PskLookup {
    /** Bytes in a pre-shared key. */
    int LENGTH = 32;

    /**
     * The key for a peer.
     *
     * @param remoteStatic the peer's static key as far as it is known, else {@code null}; a copy
     * @return {@link #LENGTH} bytes, not kept and not wiped; all zero where none is set
     */
    byte[] pskFor(byte @Nullable [] remoteStatic);
}
