package dev.cutlass.file;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.file.tree.ChapterHashes;
import dev.cutlass.file.tree.Root;
import dev.cutlass.wire.Id128;

/** What stands in a journal. docs/files.md section 7.2 has the bytes, {@link JournalCodec} reads and writes them. Values, any thread. */
public sealed interface JournalRecord {
    /**
     * What is fetched, and from whom. Always first, once.
     *
     * @param folder it is a manifest
     * @param replace what has its name may be replaced
     * @param id of the transfer
     * @param peer who offered it, or was asked for it
     * @param length bytes of the file, or of the manifest
     * @param files 1, but of a folder
     * @param total bytes of all files
     * @param modified milliseconds since 1970, -1: unknown
     * @param created likewise, when this journal was begun
     * @param name safe, and relative to the target folder
     * @param parent the journal of the folder that this is an entry of, {@link Id128#ZERO} if of none
     * @param entry which one
     */
    record Head(
            boolean folder,
            boolean replace,
            Id128 id,
            PeerId peer,
            Root root,
            long length,
            long files,
            long total,
            long modified,
            long created,
            String name,
            Id128 parent,
            long entry)
            implements JournalRecord {}

    /** Leaves as they came. Not trusted: whoever reads them verifies them again. */
    record Chapter(ChapterHashes hashes) implements JournalRecord {}

    /**
     * What was written.
     *
     * @param entries entries of a folder, not blocks
     * @param count 1 and up
     */
    record Present(boolean entries, long first, long count) implements JournalRecord {}

    /** Whatever is noted before this is on disk. */
    record Sync() implements JournalRecord {}

    /** Somebody here paused it, or lets it go on. */
    record Paused(boolean paused) implements JournalRecord {}

    /** The name that it is about to get, relative to the target folder. */
    record Target(String name) implements JournalRecord {}

    /** Somebody else has it, too. */
    record OtherHolder(PeerId peer) implements JournalRecord {}
}
