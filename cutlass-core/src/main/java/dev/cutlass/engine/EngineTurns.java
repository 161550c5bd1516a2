package dev.cutlass.engine;

import dev.cutlass.proto.handshake.HandshakeOutput;
import org.jspecify.annotations.Nullable;

/**
 * An engine without threads, for who drives it turn by turn: {@link EngineSeams#stepwise}. All times are ticker nanoseconds. One thread at a time, without a lock.
 */
public final class EngineTurns {
    private final Handle handle;
    private final Life life;
    private final ListenerThread listener;
    private final HousekeepingThread housekeeping;

    /** Volatile: set by who makes it, read by who takes the turns. */
    private volatile @Nullable Companion companion;

    EngineTurns(Handle handle, Life life, ListenerThread listener, HousekeepingThread housekeeping) {
        this.handle = handle;
        this.life = life;
        this.listener = listener;
        this.housekeeping = housekeeping;
    }

    /** Before its own start; null in an engine with threads, where it has a thread, too. */
    void companion(@Nullable Companion beside) {
        companion = beside;
    }

    /** Reads what has arrived at {@code now}; returns how many datagrams. */
    public int listener(long now) {
        return listener.turn(now);
    }

    /** Does what is asked, and what is due at {@code now}. */
    public void housekeeping(long now) {
        housekeeping.turn(now);
        final Companion beside = companion;
        if (beside != null) {
            beside.turn(now);
        }
    }

    /** When housekeeping has something to do: 0 if it was asked, {@link Long#MAX_VALUE} if nothing is to come. */
    public long nextDeadline() {
        if (handle.work().isAsked()) {
            return 0;
        }
        final Companion beside = companion;
        return Math.min(
                beside == null ? TimerWheel.NEVER : beside.nextDeadline(),
                Math.min(handle.work().nextDeadline(), life.endBy()));
    }

    /** The process dies, or the machine: nothing is saved or said, and there are no more turns. */
    public void abandon() {
        final Companion beside = companion;
        if (beside != null) {
            beside.abandon();
        }
        handle.storage().abandon();
    }

    /** Goes on with a handshake that the peer began and that was completed elsewhere: for who wants connections by the thousand. As {@link #housekeeping}. */
    public void adopt(HandshakeOutput.Completed completed, long now) {
        handle.connector().onCompleted(completed, null, now);
    }

    /** Connections in the table, live or answering stragglers. */
    public int connections() {
        return handle.table().connections();
    }
}
