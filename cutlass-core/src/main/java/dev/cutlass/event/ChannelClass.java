package dev.cutlass.event;

/**
 * What goes first where there is not room for all. Each class has a window, an outbox and a handler queue of its own, so none fills another's and none waits for another's handlers. In order of
 * priority:
 * {@link #VOICE}, {@link #CONTROL}, {@link #MESSAGES}, {@link #BULK}.
 */
public enum ChannelClass {
    /** Voice frames. Not for channels. */
    VOICE,
    /** What the engine itself has to say: acknowledgements, receipts, keys, paths, limits. Not for channels. */
    CONTROL,
    /** What somebody waits for: the default channel, and channels unless they are opened as another class. */
    MESSAGES,
    /**
     * What can wait. Goes after {@link #MESSAGES} in every packet, and takes only what the path has to spare: it yields to everybody who makes a queue anywhere on the way. While messages wait, too, it
     * gets an eighth of the bytes.
     */
    BULK
}
