package dev.cutlass.cables.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.cutlass.cables.address.MessageId;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ScheduleTest {
    private static final Visit ONE = visit(1, true);
    private static final Visit TWO = visit(2, false);

    private final Schedule schedule = new Schedule();

    private static Visit visit(int number, boolean ours) {
        return new Visit(new MessageId(String.format(Locale.ROOT, "%040x", number)), ours);
    }

    @Test
    void whatIsDueFirstIsVisitedFirstAndNotBefore() {
        schedule.learn(ONE, 0, 20);
        schedule.learn(TWO, 0, 10);
        schedule.learn(TWO, 0, 5); // known already
        assertEquals(10, schedule.nextDue());
        assertNull(schedule.take(9));
        assertEquals(TWO, schedule.take(10));
        assertNull(schedule.take(19));
        assertEquals(ONE, schedule.take(20));
        assertNull(schedule.take(Long.MAX_VALUE - 1));
        assertEquals(Schedule.NEVER, schedule.nextDue());
    }

    @Test
    void aMessageIsNotVisitedTwiceAtATimeAndAWakeUpMeanwhileCountsAfterwards() {
        schedule.wake(ONE, 0);
        assertEquals(ONE, schedule.take(0));
        schedule.wake(ONE, 1);
        assertNull(schedule.take(1));
        schedule.visited(ONE, 2, 100);
        assertEquals(ONE, schedule.take(2));
        schedule.visited(ONE, 3, 100);
        assertNull(schedule.take(99));
        assertEquals(ONE, schedule.take(100));
    }

    @Test
    void aWakeUpBringsAVisitForwardAndNeverPutsItOff() {
        schedule.learn(ONE, 0, 50);
        schedule.wake(ONE, 10);
        assertEquals(10, schedule.nextDue());
        schedule.wake(ONE, 20);
        assertEquals(10, schedule.nextDue());
    }

    @Test
    void messagesThatAreGoneAreForgottenButNotThoseThatWereSpokenOfSinceOrAreBeingVisited() {
        schedule.learn(ONE, 0, 50);
        schedule.learn(TWO, 0, 50);
        schedule.retain(true, Set.of(), 10);
        assertEquals(1, schedule.size());
        schedule.wake(ONE, 20);
        schedule.retain(true, Set.of(), 20); // it came while somebody looked
        assertEquals(2, schedule.size());
        assertEquals(ONE, schedule.take(20));
        schedule.retain(true, Set.of(), 30);
        assertEquals(2, schedule.size());
        schedule.visited(ONE, 31, 90);
        schedule.retain(true, Set.of(), 32);
        schedule.retain(false, Set.of(TWO), 32);
        assertEquals(1, schedule.size());
    }
}
