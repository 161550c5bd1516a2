package dev.cutlass.cables.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WallClockTest {
    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");
    private static final Duration JUMP = Duration.ofDays(3);

    private Instant wall = START;
    private long nanos = 5;
    private final List<Duration> jumps = new ArrayList<>();
    private final WallClock clock = new WallClock(() -> wall, () -> nanos, JUMP, jumps::add);

    private void pass(Duration time) {
        wall = wall.plus(time);
        nanos += time.toNanos();
    }

    @Test
    void whatTheMachineSaysIsBelieved() {
        pass(Duration.ofDays(30)); // nobody looked for a month: the other clock went on as well
        assertEquals(wall, clock.instant());
        wall = wall.plus(JUMP);
        assertEquals(wall, clock.instant());
        assertEquals(List.of(), jumps);
    }

    @Test
    void aTimeFarAheadIsBelievedAfterAWhile() {
        final Duration far = JUMP.plusNanos(1);
        wall = wall.plus(far);
        assertEquals(START, clock.instant());
        pass(WallClock.GRACE.minusNanos(1));
        assertEquals(START.plus(WallClock.GRACE).minusNanos(1), clock.instant());
        pass(Duration.ofNanos(1));
        assertEquals(wall, clock.instant());
        pass(Duration.ofDays(1));
        assertEquals(wall, clock.instant());
        assertEquals(List.of(far), jumps);
    }

    @Test
    void aClockThatIsSetRightSoonHasDoneNothing() {
        wall = wall.plus(Duration.ofDays(4_000));
        assertEquals(START, clock.instant());
        pass(Duration.ofMinutes(5));
        wall = wall.minus(Duration.ofDays(4_000));
        assertEquals(START.plus(Duration.ofMinutes(5)), clock.instant());
        wall = wall.plus(Duration.ofDays(4_000));
        assertEquals(START.plus(Duration.ofMinutes(5)), clock.instant());
        assertEquals(2, jumps.size());
    }

    @Test
    void aClockThatIsSetBackIsBelievedAtOnce() {
        wall = wall.minus(Duration.ofDays(4_000));
        assertEquals(wall, clock.instant());
        pass(Duration.ofDays(1));
        assertEquals(wall, clock.instant());
        assertEquals(List.of(), jumps);
    }

    @Test
    void aClockThatWasSetBackAndIsSetRightIsBelievedAtOnce() {
        wall = wall.minus(Duration.ofDays(4_000));
        assertEquals(wall, clock.instant());
        pass(Duration.ofMinutes(1));
        wall = wall.plus(Duration.ofDays(4_000));
        assertEquals(wall, clock.instant());
        assertEquals(List.of(), jumps);
    }
}
