package dev.cutlass.event;

/** A transfer, or a question about files, came to nothing. */
public final class TransferFailedException extends Exception {
    private static final long serialVersionUID = 1;

    private final TransferFailure failure;

    /** @param text for a person; possibly empty */
    public TransferFailedException(TransferFailure failure, String text) {
        super(text.isEmpty() ? failure.toString() : failure + ": " + text);
        this.failure = failure;
    }

    /** Why. */
    public TransferFailure failure() {
        return failure;
    }
}
