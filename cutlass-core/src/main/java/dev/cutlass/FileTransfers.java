package dev.cutlass;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.engine.file.FileService;
import dev.cutlass.engine.file.TransferEntry;
import dev.cutlass.event.FileEntry;
import dev.cutlass.spi.FileSink;
import dev.cutlass.spi.FileSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * Files and folders, both ways. Whatever is begun here goes on by itself: over lost connections, other addresses, and with a home folder over restarts of either side. docs/files.md. Any thread; none of it
 * waits for a disk or a peer.
 */
public final class FileTransfers {
    private final FileService files;

    FileTransfers(FileService files) {
        this.files = files;
    }

    /**
     * Offers a file or folder to a peer, also one that is away. What is in it must stay as it is until the peer has it. Sending again what is under way goes on with that.
     *
     * @throws IllegalStateException if the engine is closed
     */
    public Transfer send(Peer to, Path fileOrFolder) {
        return transfer(files.send(to.entry(), Objects.requireNonNull(fileOrFolder, "fileOrFolder")));
    }

    /**
     * Offers some content as a file. It ends with this engine.
     *
     * @param name one part, safe as docs/files.md section 6 says
     */
    public Transfer send(Peer to, String name, FileSource source) {
        return transfer(files.send(to.entry(), name, Objects.requireNonNull(source, "source")));
    }

    /**
     * Asks a peer for something that it shares, and puts it into the folder of the settings.
     *
     * @throws IllegalStateException if there is none, or the engine is closed
     */
    public Transfer request(Peer from, String name) {
        return transfer(files.request(from.entry(), name, null, null));
    }

    /** Likewise, into a folder, which is made if it is missing. */
    public Transfer request(Peer from, String name, Path folder) {
        return transfer(files.request(from.entry(), name, Objects.requireNonNull(folder, "folder"), null));
    }

    /** Likewise, a file, into a sink. It ends with this engine. */
    public Transfer request(Peer from, String name, FileSink sink) {
        return transfer(files.request(from.entry(), name, null, Objects.requireNonNull(sink, "sink")));
    }

    private Transfer transfer(TransferEntry entry) {
        return new Transfer(files, entry);
    }

    /** Lets every peer that may exchange files with us ask for something. See {@link #share(String, Path, Predicate)}. */
    public void share(String name, Path fileOrFolder) {
        share(name, fileOrFolder, peer -> true);
    }

    /**
     * Lets peers ask for a file or folder, and for all that is in a folder, links excepted. Ends with this engine, or with {@link #unshare}.
     *
     * @param name under which it is asked for, what is in it with a slash between. Empty: what is in the folder is asked for by its own names
     * @param with whom; asked each time, on a thread of the engine that may wait: that of handlers, or right after the start that of files
     * @throws IllegalArgumentException if that is no safe name
     */
    public void share(String name, Path fileOrFolder, Predicate<PeerId> with) {
        files.share(name, fileOrFolder, Objects.requireNonNull(with, "with"));
    }

    /** What was asked for already goes on. */
    public void unshare(String name) {
        files.unshare(name);
    }

    /**
     * What a peer shares with us, one level of it, sorted by name. Fails with a {@link dev.cutlass.event.TransferFailedException}: TOO_LARGE above 100,000 names, EXPIRED without an answer for a minute.
     *
     * @param under a folder; empty: the top
     */
    public CompletableFuture<List<FileEntry>> list(Peer of, String under) {
        return files.list(of.entry(), under);
    }

    /** All that are under way, and those that were over lately, the earliest first. Right after the start those of earlier runs may be missing: each is announced by {@code FileAccepted} when it goes on. */
    public List<Transfer> all() {
        return files.all().stream().map(this::transfer).toList();
    }

    /**
     * How many bytes a second all files together may take, each way; 0: no limit.
     *
     * @throws IllegalArgumentException if negative
     */
    public void bandwidth(long sendPerSecond, long receivePerSecond) {
        if (sendPerSecond < 0 || receivePerSecond < 0) {
            throw new IllegalArgumentException(
                    "bandwidth: " + sendPerSecond + ", " + receivePerSecond + "; allowed: 0 (no limit) and up");
        }
        files.bandwidth(sendPerSecond, receivePerSecond);
    }
}
