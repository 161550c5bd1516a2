package dev.cutlass.crypto.packet;

import dev.cutlass.crypto.noise.Role;
import dev.cutlass.crypto.primitive.Hash;
import dev.cutlass.crypto.primitive.Labels;
import dev.cutlass.crypto.primitive.Secrets;

/** The secrets of one epoch, one for each direction, from which packet keys are made. {@link #close()} wipes them. One thread at a time. */
public final class TrafficSecrets implements AutoCloseable {
    private static final byte[] NONE = {};

    private byte[] ofInitiator;
    private byte[] ofResponder;
    private boolean closed;

    /** docs/protocol.md sections 4.1 and 4.6. */
    TrafficSecrets(byte[] root) {
        ofInitiator = Labels.expand(root, "traffic i", Hash.LENGTH);
        ofResponder = Labels.expand(root, "traffic r", Hash.LENGTH);
    }

    /**
     * The secret of what this side sends; 32 bytes, not copied.
     *
     * @throws IllegalStateException if closed
     */
    public byte[] of(Role sender) {
        if (closed) {
            throw new IllegalStateException("the secrets are closed");
        }
        return sender == Role.INITIATOR ? ofInitiator : ofResponder;
    }

    @Override
    public void close() {
        closed = true;
        Secrets.wipe(ofInitiator, ofResponder);
        ofInitiator = NONE; // a connection keeps this object for hours
        ofResponder = NONE;
    }

    @Override
    public String toString() {
        return "TrafficSecrets[redacted]";
    }
}
