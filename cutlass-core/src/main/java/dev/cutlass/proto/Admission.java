package dev.cutlass.proto;

import dev.cutlass.proto.message.Conversation;
import dev.cutlass.wire.AckFrame;
import dev.cutlass.wire.CloseFrame;
import dev.cutlass.wire.Frame;
import dev.cutlass.wire.LimitsFrame;
import dev.cutlass.wire.MessageClass;
import dev.cutlass.wire.NewConnectionIdFrame;
import dev.cutlass.wire.PathChallengeFrame;
import dev.cutlass.wire.PathResponseFrame;
import dev.cutlass.wire.PingFrame;
import dev.cutlass.wire.PongFrame;
import dev.cutlass.wire.RetireConnectionIdFrame;
import org.jspecify.annotations.Nullable;

/** Who admitted whom, and the windows of both classes of messages: docs/protocol.md sections 3.8 and 5.2. */
final class Admission {
    private final long window;
    private final FlowWindow messages;

    /** Null before the first channel of that class. */
    private @Nullable FlowWindow bulk;

    private boolean admitted;
    private boolean admittedByPeer;

    /** @param window of each class, in bytes */
    Admission(long window) {
        this.window = window;
        messages = new FlowWindow(window);
    }

    /** We admit the peer; true if we had not before. */
    boolean admit() {
        if (admitted) {
            return false;
        }
        admitted = true;
        messages.request();
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

    /** There is a channel for bulk: the peer gets a window for it. Once is enough. */
    void openBulk() {
        bulk();
    }

    private FlowWindow bulk() {
        FlowWindow opened = bulk;
        if (opened == null) {
            opened = new FlowWindow(window);
            opened.request();
            bulk = opened;
        }
        return opened;
    }

    /** The peer told limits; true if that was the first time. */
    boolean onLimits(LimitsFrame frame) {
        messages.onLimit(frame.messages());
        if (frame.bulk() != LimitsFrame.NOT_NAMED) {
            bulk().onLimit(frame.bulk()); // may overtake the OPEN
        }
        final boolean first = !admittedByPeer;
        admittedByPeer = true;
        return first;
    }

    /** What we may start in all of one class. The conversation keeps the account. */
    long limit(MessageClass of) {
        return of == MessageClass.MESSAGES ? messages.limit() : bulk == null ? 0 : bulk.limit();
    }

    /** The peer started a message; false if it passed its limit. */
    boolean onStartedByPeer(MessageClass of, long bytes) {
        final FlowWindow passed = of == MessageClass.MESSAGES ? messages : bulk;
        return passed == null ? bytes == 0 : passed.onStartedByPeer(bytes);
    }

    /** Whether a LIMITS is to be sent. */
    boolean isLimitsDue(Conversation conversation) {
        return admitted
                && (messages.isDue(conversation.heldBytes())
                        || (bulk != null && bulk.isDue(conversation.heldBytes(MessageClass.BULK))));
    }

    /** The frame to send now; {@code roundTrip} is 0 if not known. */
    LimitsFrame limits(Conversation conversation, long roundTrip, long now) {
        return new LimitsFrame(
                messages.grant(conversation.heldBytes(), roundTrip, now),
                bulk == null
                        ? LimitsFrame.NOT_NAMED
                        : bulk.grant(conversation.heldBytes(MessageClass.BULK), roundTrip, now));
    }

    void onLimitsLost(LimitsFrame lost) {
        messages.onLost(lost.messages());
        if (bulk != null) {
            bulk.onLost(lost.bulk());
        }
    }
}
