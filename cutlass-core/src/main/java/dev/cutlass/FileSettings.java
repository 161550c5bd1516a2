package dev.cutlass;

import dev.cutlass.engine.file.FilesConfig;
import dev.cutlass.event.FilePolicy;
import dev.cutlass.event.HolderPolicy;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;

/** How files are exchanged. Immutable: each method gives another one. Any thread. */
public final class FileSettings {
    /** A policy for offers that is of no use without a folder. */
    private static final String NEEDS_FOLDER = "null; needed where files come";

    private final FilesConfig config;

    private FileSettings(FilesConfig config) {
        this.config = config;
    }

    /**
     * Files go into this folder, which is made if it is missing. Offers are accepted from peers that were known before, shares are open to everybody who is connected; all of that can be changed.
     */
    public static FileSettings into(Path folder) {
        Objects.requireNonNull(folder, NEEDS_FOLDER);
        return outgoing().with(draft -> {
            draft.folder = folder;
            draft.policy = FilePolicy.ACCEPT_KNOWN;
        });
    }

    /** Nothing that others offer is taken; what we ask for ourselves goes where we say. */
    public static FileSettings outgoing() {
        return new FileSettings(FilesConfig.defaults());
    }

    private FileSettings with(Consumer<FilesConfig.Draft> change) {
        return new FileSettings(config.with(change));
    }

    FilesConfig config() {
        return config;
    }

    /** What happens to offers, default {@link FilePolicy#ACCEPT_KNOWN}. {@link FilePolicy#ASK} asks {@link CutlassBuilder#onFileOffer}. */
    public FileSettings policy(FilePolicy policy) {
        Objects.requireNonNull(policy, "policy");
        return with(draft -> draft.policy = policy);
    }

    /** What happens to requests for what we share with that peer, default {@link FilePolicy#ACCEPT}. {@link FilePolicy#ASK} asks {@link CutlassBuilder#onFileRequest}. */
    public FileSettings requestPolicy(FilePolicy policy) {
        Objects.requireNonNull(policy, "policy");
        return with(draft -> draft.requestPolicy = policy);
    }

    /** Whom to ask whether they have what we fetch, default {@link HolderPolicy#KNOWN}. */
    public FileSettings findHolders(HolderPolicy policy) {
        Objects.requireNonNull(policy, "policy");
        return with(draft -> draft.findHolders = policy);
    }

    /** The longest file, and the largest folder, that is taken, in bytes: 0 to 2^46, the default. */
    public FileSettings maxLength(long bytes) {
        return with(draft -> draft.maxLength = bytes);
    }

    /** How many files or folders come at once, in all and from one peer: 1 to 64, default 8 and 4. Others wait. */
    public FileSettings atOnce(int inAll, int perPeer) {
        return with(draft -> {
            draft.atOnce = inAll;
            draft.atOncePerPeer = perPeer;
        });
    }

    /** Whether a file may replace one that has its name, default false: then it gets a number. */
    public FileSettings replace(boolean replace) {
        return with(draft -> draft.replace = replace);
    }

    /** Whether a complete file is read and verified once more before it gets its name, default false: each block was verified before it was written. */
    public FileSettings verifyAtEnd(boolean verify) {
        return with(draft -> draft.verifyAtEnd = verify);
    }

    /** How many bytes a second all files together may take, each way, default 0: no limit. */
    public FileSettings bandwidth(long sendPerSecond, long receivePerSecond) {
        return with(draft -> {
            draft.sendPerSecond = sendPerSecond;
            draft.receivePerSecond = receivePerSecond;
        });
    }
}
