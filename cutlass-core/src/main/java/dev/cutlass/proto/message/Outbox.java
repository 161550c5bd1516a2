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
    private final ArrayDeque<Outgoing> fresh = new ArrayDeque<>(2);

    private final ArrayDeque<Settled> settled = new ArrayDeque<>(2);
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

    /**
     * One that was never started is taken out. Others the peer may have, or have in part: they go on, so that it need not
     * wait for the rest, but their receipt interests nobody.
     */
    void abandon(Outgoing message) {
        if (message.isSettled()) {
            return;
        }
        settle(message, Settled.Outcome.ABANDONED, ReceiptFrame.ACCEPTED);
        if (!message.wasStarted()) {
            fresh.remove(message);
            release(message);
        }
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
                return sent(session, frame);
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
        return sent(session, frame);
    }

    private static @Nullable MessageFrame sent(SessionState session, @Nullable MessageFrame frame) {
        if (frame != null) {
            session.onSent(frame);
        }
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
        session.onAcked(fragment);
        final Outgoing message = find(session, fragment);
        if (message != null) {
            message.onAcked();
            releaseIfOver(message);
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
        session.onLost(fragment);
        tellLowest(session, fragment.channel());
    }

    /**
     * The lowest number that is not settled rose over some that the peer has not heard of: given up before they were
     * started, or settled by an earlier life of the peer. If no fragment is due that says so, one is repeated.
     */
    private void tellLowest(SessionState session, long channel) {
        final Numbers numbers = channels.get(channel);
        if (numbers == null || numbers.open.isEmpty()) {
            return;
        }
        final Outgoing lowest = numbers.open.firstEntry().getValue();
        if (lowest.session == session
                && lowest.isAllSent()
                && !lowest.hasLost()
                && session.mustTell(channel, lowest.number())) {
            lowest.repeat();
            session.resend.add(lowest);
        }
    }

    void onReceipt(SessionState session, ReceiptFrame receipt) {
        final Numbers numbers = channels.get(receipt.channel());
        if (numbers == null) {
            return;
        }
        final boolean accepted = receipt.code() == ReceiptFrame.ACCEPTED;
        final Settled.Outcome outcome = accepted ? Settled.Outcome.DELIVERED : Settled.Outcome.REFUSED;
        if (receipt.code() != ReceiptFrame.NO_SUCH_CHANNEL) {
            session.peerKnows(receipt.channel(), receipt.last() + 1);
        }
        final List<Outgoing> named = new ArrayList<>();
        for (Outgoing message :
                numbers.open.subMap(receipt.first(), true, receipt.last(), true).values()) {
            if (!message.wasStarted()) {
                break; // nor were the later ones: the peer cannot have them
            }
            named.add(message);
        }
        for (Outgoing message : named) {
            answer(message);
            if (!message.isSettled()) {
                settle(message, outcome, receipt.code());
            }
        }
    }

    /** A message stays until the peer surely counted it as started, for both sides of a connection must count the same. */
    private void answer(Outgoing message) {
        message.answer();
        final SessionState session = message.session;
        if (session == null) {
            fresh.remove(message);
        } else if (session.current == message) {
            session.current = null;
        }
        releaseIfOver(message);
    }

    private void releaseIfOver(Outgoing message) {
        if (message.isOver()) {
            release(message);
        }
    }

    /** Ends what the application waits for. */
    private void settle(Outgoing message, Settled.Outcome outcome, long code) {
        message.settle();
        settled.add(new Settled(message, outcome, code));
        queued--;
        queuedBytes -= ConversationLimits.cost(message.total());
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
        final SessionState inUse = active;
        if (inUse != null) {
            tellLowest(inUse, message.channel());
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
                return message.session == session && message.isAnswered();
            });
        }
        for (Outgoing message : left) {
            leave(message, session);
            if (!message.isAnswered()) {
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
