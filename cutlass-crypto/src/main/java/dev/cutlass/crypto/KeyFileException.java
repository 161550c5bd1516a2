package dev.cutlass.crypto;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A key file could not be opened or written. The message says what is wrong with which file, and what to do about it. */
public final class KeyFileException extends IOException {
    private static final long serialVersionUID = 1L;

    /** What is wrong. */
    public enum Reason {
        /** There is no key file. */
        MISSING,
        /** There is one already, and it is not to be lost. */
        ALREADY_EXISTS,
        /** The file or its directory cannot be read or written. */
        UNREADABLE,
        /** Other users of this machine may read or write the file. */
        PERMISSIONS_TOO_OPEN,
        /** The file is not what was once written. */
        DAMAGED,
        /** A newer Cutlass wrote the file. */
        UNSUPPORTED_VERSION,
        /** Opening it needs more memory or time than this machine or our limits give. */
        TOO_EXPENSIVE,
        /** The passphrase does not open it. */
        WRONG_PASSPHRASE,
        /** It is encrypted, and no passphrase was given. */
        PASSPHRASE_NEEDED,
        /** It is not encrypted, and a passphrase was given. */
        NOT_ENCRYPTED
    }

    private final Reason reason;

    KeyFileException(Reason reason, String message) {
        this(reason, message, null);
    }

    KeyFileException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** What is wrong. */
    public Reason reason() {
        return reason;
    }
}
