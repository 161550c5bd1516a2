package dev.cutlass.cables.mail;

/** A mail that cannot be sent; the message tells a person why. */
public final class MailException extends Exception {
    private static final long serialVersionUID = 1;

    /** Says what is wrong and what is wanted. */
    public MailException(String message) {
        super(message);
    }
}
