package dev.cutlass.proto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.proto.message.ConversationLimits;
import org.junit.jupiter.api.Test;

class FlowWindowTest {
    private static final long MS = 1_000_000;
    private static final long WINDOW = 1_000;
    private static final long ROUND_TRIP = 100 * MS;

    private final FlowWindow window = new FlowWindow(WINDOW);
    private long started;
    private long granted;
    private long now;

    private void grant(long held) {
        granted = window.grant(held, ROUND_TRIP, now);
    }

    /** The peer uses a part of its window, and gets a new limit where one is due; nothing is held. */
    private void use(long bytes, long nanos) {
        now += nanos;
        started += bytes;
        assertTrue(window.onStartedByPeer(bytes));
        if (window.isDue(0)) {
            grant(0);
        }
    }

    @Test
    void onAFastAndLongPathItGrowsToFourTimesItsSizeAndNoMore() {
        window.request();
        grant(0);
        assertEquals(WINDOW, granted);
        for (int i = 0; i < 1_000; i++) {
            use(100, MS);
        }
        assertEquals(started + ConversationLimits.MAX_WINDOW_GROWTH * WINDOW, window.grant(0, ROUND_TRIP, now));
    }

    @Test
    void aPathThatNeedsNoMoreGetsNoMore() {
        window.request();
        grant(0);
        for (int i = 0; i < 1_000; i++) {
            use(100, 30 * MS); // a window lasts for three round trips
        }
        assertEquals(started + WINDOW, window.grant(0, ROUND_TRIP, now));
    }

    @Test
    void whileHandlersAreBehindItDoesNotGrow() {
        window.request();
        grant(0);
        for (int i = 0; i < 100; i++) {
            now += MS;
            started += 250;
            assertTrue(window.onStartedByPeer(250));
            assertFalse(window.isDue(500));
            grant(250);
        }
        now += 10 * ROUND_TRIP;
        assertEquals(started + WINDOW, window.grant(0, ROUND_TRIP, now));
    }

    @Test
    void whoPassesTheLimitIsFound() {
        window.request();
        grant(0);
        assertTrue(window.onStartedByPeer(WINDOW));
        assertFalse(window.onStartedByPeer(1));
    }
}
