package dev.cutlass.examples;

/** What was asked for cannot be done; the message, for a person, says why and what to do. The program ends with {@link #exitCode}. */
public final class CommandFailure extends Exception {
    private static final long serialVersionUID = 1;

    private final int exitCode;

    /** Ends with {@link Main#FAILED}. */
    public CommandFailure(String message) {
        this(message, Main.FAILED);
    }

    public CommandFailure(String message, int exitCode) {
        super(message);
        this.exitCode = exitCode;
    }

    /** Ends with {@link Main#FAILED}. */
    public CommandFailure(Throwable cause) {
        super(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
        this.exitCode = Main.FAILED;
    }

    public int exitCode() {
        return exitCode;
    }
}
