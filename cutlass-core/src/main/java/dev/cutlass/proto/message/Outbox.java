package dev.cutlass.proto.message;

import dev.cutlass.wire.MessageFrame;
import dev.cutlass.wire.ReceiptFrame;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sending half of a conversation. A message waits in {@code fresh}, is started on one connection, and is settled by a
 * receipt or given up; if its connection ends first, it waits again.
 *
 * <p>All messages in flight are on one connection. Else two connections could both fill the receiver's window with
 * messages that wait for one that has no room.
 */
final class Outbox {
    private final ConversationLimits limits;

    /** Few, and mostly one: looked through from the front. */
    private final List<Line> lines = new ArrayList<>(1);

    private final LazyQueue<Outgoing> settled = new LazyQueue<>();

    /** What is numbered anew starts here: no number of a channel that is over comes again. */
    private long firstNumber;

    private @Nullable SessionState active;
    private long nextOrder;
    private int queued;
    private long queuedBytes;

    Outbox(ConversationLimits limits, long firstNumber) {
        this.limits = limits;
        this.firstNumber = firstNumber;
    }

    /** Above every number that was given. */
    long nextNumber() {
        long next = firstNumber;
        for (Line line : lines) {
            next = Math.max(next, line.next);
        }
        return next;
    }

    private @Nullable Line line(long channel) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).channel == channel) {
                return lines.get(i);
            }
        }
        return null;
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
        Line line = line(channel);
        if (line == null) {
            line = new Line(channel, firstNumber);
            lines.add(line);
        }
        final Outgoing message = new Outgoing(channel, line.next++, nextOrder++, encoded);
        line.open.add(message);
        line.addFresh(message);
        queued++;
        queuedBytes += cost;
        return message;
    }

    /**
     * One that was never started is taken out. Others the peer may have, or have in part: they go on, so that it need not
     * wait for the rest, but their receipt interests nobody.
     */
    void abandon(Outgoing message) {
        settleHere(message, Outcome.ABANDONED);
    }

    /** The peer has it, from elsewhere; otherwise as {@link #abandon}. */
    void deliveredElsewhere(Outgoing message) {
        settleHere(message, Outcome.DELIVERED);
    }

    private void settleHere(Outgoing message, Outcome outcome) {
        if (message.isSettled()) {
            return;
        }
        settle(message, outcome, ReceiptFrame.ACCEPTED);
        if (!message.wasStarted()) {
            removeFresh(message);
            release(message);
        }
    }

    /**
     * A channel is over: all of it is settled. What is in flight goes on, as with {@link #abandon}; the rest is forgotten, for whoever opens
     * the channel anew learns from {@code back} where it starts.
     */
    void dropChannel(long channel) {
        final Line line = line(channel);
        if (line == null) {
            return;
        }
        for (Outgoing message : line.open.all()) {
            if (!message.isSettled()) {
                settle(message, Outcome.REFUSED, ReceiptFrame.NO_SUCH_CHANNEL);
            }
            if (message.session == null) {
                line.open.remove(message);
            }
        }
        line.clearFresh();
        line.over = true;
        firstNumber = Math.max(firstNumber, line.next);
        lines.removeIf(each -> each.over && each.open.isEmpty());
    }

    /** Those of a channel whose outcome is not known, in order. */
    List<Outgoing> unsettled(long channel) {
        final Line line = line(channel);
        return line == null
                ? List.of()
                : line.open.all().stream()
                        .filter(message -> !message.isSettled())
                        .toList();
    }

    private void removeFresh(Outgoing message) {
        final Line line = line(message.channel());
        if (line != null) {
            line.removeFresh(message);
        }
    }

    /** The oldest message that waits on a channel that is open there. */
    private @Nullable Outgoing nextFresh(SessionState session) {
        Outgoing oldest = null;
        for (int i = 0; i < lines.size(); i++) {
            final Outgoing first = lines.get(i).fresh.peek();
            if (first != null
                    && (oldest == null || first.order < oldest.order)
                    && session.isOpen(lines.get(i).channel)) {
                oldest = first;
            }
        }
        return oldest;
    }

    /**
     * Bytes that were never sent on this connection and wait for it; without what the frames around them take. Nothing that got lost is among them.
     */
    long freshBytes(SessionState session) {
        long bytes = session.current == null ? 0 : session.current.unsentBytes();
        for (int i = 0; i < lines.size(); i++) {
            if (session.isOpen(lines.get(i).channel)) {
                bytes += lines.get(i).freshBytes;
            }
        }
        return bytes;
    }

    /** Whether something has to be sent again. */
    boolean hasLost(SessionState session) {
        return !session.resend.isEmpty();
    }

    boolean hasSomethingFor(SessionState session, long limit) {
        if (session.current != null || !session.resend.isEmpty()) {
            return true;
        }
        final Outgoing next = nextFresh(session);
        return next != null && mayStart(next, session, limit);
    }

    @Nullable
    MessageFrame nextFragment(SessionState session, long limit, int maxFrameLength, MessageFrame into) {
        for (Outgoing again; (again = session.resend.peek()) != null; ) {
            if (again.hasLost()) {
                final MessageFrame frame = again.cutLost(back(again), maxFrameLength, into);
                if (!again.hasLost()) {
                    session.resend.remove();
                }
                return sent(session, frame);
            }
            session.resend.remove();
        }
        Outgoing message = session.current;
        if (message == null) {
            message = nextFresh(session);
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
            removeFresh(message);
            start(message, session);
        }
        final MessageFrame frame = message.cutFresh(back(message), maxFrameLength, into);
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
        final Line line = line(message.channel());
        final Outgoing lowest = line == null ? null : line.open.first();
        return lowest == null ? 0 : message.number() - lowest.number();
    }

    private @Nullable Outgoing find(SessionState session, long channel, long number) {
        final Line line = line(channel);
        final Outgoing message = line == null ? null : line.open.get(number);
        return message != null && message.session == session ? message : null;
    }

    void onFragmentAcked(SessionState session, long channel, long number, long back) {
        session.peerKnows(channel, number - back);
        final Outgoing message = find(session, channel, number);
        if (message != null) {
            message.onAcked();
            releaseIfOver(message);
        }
    }

    void onFragmentLost(SessionState session, long channel, long number, int offset, int length) {
        final Outgoing message = find(session, channel, number);
        if (message != null) {
            final boolean waits = message.hasLost();
            message.onLost(offset, length);
            if (!waits) {
                session.resend.add(message);
            }
        }
        session.onLost(channel);
        tellLowest(session, channel);
    }

    /**
     * The lowest number that is not settled rose over some that the peer has not heard of: given up before they were
     * started, or settled by an earlier life of the peer. If no fragment is due that says so, one is repeated.
     */
    private void tellLowest(SessionState session, long channel) {
        final Line line = line(channel);
        final Outgoing lowest = line == null ? null : line.open.first();
        if (lowest != null
                && lowest.session == session
                && lowest.isAllSent()
                && !lowest.hasLost()
                && session.mustTell(channel, lowest.number())) {
            lowest.repeat();
            session.resend.add(lowest);
        }
    }

    void onReceipt(SessionState session, ReceiptFrame receipt) {
        final Line line = line(receipt.channel());
        if (line == null) {
            return;
        }
        final boolean accepted = receipt.code() == ReceiptFrame.ACCEPTED;
        final Outcome outcome = accepted ? Outcome.DELIVERED : Outcome.REFUSED;
        if (receipt.code() != ReceiptFrame.NO_SUCH_CHANNEL) {
            session.peerKnows(receipt.channel(), receipt.last() + 1);
        }
        Outgoing message = line.open.from(receipt.first());
        // The first that was not started ends it: nor were the later ones, so the peer cannot have them.
        while (message != null && message.number() <= receipt.last() && message.wasStarted()) {
            answer(message); // it, and nothing but it, may be gone from there now
            if (!message.isSettled()) {
                settle(message, outcome, receipt.code());
            }
            message = line.open.from(message.number() + 1);
        }
    }

    /** A message stays until the peer surely counted it as started, for both sides of a connection must count the same. */
    private void answer(Outgoing message) {
        message.answer();
        final SessionState session = message.session;
        if (session == null) {
            removeFresh(message);
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
    private void settle(Outgoing message, Outcome outcome, long code) {
        message.settle(outcome, code);
        settled.add(message);
        queued--;
        queuedBytes -= ConversationLimits.cost(message.total());
    }

    private void release(Outgoing message) {
        final Line line = line(message.channel());
        if (line != null) {
            line.open.remove(message);
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
        for (Line line : lines) {
            for (Outgoing message : line.open.all()) {
                if (message.session == session) {
                    leave(message, session);
                    if (message.isAnswered() || line.over) {
                        line.open.remove(message);
                    }
                }
            }
            line.clearFresh();
            for (Outgoing message : line.open.all()) {
                if (message.session == null) {
                    line.addFresh(message);
                }
            }
        }
        lines.removeIf(line -> line.over && line.open.isEmpty());
        session.current = null;
        session.resend.clear();
    }

    /** Gives back the memory of queues. */
    void trim() {
        lines.forEach(Line::trim);
        settled.trim();
    }

    @Nullable
    Outgoing pollSettled() {
        return settled.poll();
    }
}
