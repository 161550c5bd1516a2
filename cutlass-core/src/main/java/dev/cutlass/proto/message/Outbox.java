package dev.cutlass.proto.message;

import dev.cutlass.wire.MessageFrame;
import dev.cutlass.wire.ReceiptFrame;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The sending half of a conversation. A message waits in {@code fresh}, is started on one connection, and is settled by a
 * receipt or given up; if its connection ends first, it waits again.
 *
 * <p>All messages in flight are on one connection. Else two connections could both fill the receiver's window with
 * messages that wait for one that has no room.
 */
final class Outbox {
    /** Messages of one channel that are not released, by number. */
    private static final class Numbers {
        long next;
        final TreeMap<Long, Outgoing> open = new TreeMap<>();
    }

    private final ConversationLimits limits;
    private final Map<Long, Numbers> channels = new HashMap<>();

    /** Messages that are on no connection, in the order in which they were offered. */
    private final ArrayDeque<Outgoing> fresh = new ArrayDeque<>();

    private final ArrayDeque<Settled> settled = new ArrayDeque<>();
    private @Nullable SessionState active;
    private long nextOrder;
    private int queued;
    private long queuedBytes;

    Outbox(ConversationLimits limits) {
        this.limits = limits;
    }

    int queued() {
        return queued;
    }

    long queuedBytes() {
        return queuedBytes;
    }

    @Nullable
    Outgoing offer(long channel, byte[] encoded) {
        final int cost = ConversationLimits.cost(encoded.length);
        if (queued >= limits.maxQueued() || queuedBytes + cost > limits.maxQueuedBytes()) {
            return null;
        }
        final Numbers numbers = channels.computeIfAbsent(channel, c -> new Numbers());
        final Outgoing message = new Outgoing(channel, numbers.next++, nextOrder++, encoded);
        numbers.open.put(message.number(), message);
        fresh.add(message);
        queued++;
        queuedBytes += cost;
        return message;
    }

    void abandon(Outgoing message) {
        settle(message, Settled.Outcome.ABANDONED, ReceiptFrame.ACCEPTED);
    }

    boolean hasSomethingFor(SessionState session, long limit) {
        if (session.current != null || !session.resend.isEmpty()) {
            return true;
        }
        final Outgoing next = fresh.peek();
        return next != null && mayStart(next, session, limit);
    }

    @Nullable
    MessageFrame nextFragment(SessionState session, long limit, int maxFrameLength) {
        for (Outgoing again; (again = session.resend.peek()) != null; ) {
            if (again.hasLost()) {
                final MessageFrame frame = again.cutLost(back(again), maxFrameLength);
                if (!again.hasLost()) {
                    session.resend.remove();
                }
                return frame;
            }
            session.resend.remove();
        }
        Outgoing message = session.current;
        if (message == null) {
            message = fresh.peek();
            if (message == null
                    || !mayStart(message, session, limit)
                    || MessageFrame.roomForData(
                                    message.channel(),
                                    message.number(),
                                    back(message),
                                    message.total(),
                                    0,
                                    maxFrameLength)
                            == 0) {
                return null;
            }
            start(fresh.remove(), session);
        }
        final MessageFrame frame = message.cutFresh(back(message), maxFrameLength);
        session.current = message.isAllSent() ? null : message;
        return frame;
    }

    private boolean mayStart(Outgoing message, SessionState session, long limit) {
        return (active == null || active == session)
                && session.started + ConversationLimits.cost(message.total()) <= limit;
    }

    private void start(Outgoing message, SessionState session) {
        message.start(session);
        session.started += ConversationLimits.cost(message.total());
        session.inFlight++;
        active = session;
    }

    private long back(Outgoing message) {
        final Numbers numbers = channels.get(message.channel());
        return numbers == null ? 0 : message.number() - numbers.open.firstKey();
    }

    private @Nullable Outgoing find(SessionState session, MessageFrame fragment) {
        final Numbers numbers = channels.get(fragment.channel());
        final Outgoing message = numbers == null ? null : numbers.open.get(fragment.number());
        return message != null && message.session == session ? message : null;
    }

    void onFragmentAcked(SessionState session, MessageFrame fragment) {
        final Outgoing message = find(session, fragment);
        if (message != null) {
            message.onAcked();
            if (message.isSettled()) {
                release(message);
            }
        }
    }

    void onFragmentLost(SessionState session, MessageFrame fragment) {
        final Outgoing message = find(session, fragment);
        if (message != null) {
            final boolean waits = message.hasLost();
            message.onLost(fragment);
            if (!waits) {
                session.resend.add(message);
            }
        }
    }

    void onReceipt(ReceiptFrame receipt) {
        final Numbers numbers = channels.get(receipt.channel());
        if (numbers == null) {
            return;
        }
        final boolean accepted = receipt.code() == ReceiptFrame.ACCEPTED;
        final Settled.Outcome outcome = accepted ? Settled.Outcome.DELIVERED : Settled.Outcome.REFUSED;
        final List<Outgoing> named = new ArrayList<>();
        for (Outgoing message :
                numbers.open.subMap(receipt.first(), true, receipt.last(), true).values()) {
            if (!message.wasStarted()) {
                break; // nor were the later ones: the peer cannot have them
            }
            named.add(message);
        }
        for (Outgoing message : named) {
            settle(message, outcome, receipt.code());
        }
    }

    /**
     * Ends what the application waits for. The message itself stays until the peer surely counted it as started, for both
     * sides of a connection must count the same.
     */
    private void settle(Outgoing message, Settled.Outcome outcome, long code) {
        if (message.isSettled()) {
            return;
        }
        message.settle();
        settled.add(new Settled(message, outcome, code));
        queued--;
        queuedBytes -= ConversationLimits.cost(message.total());
        final SessionState session = message.session;
        if (session == null) {
            fresh.remove(message);
            release(message);
            return;
        }
        if (session.current == message) {
            session.current = null;
        }
        if (message.isKnownToPeer(outcome != Settled.Outcome.ABANDONED)) {
            release(message);
        }
    }

    private void release(Outgoing message) {
        final Numbers numbers = channels.get(message.channel());
        if (numbers != null) {
            numbers.open.remove(message.number());
        }
        final SessionState session = message.session;
        if (session != null) {
            session.resend.remove(message);
            leave(message, session);
        }
    }

    private void leave(Outgoing message, SessionState session) {
        message.session = null;
        session.inFlight--;
        if (session.inFlight == 0 && active == session) {
            active = null;
        }
    }

    /** What was in flight there and is not settled waits again, in its old place. */
    void sessionEnded(SessionState session) {
        final List<Outgoing> left = new ArrayList<>();
        for (Numbers numbers : channels.values()) {
            numbers.open.values().removeIf(message -> {
                if (message.session == session) {
                    left.add(message);
                }
                return message.session == session && message.isSettled();
            });
        }
        for (Outgoing message : left) {
            leave(message, session);
            if (!message.isSettled()) {
                fresh.add(message);
            }
        }
        session.current = null;
        session.resend.clear();
        final List<Outgoing> ordered = new ArrayList<>(fresh);
        ordered.sort(Comparator.comparingLong(message -> message.order));
        fresh.clear();
        fresh.addAll(ordered);
    }

    @Nullable
    Settled pollSettled() {
        return settled.poll();
    }
}
