package dev.cutlass.engine.file;

import dev.cutlass.file.tree.ChapterHashes;
import dev.cutlass.store.file.PartialFile;
import dev.cutlass.wire.Bytes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A partial file on the disk. */
final class PartTarget implements BlockTarget {
    private final PartialFile part;

    PartTarget(PartialFile part) {
        this.part = part;
    }

    PartialFile part() {
        return part;
    }

    @Override
    public void write(long block, byte[] data) throws IOException {
        part.write(block, Bytes.of(data));
        part.noteBlocks(block, block + 1);
    }

    @Override
    public void hole(long first, long end) throws IOException {
        part.noteHole(first, end);
    }

    @Override
    public void noteHashes(ChapterHashes hashes) throws IOException {
        part.noteChapter(hashes);
    }

    @Override
    public @Nullable ChapterHashes knownHashes(long chapter) throws IOException {
        return part.chapter(chapter);
    }

    @Override
    public void notePaused(boolean paused) throws IOException {
        part.notePaused(paused);
    }

    @Override
    public void sync() throws IOException {
        part.sync();
    }

    @Override
    public boolean isSyncDue() {
        return part.unsynced() >= PartialFile.SYNC_BYTES;
    }

    @Override
    public long verifyAll() throws IOException {
        return part.verifyAll();
    }

    @Override
    public Optional<Path> finish(String name) throws IOException {
        return Optional.of(part.finish(name));
    }

    @Override
    public void forget() throws IOException {
        part.forget();
    }

    @Override
    public void discard() throws IOException {
        part.discard();
    }

    @Override
    public void close() throws IOException {
        part.close();
    }
}
