package dev.cutlass.proto;

import dev.cutlass.wire.AckFrame;
import dev.cutlass.wire.CloseFrame;
import dev.cutlass.wire.Frame;
import dev.cutlass.wire.LimitsFrame;
import dev.cutlass.wire.NewConnectionIdFrame;
import dev.cutlass.wire.PathChallengeFrame;
import dev.cutlass.wire.PathResponseFrame;
import dev.cutlass.wire.PingFrame;
import dev.cutlass.wire.PongFrame;
import dev.cutlass.wire.RetireConnectionIdFrame;

/**
 * Who admitted whom, and how many bytes of messages each side may start: docs/protocol.md sections 3.8 and 5.2.
 *
 * <p>The peer is granted what it has started so far and the room that is left of our window. So what it may have under way and
 * undelivered never exceeds the window. A new grant is told when it is a quarter of the window above the last one: a quarter has room for
 * a message of the greatest length, so a sender that waits for room always gets some.
 */
final class Admission {
    private static final int GRANTS_PER_WINDOW = 4;

    private final long window;
    private boolean admitted;
    private boolean admittedByPeer;

    /** What the peer started, and the highest limit that it was told. */
    private long startedByPeer;

    private long granted;
    private boolean limitsDue;

    /** The highest limit that we were told. */
    private long limit;

    Admission(long window) {
        this.window = window;
    }

    /** We admit the peer; true if we had not before. */
    boolean admit() {
        if (admitted) {
            return false;
        }
        admitted = true;
        limitsDue = true;
        return true;
    }

    boolean isAdmitted() {
        return admitted;
    }

    boolean isAdmittedByPeer() {
        return admittedByPeer;
    }

    /** Whether messages may flow. */
    boolean isMutual() {
        return admitted && admittedByPeer;
    }

    /** Whether the peer may send such a frame. */
    boolean accepts(Frame frame) {
        return admitted || isAlwaysAllowed(frame);
    }

    /** Only who has admitted us sends such a frame: its LIMITS is late, or lost. True if that is news. */
    boolean onImplied(Frame frame) {
        if (admittedByPeer || isAlwaysAllowed(frame)) {
            return false;
        }
        admittedByPeer = true;
        return true;
    }

    private static boolean isAlwaysAllowed(Frame frame) {
        return frame instanceof PingFrame
                || frame instanceof PongFrame
                || frame instanceof AckFrame
                || frame instanceof LimitsFrame
                || frame instanceof PathChallengeFrame
                || frame instanceof PathResponseFrame
                || frame instanceof NewConnectionIdFrame
                || frame instanceof RetireConnectionIdFrame
                || frame instanceof CloseFrame;
    }

    /** The peer told a limit; true if that was the first time. */
    boolean onLimits(LimitsFrame frame) {
        limit = Math.max(limit, frame.messages());
        final boolean first = !admittedByPeer;
        admittedByPeer = true;
        return first;
    }

    /** What we may start in all. The conversation keeps the account. */
    long limit() {
        return limit;
    }

    /** The peer started a message; false if it passed its limit. */
    boolean onStartedByPeer(long bytes) {
        startedByPeer += bytes;
        return startedByPeer <= granted;
    }

    /** @param held bytes of messages that the peer started and nobody took yet */
    boolean isLimitsDue(long held) {
        return admitted && (limitsDue || grantable(held) - granted >= window / GRANTS_PER_WINDOW);
    }

    /** The frame to send now. */
    LimitsFrame limits(long held) {
        limitsDue = false;
        granted = Math.max(granted, grantable(held));
        return new LimitsFrame(granted);
    }

    private long grantable(long held) {
        return startedByPeer + Math.max(0, window - held);
    }

    void onLimitsLost(LimitsFrame lost) {
        limitsDue |= lost.messages() == granted;
    }
}
