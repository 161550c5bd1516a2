package dev.cutlass.engine.file;

import dev.cutlass.file.tree.ChapterHashes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where the blocks of one file go. One thread at a time; blocks. */
interface BlockTarget {
    /** Writes a verified block, and notes it. */
    void write(long block, byte[] data) throws IOException;

    /** Notes blocks of zeros, {@code first} to before {@code end}. */
    void hole(long first, long end) throws IOException;

    void noteHashes(ChapterHashes hashes) throws IOException;

    /** Hashes that were noted; null if there are none. */
    @Nullable
    ChapterHashes knownHashes(long chapter) throws IOException;

    void notePaused(boolean paused) throws IOException;

    /** Brings what was written to the disk, if there is anything. */
    void sync() throws IOException;

    /** Whether {@link #sync} is overdue by the number of bytes. */
    boolean isSyncDue();

    /** How many blocks turn out to be wrong when all are read. */
    long verifyAll() throws IOException;

    /** Gives it its name, on disk. */
    Optional<Path> finish(String name) throws IOException;

    /** After {@link #finish}, when others were told: removes what is left. */
    void forget() throws IOException;

    /** It is given up: removes all. */
    void discard() throws IOException;

    /** It is given up: what came stays for another time, if that can be. */
    void close() throws IOException;
}
