package dev.cutlass.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

/**
 * Deadlines, in wheels of wheels: {@value #SLOTS} slots each, the slots of the lowest {@code 2^}{@value #TICK_BITS} ns (about 1 ms) wide, those of each further one
 * {@value #SLOTS} times as wide. To set and to cancel costs the same however many timers there are, and time passes at a cost of what is due: a timer moves down a wheel at most
 * {@value #LEVELS} - 1 times in its life, and empty slots are skipped by bit masks. Timers fire in the tick after their deadline's, never
 * before it. The design is Varghese and Lauck's, as in Linux and Kafka.
 *
 * <p>Any thread may set and cancel; {@link #advance} belongs to one thread.
 */
final class TimerWheel {
    /** No deadline. */
    static final long NEVER = Long.MAX_VALUE;

    private static final int TICK_BITS = 20;
    private static final int SLOT_BITS = 6;
    private static final int SLOTS = 1 << SLOT_BITS;

    /** 2^(20 + 6 * 6) ns are 2.3 years; what is later waits in the last slot and is put in again. */
    private static final int LEVELS = 6;

    private static final long MAX_TICKS = (1L << (SLOT_BITS * LEVELS)) - 1;

    private final RankedLock lock = new RankedLock(LockRank.TIMERS);

    @GuardedBy("lock")
    private final @Nullable Timer[] slots = new @Nullable Timer[LEVELS * SLOTS];

    /** Bit n of level l: slot n of level l, which is number {@code l * SLOTS + n}, is not empty. */
    @GuardedBy("lock")
    private final long[] occupied = new long[LEVELS];

    /** Every timer of an earlier tick has fired. */
    @GuardedBy("lock")
    private long currentTick;

    @GuardedBy("lock")
    private int size;

    /** Something with a deadline. Belongs to one wheel for its whole life. */
    abstract static class Timer {
        /** In nanoseconds of the ticker; written under the wheel's lock, and read without it as a hint. */
        private volatile long deadline = NEVER;

        private byte level;
        private byte slot;
        private boolean linked;
        private @Nullable Timer previous;
        private @Nullable Timer next;

        /** Its time has come. Called without the wheel's lock; the timer is not set any more and may be set again. */
        abstract void onDue(long now);

        /** When it fires, or {@link #NEVER}. Possibly old by the time it is looked at. */
        final long deadline() {
            return deadline;
        }
    }

    /**
     * Sets the deadline of a timer, whatever it was before; {@link #NEVER} cancels it.
     *
     * @return whether it may now be the earliest of all, so that whoever waits should look again
     */
    boolean schedule(Timer timer, long deadline) {
        lock.lock();
        try {
            unlink(timer);
            timer.deadline = deadline;
            if (deadline == NEVER) {
                return false;
            }
            final long before = nextDeadlineLocked();
            link(timer);
            return deadline < before;
        } finally {
            lock.unlock();
        }
    }

    /** Moves a timer forward in time if {@code deadline} is before its present one; costs one read if it is not. */
    boolean scheduleIfEarlier(Timer timer, long deadline) {
        return deadline < timer.deadline && schedule(timer, deadline);
    }

    /** Fires what is due at {@code now}, in no particular order among what is due in the same tick. */
    void advance(long now) {
        for (Timer timer = takeNext(now); timer != null; timer = takeNext(now)) {
            timer.onDue(now);
        }
    }

    /**
     * A time that is not later than the one at which the next timer fires, and equal to it if that is near; {@link #NEVER} if there is none. For a timer far
     * off it may be earlier, when it moves down a wheel.
     */
    long nextDeadline() {
        lock.lock();
        try {
            return nextDeadlineLocked();
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return size;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Timer takeNext(long now) {
        final long nowTick = now >> TICK_BITS;
        lock.lock();
        try {
            while (currentTick < nowTick) {
                final int index = (int) (currentTick & (SLOTS - 1));
                final Timer timer = slots[index];
                if (timer != null) {
                    unlink(timer);
                    timer.deadline = NEVER;
                    return timer;
                }
                final long next = Math.min(nowTick, nextOccupiedTick());
                currentTick = next;
                cascade();
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** The first tick after the present one at which a slot of some wheel begins that is not empty. */
    @GuardedBy("lock")
    private long nextOccupiedTick() {
        long best = Long.MAX_VALUE;
        for (int level = 0; level < LEVELS; level++) {
            if (occupied[level] != 0) {
                final int shift = SLOT_BITS * level;
                final long position = currentTick >> shift;
                // Rotated so that the slot after the present one is bit 0; the present slot itself is a whole turn
                // away.
                final int first = (int) ((position + 1) & (SLOTS - 1));
                final int distance = Long.numberOfTrailingZeros(Long.rotateRight(occupied[level], first)) + 1;
                best = Math.min(best, (position + distance) << shift);
            }
        }
        return best;
    }

    /** The wheels whose slot begins at the present tick hand their timers down. */
    @GuardedBy("lock")
    private void cascade() {
        for (int level = LEVELS - 1; level > 0; level--) {
            final int shift = SLOT_BITS * level;
            if ((currentTick & ((1L << shift) - 1)) == 0) {
                final int index = (int) ((currentTick >> shift) & (SLOTS - 1));
                Timer timer = slots[level * SLOTS + index];
                while (timer != null) {
                    unlink(timer);
                    link(timer);
                    timer = slots[level * SLOTS + index];
                }
            }
        }
    }

    @GuardedBy("lock")
    private long nextDeadlineLocked() {
        if (size == 0) {
            return NEVER;
        }
        if (slots[(int) (currentTick & (SLOTS - 1))] != null) {
            return (currentTick + 1) << TICK_BITS;
        }
        final long tick = nextOccupiedTick();
        // A slot of the lowest wheel fires when its tick is over, one of a higher wheel is handed down when it begins.
        final boolean lowest = ((occupied[0] >> (tick & (SLOTS - 1))) & 1) != 0 && tick - currentTick < SLOTS;
        return (lowest ? tick + 1 : tick) << TICK_BITS;
    }

    @GuardedBy("lock")
    private void link(Timer timer) {
        final long tick = Math.max(timer.deadline >> TICK_BITS, currentTick);
        final long distance = Math.min(tick - currentTick, MAX_TICKS);
        final long target = currentTick + distance;
        // The highest group of bits in which the two ticks differ is the wheel on which they are still apart.
        final long different = target ^ currentTick;
        final int level = different == 0
                ? 0
                : Math.min((Long.SIZE - 1 - Long.numberOfLeadingZeros(different)) / SLOT_BITS, LEVELS - 1);
        final int slot = (int) ((target >> (SLOT_BITS * level)) & (SLOTS - 1));
        timer.level = (byte) level;
        timer.slot = (byte) slot;
        timer.linked = true;
        timer.next = slots[level * SLOTS + slot];
        if (timer.next != null) {
            timer.next.previous = timer;
        }
        slots[level * SLOTS + slot] = timer;
        occupied[level] |= 1L << slot;
        size++;
    }

    @GuardedBy("lock")
    private void unlink(Timer timer) {
        if (!timer.linked) {
            return;
        }
        if (timer.previous != null) {
            timer.previous.next = timer.next;
        } else {
            slots[timer.level * SLOTS + timer.slot] = timer.next;
            if (timer.next == null) {
                occupied[timer.level] &= ~(1L << timer.slot);
            }
        }
        if (timer.next != null) {
            timer.next.previous = timer.previous;
        }
        timer.previous = null;
        timer.next = null;
        timer.linked = false;
        size--;
    }
}
