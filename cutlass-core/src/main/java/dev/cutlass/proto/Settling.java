package dev.cutlass.proto;

import dev.cutlass.proto.recovery.Deadlines;
import dev.cutlass.wire.CloseCode;

/** What follows every input of a connection: all leaves that may, keys are looked after, and the timers that depend on it are set. No object: an idle connection has enough of them. */
final class Settling {
    private Settling() {}

    static void settle(Connection connection, TimerActions timerActions, long now) {
        if (connection.state().isLive()) {
            connection.sender().flush(now);
            lookAfterKeys(connection, now);
            if (connection.state().isLive()) {
                setTimers(connection);
                if (connection.keys().isBusy() || connection.localIds().haveGaps()) {
                    timerActions.restLater(now);
                }
            }
        }
        trace(connection, now);
    }

    private static void lookAfterKeys(Connection connection, long now) {
        final EpochKeys keys = connection.keys();
        if (keys.isHalfUsed()) {
            connection.rekeying().onDue();
        }
        if (keys.tellNearLimit()) {
            connection.output(new Output.RekeyNeeded());
        }
        if (!keys.canSealFrames()) {
            connection.end(CloseCode.KEY_LIMIT, "", now);
        } else if (connection.sender().isOverflowing()) {
            connection.end(CloseCode.PROTOCOL_VIOLATION, "asks faster than it listens", now);
        }
    }

    private static void setTimers(Connection connection) {
        final Paths paths = connection.paths();
        final TimerTable timers = connection.timers();
        final Path fallback = paths.fallback();
        final long other =
                fallback == null ? Deadlines.NONE : fallback.recovery().deadline();
        timers.set(Timer.LOSS, Math.min(paths.primary().recovery().deadline(), other));
        timers.set(Timer.ACK, connection.localIds().ackDeadline());
        timers.set(Timer.MTU, paths.primary().mtu().deadline());
        timers.set(Timer.PATH, paths.deadline());
    }

    /** Who listens hears how things are now. */
    static void trace(Connection connection, long now) {
        final ConnectionTrace trace = connection.trace();
        if (trace != ConnectionTrace.NONE) {
            trace.settled(
                    connection.state().name(),
                    connection.keys().epoch(),
                    connection.paths().primary().recovery(),
                    now);
        }
    }
}
