package dev.cutlass.event;

/** How a file or folder on its way is. docs/files.md section 4 has the drawing. */
public enum TransferState {
    /** Somebody has to say whether it is wanted, here or there; or the other side has not answered yet. */
    DECIDING,
    /** Wanted, or hashed; others are before it. */
    QUEUED,
    /** What is to be sent is being hashed. */
    HASHING,
    /** The other side was told of it and has not answered. */
    OFFERED,
    /** It goes on, or can. */
    RUNNING,
    /** Somebody on either side halted it. */
    PAUSED,
    /** Nobody who has it is connected; goes on by itself. */
    AWAY,
    /** All is there and gets its name. */
    FINISHING,
    /** Over: complete, verified, and on disk where it was to go. */
    COMPLETE,
    /** Over, for a {@link TransferFailure}. */
    FAILED;

    /** Whether nothing more will happen. */
    public boolean isOver() {
        return this == COMPLETE || this == FAILED;
    }
}
