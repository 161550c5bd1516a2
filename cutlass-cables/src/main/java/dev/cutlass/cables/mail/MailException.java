package dev.cutlass.cables.mail;

/** A mail that cannot be sent; the message tells a person why. */
public final class MailException extends Exception {
    private static final long serialVersionUID = 1;

    private final Reason reason;

    /** What is wrong, for programs. */
    public enum Reason {
        /** From is missing, not understood, or not an address of the node that is to send it. */
        SENDER,
        /** An address in To, Cc or Bcc is not understood, or none of the cables network. */
        RECIPIENT,
        /** The mail is longer than the node sends. */
        TOO_LONG
    }

    /** Says what is wrong and what is wanted. */
    public MailException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** What is wrong. */
    public Reason reason() {
        return reason;
    }
}
