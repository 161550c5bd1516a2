package dev.cutlass;

import dev.cutlass.engine.file.FileService;
import dev.cutlass.engine.file.TransferEntry;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.spi.FileSink;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A peer offers a file or folder, and waits for at most 24 hours. Any thread. */
public final class FileOffer {
    private final FileService files;
    private final TransferEntry entry;
    private final Peer peer;
    private final CutlassEvent.FileOffered offered;

    FileOffer(FileService files, TransferEntry entry, Peer peer, CutlassEvent.FileOffered offered) {
        this.files = files;
        this.entry = entry;
        this.peer = peer;
        this.offered = offered;
    }

    public Peer peer() {
        return peer;
    }

    /** Safe for a file system, and a stranger's words. */
    public String name() {
        return offered.name();
    }

    /** Bytes of all files. */
    public long length() {
        return offered.length();
    }

    /** 1, but of a folder. */
    public long files() {
        return offered.files();
    }

    public boolean isFolder() {
        return offered.folder();
    }

    /** Into the folder of the settings. Once it was decided, or is over, nothing happens.
     *
     * @throws IllegalStateException if there is none
     */
    public Transfer accept() {
        return accept(null, null);
    }

    /** Into a folder, which is made if it is missing. */
    public Transfer accept(Path folder) {
        return accept(Objects.requireNonNull(folder, "folder"), null);
    }

    /** Into a sink; a file only. */
    public Transfer accept(FileSink sink) {
        if (isFolder()) {
            throw new IllegalArgumentException("sink: a folder does not go into one");
        }
        return accept(null, Objects.requireNonNull(sink, "sink"));
    }

    private Transfer accept(@Nullable Path folder, @Nullable FileSink sink) {
        files.decideOffer(entry, true, folder, sink);
        return new Transfer(files, entry);
    }

    /** The peer hears that it was declined. */
    public void reject() {
        files.decideOffer(entry, false, null, null);
    }
}
