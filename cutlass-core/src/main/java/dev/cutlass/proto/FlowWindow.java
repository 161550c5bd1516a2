package dev.cutlass.proto;

import dev.cutlass.proto.message.ConversationLimits;

/**
 * How many bytes of messages of one class each side of a connection may start: docs/protocol.md section 5.2.
 *
 * <p>The peer is granted what it has started so far and the room that is left of our window. So what it may have under way and
 * undelivered never exceeds the present window. A new grant is told when it is a quarter of the window above the last one: a quarter has room for
 * a message of the greatest length, so a sender that waits for room always gets some.
 *
 * <p>On a fast and long path a small window would be what limits it. So a window that is used up within two round trips doubles, as long as what arrived is taken at once: at most to
 * {@value ConversationLimits#MAX_WINDOW_GROWTH} times what it was.
 */
final class FlowWindow {
    /** How often a window may double. */
    private static final int MAX_DOUBLINGS = Integer.numberOfTrailingZeros(ConversationLimits.MAX_WINDOW_GROWTH);

    private static final int GRANTS_PER_WINDOW = 4;

    /** A window is large enough if it lasts for so many round trips. */
    private static final int ROUND_TRIPS = 2;

    private long window;
    private long grantedAt = Long.MIN_VALUE;

    /** What the peer started, and the highest limit that it was told. */
    private long startedByPeer;

    private long granted;
    private boolean due;
    private byte doublings;

    /** The highest limit that we were told. */
    private long limit;

    FlowWindow(long window) {
        this.window = window;
    }

    /** What we may start in all. The conversation keeps the account. */
    long limit() {
        return limit;
    }

    /** The peer told a limit; one that is lower than an earlier one, as of a frame that was overtaken, changes nothing. */
    void onLimit(long told) {
        limit = Math.max(limit, told);
    }

    /** The peer started a message; false if it passed its limit. */
    boolean onStartedByPeer(long bytes) {
        startedByPeer += bytes;
        return startedByPeer <= granted;
    }

    /** The limit is to be told, whether it rose or not. */
    void request() {
        due = true;
    }

    /** @param held bytes of messages that the peer started and nobody took yet */
    boolean isDue(long held) {
        return due || grantable(held) - granted >= window / GRANTS_PER_WINDOW;
    }

    /**
     * The limit to tell now.
     *
     * @param roundTrip nanos; 0 if not known
     */
    long grant(long held, long roundTrip, long now) {
        final boolean used = grantable(held) - granted >= window / GRANTS_PER_WINDOW;
        if (used && grantedAt != Long.MIN_VALUE) {
            final boolean fast = (now - grantedAt) * GRANTS_PER_WINDOW < ROUND_TRIPS * roundTrip;
            if (fast && held < window / GRANTS_PER_WINDOW && doublings < MAX_DOUBLINGS) {
                window *= 2;
                doublings++;
            }
        }
        grantedAt = now;
        due = false;
        granted = Math.max(granted, grantable(held));
        return granted;
    }

    private long grantable(long held) {
        return startedByPeer + Math.max(0, window - held);
    }

    /** A frame that told this limit was lost; only the last one is missed. */
    void onLost(long told) {
        due |= told == granted;
    }
}
