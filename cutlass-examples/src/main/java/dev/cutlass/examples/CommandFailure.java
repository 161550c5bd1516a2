package dev.cutlass.examples;

/** What was asked for cannot be done; the message, for a person, says why and what to do. The program ends with {@link Main#FAILED}. */
public final class CommandFailure extends Exception {
    private static final long serialVersionUID = 1;

    public CommandFailure(String message) {
        super(message);
    }

    public CommandFailure(Throwable cause) {
        super(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
    }
}
