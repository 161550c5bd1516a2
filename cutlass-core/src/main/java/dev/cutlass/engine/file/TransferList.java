package dev.cutlass.engine.file;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.TransferState;
import dev.cutlass.wire.Id128;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The transfers that an application can see, in the order in which they came. Under the lock of files. */
final class TransferList {
    /** Those that are over and still shown: more than a person looks at, less than a megabyte. */
    private static final int MAX_OVER = 1_000;

    private final Executor executor;
    private final Map<Id128, TransferEntry> entries = new LinkedHashMap<>();
    private final Set<Id128> over = new LinkedHashSet<>();

    TransferList(Executor executor) {
        this.executor = executor;
    }

    TransferEntry addLocked(Id128 id, PeerId peer, boolean outgoing, String name, TransferState state) {
        final TransferEntry entry = new TransferEntry(id, peer, outgoing, name, state, executor);
        entries.put(id, entry);
        return entry;
    }

    void overLocked(TransferEntry entry) {
        over.add(entry.key());
        while (over.size() > MAX_OVER) {
            final Id128 eldest = over.iterator().next();
            over.remove(eldest);
            entries.remove(eldest);
        }
    }

    /** One transfer turned out to be another one. */
    void followLocked(TransferEntry follower, TransferEntry leader) {
        overLocked(follower);
        leader.addFollower(follower);
    }

    List<TransferEntry> allLocked() {
        return List.copyOf(entries.values());
    }

    @Nullable
    TransferEntry findLocked(String id) {
        return entries.values().stream()
                .filter(entry -> entry.id().equals(id))
                .findFirst()
                .orElse(null);
    }
}
