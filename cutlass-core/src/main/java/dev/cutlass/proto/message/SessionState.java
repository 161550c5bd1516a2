package dev.cutlass.proto.message;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What belongs to one connection of the peer and ends with it. */
final class SessionState {
    final Object key;
    final Inbox inbox;

    /** Sum of the costs of all messages that we started on it: docs/protocol.md section 5.2. */
    long started;

    /** Messages that were started on it and are not released. */
    int inFlight;

    /** The message of which not all was sent yet. */
    @Nullable
    Outgoing current;

    /** Messages with lost parts. */
    final ArrayDeque<Outgoing> resend = new ArrayDeque<>(0);

    /** Numbers that the peer started on it, by channel. */
    private final Map<Long, NumberSet> startedByPeer = new HashMap<>();

    SessionState(Object key, Inbox inbox) {
        this.key = key;
        this.inbox = inbox;
    }

    /** Whether a fragment is the first of its message on this connection. */
    boolean isNewlyStarted(long channel, long number, long back) {
        final NumberSet numbers = startedByPeer.computeIfAbsent(channel, c -> new NumberSet());
        numbers.raiseFloor(number - back);
        return numbers.add(number);
    }
}
