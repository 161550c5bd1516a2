package dev.cutlass.proto.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.proto.handshake.StealthReplayGuard.Flight;
import dev.cutlass.proto.handshake.StealthReplayGuard.Saved;
import dev.cutlass.wire.Id128;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StealthReplayGuardTest {
    private static final long WINDOW = 1_000;
    private static final long START = 1_000_000;

    @Test
    void aFlightIsAdmittedOnce() {
        StealthReplayGuard guard = fresh(10);
        assertTrue(guard.admit(START + 1, id(1), START));
        assertTrue(guard.isKnown(id(1)));
        assertFalse(guard.admit(START + 1, id(1), START));
        assertFalse(guard.admit(START + 2, id(1), START), "nor under another stamp");
        assertTrue(guard.admit(START + 1, id(2), START));
    }

    @Test
    void stampsCountFromOneEdgeOfTheWindowToTheOther() {
        StealthReplayGuard guard = fresh(10);
        long now = START + 5_000;
        assertFalse(guard.isTimely(now - WINDOW - 1, now));
        assertTrue(guard.isTimely(now - WINDOW, now));
        assertTrue(guard.isTimely(now + WINDOW, now));
        assertFalse(guard.isTimely(now + WINDOW + 1, now));
        assertFalse(guard.isTimely(Long.MIN_VALUE, now));
        assertFalse(guard.isTimely(Long.MAX_VALUE, now));
    }

    @Test
    void aGuardWithoutAPastAcceptsWhatIsLaterThanItsStart() {
        StealthReplayGuard guard = fresh(10);
        assertFalse(guard.admit(START - 1, id(1), START));
        assertFalse(guard.admit(START, id(2), START));
        assertTrue(guard.admit(START + 1, id(3), START));
    }

    @Test
    void aFlightIsForgottenWhenItsStampHasLeftTheWindowAndNotSooner() {
        StealthReplayGuard guard = fresh(10);
        guard.admit(START + WINDOW, id(1), START);
        long last = START + 2 * WINDOW;
        assertTrue(guard.admit(last, id(2), last));
        assertTrue(guard.isKnown(id(1)), "kept for two windows");
        assertTrue(guard.admit(last + 1, id(3), last + 1));
        assertFalse(guard.isKnown(id(1)));
        assertEquals(START + WINDOW, guard.floor());
    }

    @Test
    void aClockThatJumpsBackOpensNoGap() {
        StealthReplayGuard guard = fresh(10);
        assertTrue(guard.admit(START + 10, id(1), START));
        assertTrue(guard.admit(START + 90_000, id(2), START + 90_000), "a jump ahead; the first is forgotten");
        assertFalse(guard.admit(START + 10, id(1), START + 20), "and back");
        assertTrue(guard.admit(START + 11, id(3), START + 20), "newer ones go on");
    }

    @Test
    void aFullGuardRaisesTheFloorAndNeverFailsOpen() {
        StealthReplayGuard guard = fresh(3);
        for (int i = 1; i <= 3; i++) {
            assertTrue(guard.admit(START + 10 * i, id(i), START));
        }
        assertFalse(guard.admit(START + 5, id(9), START), "earlier than all that are kept");
        assertEquals(START + 5, guard.floor());
        assertTrue(guard.admit(START + 15, id(4), START), "in the place of the earliest");
        assertEquals(START + 10, guard.floor());
        assertEquals(3, guard.size());
        for (int i = 1; i <= 4; i++) {
            assertFalse(guard.admit(START + 10 * i, id(i), START), "flight " + i);
        }
    }

    @Test
    void afterAStopInOrderTheFloorStaysWhereItWas() {
        Saved saved = new Saved(START - 500, List.of(new Flight(START - 10, id(1))), true, START);
        StealthReplayGuard guard = StealthReplayGuard.afterRestart(WINDOW, 10, saved, START);
        assertFalse(guard.admit(START - 10, id(1), START));
        assertTrue(guard.admit(START - 11, id(2), START));
        assertFalse(guard.admit(START - 500, id(3), START));
    }

    @Test
    void afterACrashOnlyLaterStampsCount() {
        Saved saved = new Saved(START - 500, List.of(new Flight(START + 10, id(1))), false, START - 100);
        StealthReplayGuard guard = StealthReplayGuard.afterRestart(WINDOW, 10, saved, START);
        assertFalse(guard.admit(START, id(2), START));
        assertTrue(guard.admit(START + 1, id(3), START));
        assertFalse(guard.admit(START + 10, id(1), START), "what is on disk stays refused");
    }

    @Test
    void withAClockBehindTheFileOnlyLaterStampsCount() {
        Saved saved =
                new Saved(0, List.of(new Flight(START - 10, id(1)), new Flight(START + 10, id(2))), true, START + 1);
        StealthReplayGuard guard = StealthReplayGuard.afterRestart(WINDOW, 10, saved, START);
        assertEquals(START, guard.floor());
        assertFalse(guard.admit(START + 10, id(2), START));
        Saved ahead = new Saved(START + 700, List.of(), false, START + 1);
        assertEquals(
                START + 700,
                StealthReplayGuard.afterRestart(WINDOW, 10, ahead, START).floor());
    }

    @Test
    void moreSavedFlightsThanFitRaiseTheFloor() {
        List<Flight> flights = new ArrayList<>();
        for (int i = 10; i >= 1; i--) {
            flights.add(new Flight(START + i, id(i)));
        }
        StealthReplayGuard guard =
                StealthReplayGuard.afterRestart(WINDOW, 4, new Saved(0, flights, true, START), START);
        assertEquals(4, guard.size());
        for (int i = 1; i <= 10; i++) {
            assertFalse(guard.admit(START + i, id(i), START), "flight " + i);
        }
    }

    @Test
    void valuesOutOfRangeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> StealthReplayGuard.withoutPast(0, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> StealthReplayGuard.withoutPast(1, 0, 0));
        assertThrows(
                IllegalArgumentException.class,
                () -> StealthReplayGuard.withoutPast(1, StealthReplayGuard.MAX_CAPACITY + 1, 0));
    }

    /** Against a model that never forgets: clocks jump, flights repeat, runs end in order or not. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void noFlightIsAdmittedTwiceWhateverHappens(long seed) {
        Random random = new Random(seed);
        int capacity = 1 + random.nextInt(40);
        long now = START;
        StealthReplayGuard guard = StealthReplayGuard.withoutPast(WINDOW, capacity, now);
        Set<Id128> admitted = new HashSet<>();
        List<Flight> onDisk = new ArrayList<>();
        List<Flight> recorded = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            int action = random.nextInt(1_000);
            now += action < 3 ? random.nextInt(20_000) - 10_000 : random.nextInt(40);
            if (action == 999) {
                Saved saved = new Saved(guard.floor(), List.copyOf(onDisk), random.nextBoolean(), now);
                now += random.nextInt(3_000) - 500;
                guard = StealthReplayGuard.afterRestart(WINDOW, capacity, saved, now);
            }
            boolean replay = !recorded.isEmpty() && random.nextInt(3) == 0;
            Flight flight = replay
                    ? recorded.get(Math.max(0, recorded.size() - 1 - random.nextInt(60)))
                    : new Flight(now + random.nextInt(2_400) - 1_200, id(i));
            recorded.add(flight);
            boolean wasTimely = guard.isTimely(flight.stamp(), now);
            if (guard.admit(flight.stamp(), flight.id(), now)) {
                assertTrue(wasTimely, "seed " + seed);
                assertTrue(admitted.add(flight.id()), "admitted twice, seed " + seed + ", step " + i);
                onDisk.add(flight);
            }
            assertTrue(guard.size() <= capacity);
        }
        assertTrue(admitted.size() > 1_000, "the test admits something: " + admitted.size());
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void withRoomAndAnEvenClockEveryTimelyNewFlightIsAdmitted(long seed) {
        Random random = new Random(seed);
        long now = START;
        StealthReplayGuard guard = StealthReplayGuard.withoutPast(WINDOW, 10_000, now);
        now += WINDOW + 1; // the floor of the start has left the window
        for (int i = 0; i < 5_000; i++) {
            now += random.nextInt(5);
            long stamp = now + random.nextInt((int) (2 * WINDOW + 1)) - WINDOW;
            assertTrue(guard.admit(stamp, id(i), now), "seed " + seed + ", step " + i);
        }
    }

    private static StealthReplayGuard fresh(int capacity) {
        return StealthReplayGuard.withoutPast(WINDOW, capacity, START);
    }

    private static Id128 id(int number) {
        return new Id128(number, ~number);
    }
}
