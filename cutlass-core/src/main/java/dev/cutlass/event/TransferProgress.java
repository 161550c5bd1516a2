package dev.cutlass.event;

import java.time.Duration;
import java.util.Optional;

/**
 * How far a transfer is. A value.
 *
 * @param present bytes that the receiving side has verified and written; while hashing, that were hashed
 * @param total bytes of all files; 0 while that is unknown
 * @param bytesPerSecond of late
 * @param left at that rate; empty if nothing moves
 * @param files of a folder, else 1
 * @param filesDone of them
 * @param wrongBlocks blocks that did not fit and were asked for again
 * @param repeatedBytes bytes that came for nothing
 */
public record TransferProgress(
        long present,
        long total,
        long bytesPerSecond,
        Optional<Duration> left,
        long files,
        long filesDone,
        long wrongBlocks,
        long repeatedBytes) {
    /** Nothing yet. */
    public static final TransferProgress NONE = new TransferProgress(0, 0, 0, Optional.empty(), 1, 0, 0, 0);
}
