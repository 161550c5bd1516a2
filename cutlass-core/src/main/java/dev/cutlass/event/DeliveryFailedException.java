package dev.cutlass.event;

import java.io.IOException;

/** A message was not delivered. */
public final class DeliveryFailedException extends IOException {
    private static final long serialVersionUID = 1;

    private final DeliveryFailure failure;

    public DeliveryFailedException(DeliveryFailure failure) {
        super("message not delivered: " + failure);
        this.failure = failure;
    }

    public DeliveryFailure failure() {
        return failure;
    }
}
