package dev.cutlass.cables.node;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The machine's clock, which is not believed at once when it jumps far forward: every message would be given up as too old before anybody could set it right. Set back it is believed, since nothing ends by that. Any thread.
 */
final class WallClock implements InstantSource {
    /** Until a time that is far ahead is believed. */
    static final Duration GRACE = Duration.ofMinutes(10);

    private final InstantSource wall;
    private final LongSupplier nanos;
    private final Duration jump;
    private final Consumer<Duration> jumped;
    private Instant latest; // that was believed; it goes on with the other clock
    private long latestNanos;
    private boolean isAhead;
    private long aheadSinceNanos;

    /**
     * Starts with what the machine's clock says.
     *
     * @param nanos a clock that never jumps
     * @param jump what is far
     * @param jumped hears by how much, once each time
     */
    WallClock(InstantSource wall, LongSupplier nanos, Duration jump, Consumer<Duration> jumped) {
        this.wall = wall;
        this.nanos = nanos;
        this.jump = jump;
        this.jumped = jumped;
        this.latest = wall.instant();
        this.latestNanos = nanos.getAsLong();
    }

    @Override
    public synchronized Instant instant() {
        final long now = nanos.getAsLong();
        final Instant said = wall.instant();
        final Instant steady = latest.plusNanos(now - latestNanos);
        final Duration ahead = Duration.between(steady, said);
        if (ahead.compareTo(jump) <= 0) {
            isAhead = false;
        } else if (!isAhead) {
            isAhead = true;
            aheadSinceNanos = now;
            jumped.accept(ahead);
        }
        if (isAhead && now - aheadSinceNanos < GRACE.toNanos()) {
            return steady;
        }
        isAhead = false;
        if (said.isAfter(steady)) { // else it was set back, and may be set right again at any time
            latest = said;
            latestNanos = now;
        }
        return said;
    }
}
