package dev.cutlass.file;

import org.jspecify.annotations.Nullable;

/** What a scheduler knows of a holder, also when it is away for a while. One thread at a time. */
final class HolderState<H> {
    /** Wrong blocks, wrong chapters and nonsense until a holder is not asked again. */
    static final int MAX_STRIKES = 3;

    final H id;
    final HolderPace pace = new HolderPace();

    /** Whether it is there. */
    boolean present;

    /** It holds the file back. */
    boolean paused;

    /** It was wrong too often, or says that it does not have the file. */
    boolean banned;

    int strikes;

    /** Not asked before. */
    long restUntil;

    /** Bytes that were asked of it and did not come. */
    long inFlight;

    long lastByteAt;

    /** The beginning of a block, from before it went away. */
    @Nullable
    Kept kept;

    HolderState(H id) {
        this.id = id;
    }

    boolean isUsable(long now) {
        return isThere() && now >= restUntil;
    }

    boolean isThere() {
        return present && !paused && !banned;
    }

    /** A block of which some bytes came. */
    static final class Kept {
        final long block;
        final byte[] data;
        final int filled;

        /** Until when it is worth the memory. */
        final long until;

        Kept(long block, byte[] data, int filled, long until) {
            this.block = block;
            this.data = data;
            this.filled = filled;
            this.until = until;
        }
    }
}
