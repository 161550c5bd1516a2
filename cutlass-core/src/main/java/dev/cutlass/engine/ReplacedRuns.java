package dev.cutlass.engine;

import dev.cutlass.wire.Id128;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs of a peer's engine that a later one took the place of. One that comes back is not over: two engines use one key. docs/protocol.md
 * section 3.7. Guarded by the peer's lock.
 */
final class ReplacedRuns {
    /** Late datagrams of a run that is over arrive within it; the handshake that would bring its boot id is forgotten by then, too. */
    static final long LATE_NANOS = TimeUnit.SECONDS.toNanos(20);

    /** As many are remembered; the eldest are forgotten. Two engines with one key need two. */
    private static final int MAX_RUNS = 8;

    /** Boot id to when it was first replaced. */
    private final Map<Id128, Long> runs = new LinkedHashMap<>();

    /** A run took the place of another. */
    void replaced(Id128 bootId, long now) {
        runs.putIfAbsent(bootId, now);
        if (runs.size() > MAX_RUNS) {
            final Iterator<Id128> eldest = runs.keySet().iterator();
            eldest.next();
            eldest.remove();
        }
    }

    /** Whether a run that speaks now was replaced so long ago that this is nothing late. */
    boolean isBack(Id128 bootId, long now) {
        final Long since = runs.get(bootId);
        return since != null && now - since >= LATE_NANOS;
    }
}
