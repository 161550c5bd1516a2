package dev.cutlass.engine;

import dev.cutlass.spi.OfflineMessage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What {@link OfflineSide} knows about one peer. Under the peer's lock. */
final class OfflinePeer {
    /** It is there. */
    static final long THERE = -1;

    /** When something is due, for whatever reason. */
    final TimerWheel.Timer timer;

    /** Ticker nanoseconds; {@link #THERE} while it is connected. */
    long awaySince = THERE;

    /** There may be something to hand over. */
    boolean waiting = true;

    /** Nothing is handed over before this time. */
    long notBefore;

    /** Numbers of our messages that were handed over, and of which nothing was heard since. */
    final Set<Long> underWay = new HashSet<>();

    /** What came and was not delivered yet, in the order of arrival. */
    final List<Held> held = new ArrayList<>();

    /**
     * A message that waits for earlier ones, or for room.
     *
     * @param until it waits for earlier ones
     */
    record Held(OfflineMessage message, Runnable done, long until) {}

    OfflinePeer(TimerWheel.Timer timer) {
        this.timer = timer;
    }
}
