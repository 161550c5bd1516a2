package dev.cutlass.store.file;

import dev.cutlass.event.TransferFailure;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Locale;

/** A disk did not do what a transfer needs; says why in the transfer's words. */
public final class StoreException extends IOException {
    private static final long serialVersionUID = 1;

    /** What systems call a full disk or an exhausted quota, where they speak English; elsewhere the free space tells. */
    private static final List<String> FULL =
            List.of("no space left", "not enough space", "quota exceeded", "disk full");

    private static final String TOO_LARGE = "file too large";
    private static final String NAME_TOO_LONG = "name too long";

    private final TransferFailure failure;

    /** @param what for a person */
    public StoreException(TransferFailure failure, String what) {
        super(what);
        this.failure = failure;
    }

    private StoreException(TransferFailure failure, String what, Throwable cause) {
        super(what, cause);
        this.failure = failure;
    }

    /** Something could not be written. */
    static StoreException writing(String what, IOException cause) {
        return cause instanceof StoreException known
                ? known
                : new StoreException(reason(cause, TransferFailure.WRITE_FAILED), text(what, cause), cause);
    }

    /** Something could not be read. */
    static StoreException reading(String what, IOException cause) {
        return cause instanceof StoreException known
                ? known
                : new StoreException(reason(cause, TransferFailure.READ_FAILED), text(what, cause), cause);
    }

    /** The same, known to come from a full disk. */
    StoreException asNoSpace() {
        return new StoreException(TransferFailure.NO_SPACE, String.valueOf(getMessage()), this);
    }

    private static TransferFailure reason(IOException cause, TransferFailure otherwise) {
        if (cause instanceof ClosedChannelException) {
            return TransferFailure
                    .CLOSED; // also: this thread was interrupted in the middle, which happens when an engine is closed
        }
        if (cause instanceof FileAlreadyExistsException) {
            return TransferFailure.EXISTS;
        }
        final String said = cause instanceof FileSystemException known ? known.getReason() : cause.getMessage();
        final String text = said == null ? "" : said.toLowerCase(Locale.ROOT);
        if (FULL.stream().anyMatch(text::contains)) {
            return TransferFailure.NO_SPACE;
        }
        if (text.contains(TOO_LARGE)) {
            return TransferFailure.TOO_LARGE;
        }
        return text.contains(NAME_TOO_LONG) ? TransferFailure.BAD_NAME : otherwise;
    }

    private static String text(String what, IOException cause) {
        return what + ": " + cause.getClass().getSimpleName() + ": " + cause.getMessage();
    }

    /** Why, as the other side may hear it. */
    public TransferFailure failure() {
        return failure;
    }
}
