package dev.cutlass.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TimerWheelTest {
    private static final long TICK = 1L << 20;

    private final TimerWheel wheel = new TimerWheel();
    private final List<Probe> fired = new ArrayList<>();

    private final class Probe extends TimerWheel.Timer {
        @Override
        void onDue(long now) {
            fired.add(this);
        }
    }

    @Test
    void nothingIsDueInAnEmptyWheelHoweverMuchTimePasses() {
        wheel.advance(Long.MAX_VALUE / 2);

        assertEquals(TimerWheel.NEVER, wheel.nextDeadline());
    }

    @Test
    void aTimerFiresAfterItsDeadlineAndNeverBefore() {
        Probe timer = new Probe();
        wheel.schedule(timer, 10 * TICK + 5);

        wheel.advance(11 * TICK - 1);
        assertEquals(List.of(), fired);
        wheel.advance(11 * TICK);
        assertEquals(List.of(timer), fired);
        assertEquals(0, wheel.size());
    }

    @Test
    void aDeadlineInThePastFiresInTheNextTick() {
        wheel.advance(1_000 * TICK);
        wheel.schedule(new Probe(), 3);

        assertEquals(1_001 * TICK, wheel.nextDeadline());
        wheel.advance(1_001 * TICK);
        assertEquals(1, fired.size());
    }

    @Test
    void aCancelledTimerDoesNotFire() {
        Probe timer = new Probe();
        wheel.schedule(timer, 5 * TICK);
        wheel.schedule(timer, TimerWheel.NEVER);

        wheel.advance(100 * TICK);
        assertEquals(List.of(), fired);
        assertEquals(TimerWheel.NEVER, wheel.nextDeadline());
    }

    @Test
    void onlyAnEarlierDeadlineReplacesTheOneThatIsSet() {
        Probe timer = new Probe();
        assertTrue(wheel.scheduleIfEarlier(timer, 50 * TICK));
        assertFalse(wheel.scheduleIfEarlier(timer, 60 * TICK));
        assertTrue(wheel.scheduleIfEarlier(timer, 40 * TICK));

        wheel.advance(41 * TICK);
        assertEquals(List.of(timer), fired);
    }

    @Test
    void aTimerBeyondTheLastWheelWaitsForItsTime() {
        Probe timer = new Probe();
        long deadline = 3L << 60;
        wheel.schedule(timer, deadline);

        wheel.advance(deadline - TICK);
        assertEquals(List.of(), fired);
        wheel.advance(deadline + TICK);
        assertEquals(List.of(timer), fired);
    }

    @Test
    void aFiringTimerMaySetItselfAgain() {
        int[] count = new int[1];
        TimerWheel.Timer again = new TimerWheel.Timer() {
            @Override
            void onDue(long now) {
                if (++count[0] < 3) {
                    wheel.schedule(this, now + 10 * TICK);
                }
            }
        };
        wheel.schedule(again, 0);
        for (long tick = 0; tick < 100; tick++) {
            wheel.advance(tick * TICK);
        }

        assertEquals(3, count[0]);
    }

    /** Against a map from timer to deadline that is searched as a whole each time. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7})
    void firesWhatASortedListWouldFire(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<Probe, Long> model = new HashMap<>();
        List<Probe> timers = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            timers.add(new Probe());
        }
        long now = 0;
        for (int step = 0; step < 20_000; step++) {
            Probe timer = timers.get(random.nextInt(timers.size()));
            int choice = random.nextInt(10);
            if (choice < 6) {
                long deadline = now + (random.nextLong() >>> (20 + random.nextInt(40)));
                wheel.schedule(timer, deadline);
                model.put(timer, deadline);
            } else if (choice < 7) {
                wheel.schedule(timer, TimerWheel.NEVER);
                model.remove(timer);
            } else {
                long next = wheel.nextDeadline();
                long earliest = model.values().stream().mapToLong(l -> l).min().orElse(TimerWheel.NEVER);
                assertTrue(
                        next <= Math.max(earliest, now) + 2 * TICK || next == earliest,
                        "seed " + seed + ": late by a tick at most");
                now = choice < 9 && next != TimerWheel.NEVER
                        ? Math.max(now, next)
                        : now + (random.nextLong() >>> (24 + random.nextInt(36)));
                advanceAndCompare(model, now, seed);
            }
            assertEquals(model.size(), wheel.size(), "seed " + seed);
        }
    }

    private void advanceAndCompare(Map<Probe, Long> model, long now, long seed) {
        long nowTick = now >> 20;
        fired.clear();
        wheel.advance(now);
        for (Probe timer : fired) {
            Long deadline = model.remove(timer);
            assertTrue(deadline != null && deadline <= now, "seed " + seed + ": fired before its time");
        }
        for (long left : model.values()) {
            assertTrue((left >> 20) + 1 >= nowTick, "seed " + seed + ": still waits a tick after its time");
        }
    }
}
