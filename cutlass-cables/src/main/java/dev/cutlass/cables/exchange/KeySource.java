package dev.cutlass.cables.exchange;

import dev.cutlass.cables.pki.DhKeyPair;

/** Where a key for a message comes from: made now, or ahead. Any thread. */
public interface KeySource {
    /** One that nobody else gets. */
    DhKeyPair take();
}
