package dev.cutlass.proto.handshake;

import dev.cutlass.crypto.primitive.Labels;
import dev.cutlass.crypto.primitive.Secrets;

/** The keys that mask the datagrams of one direction each. docs/protocol.md section 3.1. Any thread until {@link #close}. */
final class MaskKeys implements AutoCloseable {
    private static final int LENGTH = 32;

    private final byte[] toResponder;
    private final byte[] toInitiator;

    private MaskKeys(byte[] secret) {
        toResponder = Labels.expand(secret, "mask i", LENGTH);
        toInitiator = Labels.expand(secret, "mask r", LENGTH);
    }

    /** The masks that follow from X of docs/protocol.md: a mode secret, or what the Noise state gives. The secret is not kept. */
    static MaskKeys of(byte[] secret) {
        return new MaskKeys(secret);
    }

    /** The key itself, not a copy. */
    byte[] toResponder() {
        return toResponder;
    }

    /** The key itself, not a copy. */
    byte[] toInitiator() {
        return toInitiator;
    }

    @Override
    public void close() {
        Secrets.wipe(toResponder, toInitiator);
    }

    @Override
    public String toString() {
        return "MaskKeys[redacted]";
    }
}
