package dev.cutlass;

import dev.cutlass.engine.file.FilesConfig;
import dev.cutlass.event.FilePolicy;
import dev.cutlass.event.HolderPolicy;
import java.nio.file.Path;
import java.util.Objects;

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
        return new FileSettings(FilesConfig.defaults()
                .withFolder(Objects.requireNonNull(folder, NEEDS_FOLDER))
                .withPolicy(FilePolicy.ACCEPT_KNOWN));
    }

    /** Nothing that others offer is taken; what we ask for ourselves goes where we say. */
    public static FileSettings outgoing() {
        return new FileSettings(FilesConfig.defaults());
    }

    FilesConfig config() {
        return config;
    }

    /** What happens to offers, default {@link FilePolicy#ACCEPT_KNOWN}. {@link FilePolicy#ASK} asks {@link CutlassBuilder#onFileOffer}. */
    public FileSettings policy(FilePolicy policy) {
        return new FileSettings(config.withPolicy(Objects.requireNonNull(policy, "policy")));
    }

    /** What happens to requests for what we share with that peer, default {@link FilePolicy#ACCEPT}. {@link FilePolicy#ASK} asks {@link CutlassBuilder#onFileRequest}. */
    public FileSettings requestPolicy(FilePolicy policy) {
        return new FileSettings(config.withRequestPolicy(Objects.requireNonNull(policy, "policy")));
    }

    /** Whom to ask whether they have what we fetch, default {@link HolderPolicy#KNOWN}. */
    public FileSettings findHolders(HolderPolicy policy) {
        return new FileSettings(config.withFindHolders(Objects.requireNonNull(policy, "policy")));
    }

    /** The longest file, and the largest folder, that is taken, in bytes: 0 to 2^46, the default. */
    public FileSettings maxLength(long bytes) {
        return new FileSettings(config.withMaxLength(bytes));
    }

    /** How many files or folders come at once, in all and from one peer: 1 to 64, default 8 and 4. Others wait. */
    public FileSettings atOnce(int inAll, int perPeer) {
        return new FileSettings(config.withAtOnce(inAll, perPeer));
    }

    /** Whether a file may replace one that has its name, default false: then it gets a number. */
    public FileSettings replace(boolean replace) {
        return new FileSettings(config.withReplace(replace));
    }

    /** Whether a complete file is read and verified once more before it gets its name, default false: each block was verified before it was written. */
    public FileSettings verifyAtEnd(boolean verify) {
        return new FileSettings(config.withVerifyAtEnd(verify));
    }

    /** How many bytes a second all files together may take, each way, default 0: no limit. */
    public FileSettings bandwidth(long sendPerSecond, long receivePerSecond) {
        return new FileSettings(config.withBandwidth(sendPerSecond, receivePerSecond));
    }
}
