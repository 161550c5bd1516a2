package dev.cutlass.engine;

import dev.cutlass.proto.handshake.InitiatorHandshake;
import org.jspecify.annotations.Nullable;

/** One handshake that we began, to one address. Housekeeping only. */
final class DialEntry {
    private final DialAttempt attempt;
    private final InitiatorHandshake handshake;
    private final long startedAt;
    private final TimerWheel.Timer timer;

    /** What came of it, before it is confirmed. */
    private @Nullable ConnectionEntry connection;

    DialEntry(DialAttempt attempt, InitiatorHandshake handshake, long startedAt, HandshakePool pool) {
        this.attempt = attempt;
        this.handshake = handshake;
        this.startedAt = startedAt;
        this.timer = new TimerWheel.Timer() {
            @Override
            void onDue(long now) {
                pool.timeout(DialEntry.this, now);
            }
        };
    }

    DialAttempt attempt() {
        return attempt;
    }

    InitiatorHandshake handshake() {
        return handshake;
    }

    @Nullable
    ConnectionEntry connection() {
        return connection;
    }

    void connection(ConnectionEntry made) {
        connection = made;
    }

    long startedAt() {
        return startedAt;
    }

    TimerWheel.Timer timer() {
        return timer;
    }
}
