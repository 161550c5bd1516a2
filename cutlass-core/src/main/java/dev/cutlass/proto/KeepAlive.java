package dev.cutlass.proto;

import dev.cutlass.proto.recovery.Deadlines;
import java.util.random.RandomGenerator;

/**
 * The three settings of silence: docs/protocol.md section 5.3. Each is drawn from 90 % to 100 % of its value anew after every PING, so
 * that connections of one engine, and the two sides of one, do not fall into step.
 */
final class KeepAlive {
    private static final double LEAST_PART = 0.9;

    private final ConnectionConfig config;
    private final RandomGenerator random;
    private long lastReceivedAt;
    private long lastPingAt;
    private long quiet;
    private long ping;
    private long idle;

    KeepAlive(ConnectionConfig config, RandomGenerator random, long now) {
        this.config = config;
        this.random = random;
        lastReceivedAt = now;
        lastPingAt = now;
        draw();
    }

    private void draw() {
        quiet = jittered(config.quietNanos());
        ping = jittered(config.pingNanos());
        idle = jittered(config.idleNanos());
    }

    private long jittered(long nanos) {
        return (long) (nanos * (LEAST_PART + (1 - LEAST_PART) * random.nextDouble()));
    }

    /** An authentic packet came. */
    void onReceived(long now) {
        lastReceivedAt = now;
    }

    /** A PING left, for whatever reason. */
    void onPingSent(long now) {
        lastPingAt = now;
        draw();
    }

    long lastReceivedAt() {
        return lastReceivedAt;
    }

    /** When a PING is due if nothing comes. */
    long pingTime() {
        return Math.max(Deadlines.after(lastReceivedAt, quiet), Deadlines.after(lastPingAt, ping));
    }

    /** When the connection is over if nothing comes. */
    long endTime() {
        return Deadlines.after(lastReceivedAt, idle);
    }
}
