package dev.cutlass.proto;

import dev.cutlass.proto.recovery.Deadlines;
import java.util.Arrays;

/** The deadline of each {@link Timer}, in ticker nanos. */
@SuppressWarnings("EnumOrdinal") // the index of an array of our own
final class TimerTable {
    private final long[] deadlines = new long[Timer.values().length];

    TimerTable() {
        clearAll();
    }

    /** @param deadline {@link Deadlines#NONE} stops the timer */
    void set(Timer timer, long deadline) {
        deadlines[timer.ordinal()] = deadline;
    }

    void clear(Timer timer) {
        set(timer, Deadlines.NONE);
    }

    void clearAll() {
        Arrays.fill(deadlines, Deadlines.NONE);
    }

    long deadline(Timer timer) {
        return deadlines[timer.ordinal()];
    }

    /** Whether the timer has run out; stops it if so. */
    boolean expire(Timer timer, long now) {
        if (now < deadline(timer)) {
            return false;
        }
        clear(timer);
        return true;
    }

    /** The earliest deadline; {@link Deadlines#NONE} if all timers are stopped. */
    long next() {
        long next = Deadlines.NONE;
        for (long deadline : deadlines) {
            next = Math.min(next, deadline);
        }
        return next;
    }
}
