package dev.cutlass.proto.handshake;

import dev.cutlass.wire.Id128;
import java.util.Comparator;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.NullMarked;

/**
 * Remembers the first flights that a stealth responder has verified, so that a recorded one is never answered again.
 * docs/protocol.md section 3.5. No I/O and no clock; {@code dev.cutlass.store.StealthCache} keeps what must survive a restart.
 *
 * <p>A flight may come again as long as its stamp is within the window around the clock, so it is kept until its stamp has
 * left the window. Whatever is forgotten, by age or for want of room, lies at or below the <em>floor</em>, and no stamp there is
 * accepted any more. So memory is bounded, a clock that jumps in either direction opens no gap, and a full memory costs late
 * strangers an attempt and never admits a flight twice.
 *
 * <p>Threads: {@link #isTimely}, {@link #isKnown} and {@link #floor} any; the rest one, the owner of handshakes.
 */
@NullMarked
public final class StealthReplayGuard {
    /** How far a stamp may be from our clock, in milliseconds: 10 minutes. */
    public static final long DEFAULT_WINDOW_MILLIS = 10 * 60 * 1_000;

    /** Flights kept: about 100 new ones a second for a window, and 7 MB at most. */
    public static final int DEFAULT_CAPACITY = 65_536;

    /** The most that can be configured, so that the file on disk can be read into memory. */
    public static final int MAX_CAPACITY = 1 << 20;

    /** A verified first flight: its time stamp in milliseconds since 1970, and its flight id. */
    public record Flight(long stamp, Id128 id) {}

    /**
     * What an earlier run left behind.
     *
     * @param floor of the earlier run
     * @param stoppedInOrder nothing can be missing
     * @param writtenMillis the clock when that was written
     */
    public record Saved(long floor, Iterable<Flight> flights, boolean stoppedInOrder, long writtenMillis) {}

    private final long windowMillis;
    private final int capacity;
    private final Map<Id128, Long> known = new ConcurrentHashMap<>();
    private final PriorityQueue<Flight> earliestFirst = new PriorityQueue<>(Comparator.comparingLong(Flight::stamp));
    private volatile long floor; // the listener reads it

    private StealthReplayGuard(long windowMillis, int capacity, long floor) {
        if (windowMillis < 1 || capacity < 1 || capacity > MAX_CAPACITY) {
            throw new IllegalArgumentException("window " + windowMillis + " ms, capacity " + capacity);
        }
        this.windowMillis = windowMillis;
        this.capacity = capacity;
        this.floor = floor;
    }

    /**
     * A guard with nothing to remember from before: only flights with stamps later than now count.
     *
     * @param windowMillis how far a stamp may be from our clock
     * @param capacity flights to keep, 1 to {@value #MAX_CAPACITY}
     * @param wallMillis our clock, in milliseconds since 1970
     */
    public static StealthReplayGuard withoutPast(long windowMillis, int capacity, long wallMillis) {
        return new StealthReplayGuard(windowMillis, capacity, wallMillis);
    }

    /**
     * A guard that goes on after a restart. If the earlier run did not stop in order, or our clock is behind what that
     * run saw, only stamps later than now count; the flights that were kept stay refused in any case.
     */
    public static StealthReplayGuard afterRestart(long windowMillis, int capacity, Saved saved, long wallMillis) {
        final boolean trusted = saved.stoppedInOrder() && wallMillis >= saved.writtenMillis();
        final long floor = trusted ? saved.floor() : Math.max(saved.floor(), wallMillis);
        final StealthReplayGuard guard = new StealthReplayGuard(windowMillis, capacity, floor);
        for (Flight flight : saved.flights()) {
            guard.keep(flight);
        }
        return guard;
    }

    /**
     * Whether a stamp is within the window around the clock and above the floor. Any thread.
     *
     * @param stamp milliseconds since 1970 as they came; any value
     * @param wallMillis our clock, likewise
     */
    public boolean isTimely(long stamp, long wallMillis) {
        return stamp > floor && stamp >= wallMillis - windowMillis && stamp <= wallMillis + windowMillis;
    }

    /** Whether this flight was admitted before and is still kept. Any thread. */
    public boolean isKnown(Id128 flight) {
        return known.containsKey(flight);
    }

    /**
     * Takes in a flight whose Noise message verified.
     *
     * @return whether it may be answered, once it is on disk; false also if it is an earlier one, or too far from the clock, or if
     *     there is no room for it
     */
    public boolean admit(long stamp, Id128 flight, long wallMillis) {
        for (Flight earliest = earliestFirst.peek();
                earliest != null && earliest.stamp() < wallMillis - windowMillis;
                earliest = earliestFirst.peek()) {
            forgetEarliest();
        }
        return isTimely(stamp, wallMillis) && !isKnown(flight) && keep(new Flight(stamp, flight));
    }

    /** Stamps at or below this are not accepted. Any thread. */
    public long floor() {
        return floor;
    }

    /** Flights kept. */
    public int size() {
        return earliestFirst.size();
    }

    private boolean keep(Flight flight) {
        if (flight.stamp() <= floor || isKnown(flight.id())) {
            return false;
        }
        if (size() >= capacity) {
            final Flight earliest = earliestFirst.peek();
            if (earliest != null && flight.stamp() <= earliest.stamp()) {
                floor = Math.max(floor, flight.stamp()); // restored flights are forgotten this way too
                return false;
            }
            forgetEarliest();
        }
        earliestFirst.add(flight);
        known.put(flight.id(), flight.stamp());
        return true;
    }

    /** First the floor, then the flight: another thread never sees the flight as neither too early nor known. */
    private void forgetEarliest() {
        final Flight forgotten = earliestFirst.remove();
        floor = Math.max(floor, forgotten.stamp());
        known.remove(forgotten.id());
    }
}
