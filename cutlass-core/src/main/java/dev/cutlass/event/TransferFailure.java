package dev.cutlass.event;

/** Why a file was not transferred, or not offered, or not accepted. The numbers on the wire are those of docs/files.md section 2.4. */
public enum TransferFailure {
    /** The other side has no such file, or none for us: it does not say which. */
    NOT_FOUND(1),
    /** The other side does not permit us files. */
    NOT_PERMITTED(2),
    /** A person or a policy said no. */
    DECLINED(3),
    /** Too many offers, requests or transfers there; try later. */
    BUSY(4),
    /** Larger than settings or disk of the receiving side allow. */
    TOO_LARGE(5),
    /** The name cannot be used safely as that of a file. */
    BAD_NAME(6),
    /** The file was changed while it was being sent, or since it was offered. */
    CHANGED(7),
    /** The sending side cannot read it. */
    READ_FAILED(8),
    /** The receiving side cannot write it: no permission, or the folder is gone. */
    WRITE_FAILED(9),
    /** The disk of the receiving side is full. What was received stays, and the transfer can go on. */
    NO_SPACE(10),
    /** Somebody cancelled it. */
    CANCELLED(11),
    /** Nobody decided, or nothing moved, for too long. What was received stays. */
    EXPIRED(12),
    /** What came was not what was offered, and nobody else has it. */
    WRONG_DATA(13),
    /** Something has this name already and may not be replaced. */
    EXISTS(14),
    /** The request makes no sense for this file. */
    BAD_REQUEST(15),
    /** The sending side holds it back for now. */
    PAUSED(16),
    /** A reason that this version does not know. */
    OTHER(17),
    /** The other side does not exchange files. Never on the wire. */
    NOT_SUPPORTED(-1),
    /** This engine was closed. Never on the wire; with a home folder the transfer goes on when it is started again. */
    CLOSED(-1);

    /** On the wire: no failure. */
    public static final long NONE = 0;

    private static final TransferFailure[] ALL = values();

    private final long code;

    TransferFailure(long code) {
        this.code = code;
    }

    /** The number on the wire; that of {@link #OTHER} if it has none of its own. */
    public long code() {
        return code > 0 ? code : OTHER.code;
    }

    /** What a number other than {@link #NONE} means. */
    public static TransferFailure of(long code) {
        for (TransferFailure failure : ALL) {
            if (failure.code == code && code > NONE) {
                return failure;
            }
        }
        return OTHER;
    }
}
