package dev.cutlass.engine.file;

import dev.cutlass.event.FilePolicy;
import dev.cutlass.event.HolderPolicy;
import dev.cutlass.file.tree.TreeShape;
import java.nio.file.Path;
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

    public FilesConfig withFolder(Path newFolder) {
        return new FilesConfig(
                newFolder,
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

    public FilesConfig withPolicy(FilePolicy newPolicy) {
        return new FilesConfig(
                folder,
                newPolicy,
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

    public FilesConfig withRequestPolicy(FilePolicy newRequestPolicy) {
        return new FilesConfig(
                folder,
                policy,
                newRequestPolicy,
                findHolders,
                maxLength,
                atOnce,
                atOncePerPeer,
                replace,
                verifyAtEnd,
                sendPerSecond,
                receivePerSecond);
    }

    public FilesConfig withFindHolders(HolderPolicy newFindHolders) {
        return new FilesConfig(
                folder,
                policy,
                requestPolicy,
                newFindHolders,
                maxLength,
                atOnce,
                atOncePerPeer,
                replace,
                verifyAtEnd,
                sendPerSecond,
                receivePerSecond);
    }

    public FilesConfig withMaxLength(long newMaxLength) {
        return new FilesConfig(
                folder,
                policy,
                requestPolicy,
                findHolders,
                newMaxLength,
                atOnce,
                atOncePerPeer,
                replace,
                verifyAtEnd,
                sendPerSecond,
                receivePerSecond);
    }

    public FilesConfig withReplace(boolean newReplace) {
        return new FilesConfig(
                folder,
                policy,
                requestPolicy,
                findHolders,
                maxLength,
                atOnce,
                atOncePerPeer,
                newReplace,
                verifyAtEnd,
                sendPerSecond,
                receivePerSecond);
    }

    public FilesConfig withVerifyAtEnd(boolean newVerifyAtEnd) {
        return new FilesConfig(
                folder,
                policy,
                requestPolicy,
                findHolders,
                maxLength,
                atOnce,
                atOncePerPeer,
                replace,
                newVerifyAtEnd,
                sendPerSecond,
                receivePerSecond);
    }

    public FilesConfig withAtOnce(int newAtOnce, int newAtOncePerPeer) {
        return new FilesConfig(
                folder,
                policy,
                requestPolicy,
                findHolders,
                maxLength,
                newAtOnce,
                newAtOncePerPeer,
                replace,
                verifyAtEnd,
                sendPerSecond,
                receivePerSecond);
    }

    public FilesConfig withBandwidth(long newSendPerSecond, long newReceivePerSecond) {
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
                newSendPerSecond,
                newReceivePerSecond);
    }
}
