package dev.cutlass.engine.file;

import dev.cutlass.event.FilePolicy;
import dev.cutlass.event.HolderPolicy;
import dev.cutlass.file.tree.TreeShape;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The settings of files. What each means is said at the public settings of the same name.
 *
 * @param folder null: nothing can be accepted without one
 */
public record FilesConfig(
        @Nullable Path folder,
        FilePolicy policy,
        FilePolicy requestPolicy,
        HolderPolicy findHolders,
        long maxLength,
        int atOnce,
        int atOncePerPeer,
        boolean replace,
        boolean verifyAtEnd,
        long sendPerSecond,
        long receivePerSecond) {
    private static final int MAX_AT_ONCE = 64;

    /** Refuses what is out of range. */
    public FilesConfig {
        require(maxLength >= 0 && maxLength <= TreeShape.MAX_FILE_LENGTH, "maxLength", maxLength, "0 to 2^46");
        require(atOnce >= 1 && atOnce <= MAX_AT_ONCE, "atOnce", atOnce, "1 to " + MAX_AT_ONCE);
        require(atOncePerPeer >= 1 && atOncePerPeer <= MAX_AT_ONCE, "atOnce", atOncePerPeer, "1 to " + MAX_AT_ONCE);
        require(sendPerSecond >= 0, "bandwidth", sendPerSecond, "0 (no limit) and up");
        require(receivePerSecond >= 0, "bandwidth", receivePerSecond, "0 (no limit) and up");
    }

    private static void require(boolean condition, String setting, long value, String allowed) {
        if (!condition) {
            throw new IllegalArgumentException(setting + ": " + value + "; allowed: " + allowed);
        }
    }

    /** Nothing is accepted; what is shared may be fetched. */
    public static FilesConfig defaults() {
        return new FilesConfig(
                null,
                FilePolicy.REFUSE,
                FilePolicy.ACCEPT,
                HolderPolicy.KNOWN,
                TreeShape.MAX_FILE_LENGTH,
                8,
                4,
                false,
                false,
                0,
                0);
    }

    /** Another one, with what is changed in a draft of this one. */
    public FilesConfig with(Consumer<Draft> change) {
        final Draft draft = new Draft(this);
        change.accept(draft);
        return draft.toConfig();
    }

    /** What a setting is to be; not judged before it is a configuration. One thread at a time. */
    public static final class Draft {
        public @Nullable Path folder;
        public FilePolicy policy;
        public FilePolicy requestPolicy;
        public HolderPolicy findHolders;
        public long maxLength;
        public int atOnce;
        public int atOncePerPeer;
        public boolean replace;
        public boolean verifyAtEnd;
        public long sendPerSecond;
        public long receivePerSecond;

        private Draft(FilesConfig config) {
            this.folder = config.folder;
            this.policy = config.policy;
            this.requestPolicy = config.requestPolicy;
            this.findHolders = config.findHolders;
            this.maxLength = config.maxLength;
            this.atOnce = config.atOnce;
            this.atOncePerPeer = config.atOncePerPeer;
            this.replace = config.replace;
            this.verifyAtEnd = config.verifyAtEnd;
            this.sendPerSecond = config.sendPerSecond;
            this.receivePerSecond = config.receivePerSecond;
        }

        private FilesConfig toConfig() {
            return new FilesConfig(
                    folder,
                    policy,
                    requestPolicy,
                    findHolders,
                    maxLength,
                    atOnce,
                    atOncePerPeer,
                    replace,
                    verifyAtEnd,
                    sendPerSecond,
                    receivePerSecond);
        }
    }
}
