package dev.cutlass.proto;

import dev.cutlass.proto.recovery.Deadlines;
import dev.cutlass.proto.recovery.LossRecovery;
import dev.cutlass.proto.recovery.LossRecovery.Expiry;
import dev.cutlass.wire.CloseCode;
import java.util.concurrent.TimeUnit;

/** What happens when a {@link Timer} runs out. */
final class TimerActions {
    /** A new handshake beside this connection is due after so many unanswered probe timeouts ... */
    static final int SUSPECT_PROBES = 3;

    /** ... and so much silence after the first of them: on a fast path the timeouts alone would take a pause of the other machine for its end. */
    static final long SUSPECT_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** The path before this one is tried again after so many. */
    static final int FALL_BACK_PROBES = 2;

    /** A connection rests after so much silence: then no late packet is on its way any more that it would have to tell from a replay. */
    static final long REST_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final Timer[] TIMERS = Timer.values();

    private final Connection connection;
    private final Lifecycle lifecycle;
    private final KeepAlive keepAlive;
    private final TimerTable timers;
    private boolean suspected;
    private long unansweredFrom;

    TimerActions(Connection connection, Lifecycle lifecycle) {
        this.connection = connection;
        this.lifecycle = lifecycle;
        keepAlive = connection.keepAlive();
        timers = connection.timers();
    }

    /** The timers that run from the beginning. */
    void start(long admissionDeadline) {
        timers.set(Timer.QUIET, keepAlive.pingTime());
        timers.set(Timer.IDLE, keepAlive.endTime());
        timers.set(Timer.ADMISSION, admissionDeadline);
    }

    /** An authentic packet came. QUIET and IDLE are not moved for each: they look again when they run out. */
    void onReceived(long now) {
        keepAlive.onReceived(now);
        suspected = false;
    }

    /** The connection has something that it need not keep at rest. */
    void restLater(long now) {
        if (timers.deadline(Timer.REST) == Deadlines.NONE) {
            timers.set(Timer.REST, now + REST_NANOS);
        }
    }

    void run(long now) {
        for (Timer timer : TIMERS) {
            if (timers.expire(timer, now)) {
                run(timer, now);
            }
        }
    }

    private void run(Timer timer, long now) {
        switch (timer) {
            case LOSS -> onLoss(now);
            case ACK, PACE -> {} // what is due leaves after every input
            case MTU -> connection.paths().primary().mtu().onTimeout(now);
            case PATH -> connection.paths().onTimeout(now);
            case QUIET -> onQuiet(now);
            case REST -> onRest(now);
            case REKEY -> connection.rekeying().onDue();
            case OLD_KEYS -> connection.rekeying().forgetOld();
            case IDLE -> onIdle(now);
            case ADMISSION -> lifecycle.close(CloseCode.EXPIRED, "", now);
            case CLOSE -> lifecycle.onCloseTimer(now);
        }
    }

    private void onLoss(long now) {
        final Paths paths = connection.paths();
        final Path fallback = paths.fallback();
        if (fallback != null
                && fallback.via() != paths.primary().via()
                && fallback.recovery().onTimeout(now) == Expiry.PROBE) {
            fallback.recovery().abandon(now); // what it carried goes the primary way
        }
        final LossRecovery<SentFrames> recovery = paths.primary().recovery();
        if (recovery.onTimeout(now) != Expiry.PROBE) {
            return;
        }
        final int unanswered = recovery.unansweredProbes();
        if (unanswered == 1) {
            unansweredFrom = now;
        }
        final long silence = now - Math.max(unansweredFrom, keepAlive.lastReceivedAt());
        if (unanswered >= SUSPECT_PROBES && silence >= SUSPECT_NANOS && !suspected) {
            suspected = true;
            connection.output(new Output.Suspect());
        }
        if (unanswered >= FALL_BACK_PROBES) {
            paths.fallBack(now);
        }
        connection.sender().probe(recovery, now);
    }

    private void onQuiet(long now) {
        if (now >= keepAlive.pingTime()) {
            keepAlive.onPingSent(now);
            if (lifecycle.state().isSending()) {
                connection.sender().requestPing();
            }
        }
        timers.set(Timer.QUIET, keepAlive.pingTime());
    }

    /** Not moved for each packet: it looks again when it runs out. */
    private void onRest(long now) {
        final long due = connection.keys().lastUsedAt() + REST_NANOS;
        if (now < due) {
            timers.set(Timer.REST, due);
        } else {
            connection.rest();
        }
    }

    private void onIdle(long now) {
        if (now >= keepAlive.endTime()) {
            lifecycle.timeOut();
        } else {
            timers.set(Timer.IDLE, keepAlive.endTime());
        }
    }
}
