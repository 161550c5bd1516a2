package dev.cutlass.event;

import java.io.IOException;

/** A connection could not be made. The message says what to check. */
public final class ConnectFailedException extends IOException {
    private static final long serialVersionUID = 1;

    private final ConnectFailure failure;

    /**
     * @param where what was dialled, for a person
     * @param detail what there is to say beyond {@link ConnectFailure#advice}, or empty
     */
    public ConnectFailedException(ConnectFailure failure, String where, String detail) {
        super(where + ": " + failure.advice() + (detail.isEmpty() ? "" : " (" + detail + ")"));
        this.failure = failure;
    }

    public ConnectFailure failure() {
        return failure;
    }
}
