package dev.cutlass.cables;

import dev.cutlass.cables.mail.MailException;

/** A mail that is not sent, to nobody; the message tells a person why. */
public final class MailRefused extends Exception {
    private static final long serialVersionUID = 1;

    private final Reason reason;

    /** What is wrong. */
    public enum Reason {
        /** From is missing, not understood, or not an address of this node. */
        SENDER,
        /** An address in To, Cc or Bcc is not understood, or none of the cables network. */
        RECIPIENT,
        /** The mail is longer than this node sends. */
        TOO_LONG
    }

    MailRefused(MailException why) {
        super(why.getMessage(), why);
        this.reason = switch (why.reason()) {
            case SENDER -> Reason.SENDER;
            case RECIPIENT -> Reason.RECIPIENT;
            case TOO_LONG -> Reason.TOO_LONG;
        };
    }

    /** For programs. */
    public Reason reason() {
        return reason;
    }
}
