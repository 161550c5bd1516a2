package dev.cutlass.engine.file;

import dev.cutlass.store.file.TreeCache;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Which held files are open: the latest ones, however many peers ask for however much. Any thread; no lock may be held. */
final class OpenFiles {
    /** Each has two files of the system open; a process may often have 1,024. */
    static final int MAX_OPEN = 64;

    private final TreeCache trees;
    private final Map<HeldFile, Long> used = new ConcurrentHashMap<>();
    private final AtomicLong clock = new AtomicLong();

    OpenFiles(TreeCache trees) {
        this.trees = trees;
    }

    TreeCache trees() {
        return trees;
    }

    /** It is open. Another one, which nobody used for longer, is closed if there are too many. */
    void onUsed(HeldFile file) {
        if (used.put(file, clock.incrementAndGet()) == null && used.size() > MAX_OPEN) {
            final HeldFile eldest = eldest();
            if (eldest != null) {
                eldest.close();
            }
        }
    }

    private @Nullable HeldFile eldest() {
        return used.entrySet().stream()
                .min(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(null);
    }

    void onClosed(HeldFile file) {
        used.remove(file);
    }
}
