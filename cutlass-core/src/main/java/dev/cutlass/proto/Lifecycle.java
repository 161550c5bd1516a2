package dev.cutlass.proto;

import dev.cutlass.event.CloseReason;
import dev.cutlass.proto.message.Conversation;
import dev.cutlass.wire.CloseCode;
import dev.cutlass.wire.CloseFrame;
import dev.cutlass.wire.Id128;
import org.jspecify.annotations.Nullable;

/** The state of a connection and every change of it: see the drawing at {@link ConnectionState}. */
final class Lifecycle {
    /** How long stragglers are waited for at the end, in probe timeouts: docs/protocol.md section 5.3. */
    private static final int LINGER_PROBES = 3;

    private final Connection connection;
    private final Conversation conversation;
    private final Id128 remoteBootId;

    /** Of answers to packets that come after the end, and to repeated flights 3; null before the first. */
    private @Nullable RateLimit answers;

    private ConnectionState state = ConnectionState.UNCONFIRMED;
    private int lingerLeft;
    private long lingerStep;
    private @Nullable CloseFrame closeFrame;
    private CloseReason reason = CloseReason.NORMAL;
    private boolean orderly;

    Lifecycle(Connection connection, Conversation conversation, Id128 remoteBootId) {
        this.connection = connection;
        this.conversation = conversation;
        this.remoteBootId = remoteBootId;
    }

    ConnectionState state() {
        return state;
    }

    /** Whether an answer may go out that the peer can provoke as often as it likes. */
    boolean mayAnswer(long now) {
        RateLimit limit = answers;
        if (limit == null) {
            limit = new RateLimit(1);
            answers = limit;
        }
        return limit.tryPass(now);
    }

    /** The peer has the keys. */
    void open() {
        state = ConnectionState.OPEN;
        conversation.sessionStarted(connection, remoteBootId);
        connection.issueIds();
    }

    /** An authentic packet came; false if its frames are not to be acted on. */
    boolean onAuthentic(long now) {
        switch (state) {
            case UNCONFIRMED -> {
                connection.output(new Output.Confirmed());
                open();
                return true;
            }
            case OPEN -> {
                return true;
            }
            default -> {
                return false;
            }
        }
    }

    /** An authentic packet came after the end, with a CLOSE or without. */
    void onStraggler(boolean isClose, long now) {
        final CloseFrame frame = closeFrame;
        if (state != ConnectionState.CLOSING || frame == null) {
            return;
        }
        if (isClose) {
            state = ConnectionState.DRAINING; // both closed: no answer any more
        } else if (mayAnswer(now)) {
            connection.sender().sendClose(frame, now);
        }
    }

    /** CLOSE came while the connection was open. */
    void onClose(CloseFrame frame, long now) {
        leave(reasonOf(frame.closeCode()), true, true, frame.reason());
        linger(ConnectionState.DRAINING, now);
    }

    /** We close, for whatever reason; does nothing after the end. */
    void close(CloseCode code, String text, long now) {
        if (!state.isLive()) {
            return;
        }
        final boolean silent = state == ConnectionState.UNCONFIRMED;
        leave(reasonOf(code), true, false, text);
        if (silent) {
            forget();
            return;
        }
        final CloseFrame frame = CloseFrame.of(code, text);
        closeFrame = frame;
        linger(ConnectionState.CLOSING, now);
        mayAnswer(now); // the CLOSE counts as an answer
        connection.sender().sendClose(frame, now);
    }

    /** Nothing came for the idle time. */
    void timeOut() {
        if (state.isLive()) {
            leave(CloseReason.TIMED_OUT, false, false, "");
            forget();
        }
    }

    /** Another connection took over. */
    void supersede(long now) {
        if (!state.isLive()) {
            return;
        }
        final boolean silent = state == ConnectionState.UNCONFIRMED;
        leave(CloseReason.REPLACED, true, false, "");
        if (silent) {
            forget();
        } else {
            linger(ConnectionState.FADING, now);
        }
    }

    /** Ends at once. */
    void dispose() {
        if (state.isLive()) {
            leave(CloseReason.SHUTDOWN, true, false, "");
        }
        if (state != ConnectionState.CLOSED) {
            forget();
        }
    }

    /** No straggler can come any more. */
    private void forget() {
        state = ConnectionState.CLOSED;
        connection.timers().clearAll();
        connection.rekeying().close();
        connection.keys().close();
        connection.output(new Output.Closed(reason, orderly));
    }

    /** Over for the application and the conversation. */
    private void leave(CloseReason why, boolean inOrder, boolean byPeer, String text) {
        reason = why;
        orderly = inOrder;
        if (state == ConnectionState.OPEN) {
            conversation.sessionEnded(connection);
        }
        connection.output(new Output.Ending(why, inOrder, byPeer, text));
    }

    private void linger(ConnectionState last, long now) {
        state = last;
        lingerLeft = LINGER_PROBES;
        lingerStep = connection.paths().primary().recovery().rtt().probeTimeout();
        connection.timers().clearAll();
        connection.timers().set(Timer.CLOSE, now + lingerStep);
    }

    /** A further probe timeout of the end has passed. CLOSE is never acknowledged, so it goes out once in each. */
    void onCloseTimer(long now) {
        lingerLeft--;
        if (lingerLeft == 0) {
            forget();
            return;
        }
        connection.timers().set(Timer.CLOSE, now + lingerStep);
        final CloseFrame frame = closeFrame;
        if (state == ConnectionState.CLOSING && frame != null) {
            connection.sender().sendClose(frame, now);
        }
    }

    private static CloseReason reasonOf(CloseCode code) {
        return switch (code) {
            case NORMAL -> CloseReason.NORMAL;
            case REFUSED -> CloseReason.REFUSED;
            case SHUTDOWN -> CloseReason.SHUTDOWN;
            case PROTOCOL_VIOLATION, UNKNOWN_FRAME, FLOW_CONTROL -> CloseReason.PROTOCOL_VIOLATION;
            case KEY_LIMIT -> CloseReason.KEY_LIMIT;
            case EXPIRED -> CloseReason.EXPIRED;
            case INTERNAL -> CloseReason.INTERNAL;
            case OTHER -> CloseReason.OTHER;
        };
    }
}
