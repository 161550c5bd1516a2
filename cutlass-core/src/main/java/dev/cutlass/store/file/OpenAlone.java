package dev.cutlass.store.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Files that one process, and one object in it, has at a time. Any thread. */
final class OpenAlone {
    /** A system's lock belongs to the process and ends with the first of its channels that is closed: so no second one is opened. */
    private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

    /** Opens the file. */
    @FunctionalInterface
    interface Opener {
        FileChannel open() throws IOException;
    }

    private OpenAlone() {}

    /** Null if somebody else has it. */
    static @Nullable RealFile open(Path file, Opener opener) throws IOException {
        final Path mine = file.toAbsolutePath();
        if (!OPEN.add(mine)) {
            return null;
        }
        FileChannel channel = null;
        boolean locked = false;
        try {
            channel = opener.open();
            locked = isLocked(channel);
            return locked ? new RealFile(channel, () -> OPEN.remove(mine)) : null;
        } finally {
            if (!locked) {
                giveUp(channel, mine);
            }
        }
    }

    private static void giveUp(@Nullable FileChannel channel, Path mine) throws IOException {
        try {
            if (channel != null) {
                channel.close();
            }
        } finally {
            OPEN.remove(mine);
        }
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        } catch (IOException e) {
            if (!channel.isOpen()) {
                throw e;
            }
            return true; // a file system without locks: then there is only the set
        }
    }
}
