package dev.cutlass.proto.message;

import dev.cutlass.proto.recovery.Deadlines;
import dev.cutlass.wire.Id128;
import dev.cutlass.wire.MessageClass;
import dev.cutlass.wire.MessageFrame;
import dev.cutlass.wire.ReceiptFrame;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All messages between us and one peer, in both directions, while our engine lives. Connections ("sessions" here: any
 * object that identifies one) come and go; what was in flight on one that ended is sent again on the next. docs/protocol.md
 * sections 5.1 and 5.2.
 *
 * <pre>
 * offer -> waits -> in flight on a session -> settled: delivered, refused or abandoned -> pollSettled
 *            ^              |
 *            +-- session ends
 *
 * fragments -> put together -> next of its channel: peekDeliverable -> accept or refuse -> receipt
 * </pre>
 *
 * <p>Every message that {@link #offer} took is delivered once and in order to a receiver that lives on; a receiver that was
 * restarted may see those again whose receipts did not get through. Memory is bounded by {@link ConversationLimits} and
 * by the window of the connection. Methods that name a session that did not start or has ended do nothing.
 *
 * <p>This is what there is of class {@link MessageClass#MESSAGES}. {@link #of} has the part for bulk, a conversation of its own: with other channels, and an outbox and bounds
 * of its own. It comes into being with the first channel of that class and hears of sessions, time and rest through this one.
 */
public final class Conversation {
    /** What {@link #onMessage} answers when the peer keeps more under way than any window allows: close the connection. */
    public static final int VIOLATION = -1;

    /**
     * After so long without a new byte a message that is not whole is forgotten. A sender repeats what got lost within a
     * few probe timeouts, so only one that breaks the rules leaves any.
     */
    static final long STUCK_NANOS = 120_000_000_000L;

    private final ConversationLimits limits;
    private final Outbox outbox;
    private final Inboxes inboxes = new Inboxes();
    private final List<SessionState> sessions = new ArrayList<>(1);
    private long stuckCheck = Deadlines.NONE;
    private @Nullable Conversation bulk;

    public Conversation(ConversationLimits limits) {
        this(limits, 0);
    }

    /** @param firstNumber of what we send: above that of every earlier conversation with this peer in this run of the engine */
    public Conversation(ConversationLimits limits, long firstNumber) {
        this.limits = limits;
        this.outbox = new Outbox(limits, firstNumber);
    }

    /** What came in earlier lives of ours. */
    @FunctionalInterface
    public interface Memory {
        /** Numbers of channel 0 that are settled, in ranges: the first and the last one in turn, ascending and apart. */
        long[] settled(Id128 remoteBootId);
    }

    /** Before the first session: messages come another way, too. */
    public void memory(Memory ofEarlierLives) {
        inboxes.memory(ofEarlierLives);
    }

    /** The part of a class of messages; made when it is first asked for. Of the conversation of a peer, not of a part. */
    public Conversation of(MessageClass messageClass) {
        if (messageClass == MessageClass.MESSAGES) {
            return this;
        }
        Conversation part = bulk;
        if (part == null) {
            part = new Conversation(limits, nextNumber());
            for (SessionState session : sessions) {
                part.sessionStarted(session.key, session.inbox.bootId());
            }
            bulk = part;
        }
        return part;
    }

    /** The part for bulk; null while there was none. */
    public @Nullable Conversation bulk() {
        return bulk;
    }

    /** Whether messages of any class are not settled. */
    public boolean isAnythingQueued() {
        return queued() > 0 || (bulk != null && bulk.queued() > 0);
    }

    // The application's side.

    /**
     * Takes a message to send.
     *
     * @param encodedMessage as {@link MessageCodec#encode} answered it; left alone by the caller from now on
     * @return null if the outbox is full
     */
    public @Nullable Outgoing offer(long channel, byte[] encodedMessage) {
        if (encodedMessage.length < 1 || encodedMessage.length > MessageFrame.MAX_TOTAL) {
            throw new IllegalArgumentException("message of " + encodedMessage.length + " bytes");
        }
        return outbox.offer(channel, encodedMessage);
    }

    /** Where the next conversation with this peer would start: see the constructor. */
    public long nextNumber() {
        return bulk == null ? outbox.nextNumber() : Math.max(outbox.nextNumber(), bulk.nextNumber());
    }

    /** A channel is over: what was sent over it and has no receipt is settled as refused. Not for channel 0. */
    public void dropChannel(long channel) {
        outbox.dropChannel(channel);
    }

    /** Gives a message up: it is settled now. If it was under way already it may arrive all the same. */
    public void abandon(Outgoing message) {
        outbox.abandon(message);
    }

    /** Messages that are not settled. */
    public int queued() {
        return outbox.queued();
    }

    /** Their cost: bytes and {@link ConversationLimits#OVERHEAD} each. */
    public long queuedBytes() {
        return outbox.queuedBytes();
    }

    /** The next message that was settled, or null; each comes once. */
    public @Nullable Outgoing pollSettled() {
        return outbox.pollSettled();
    }

    /** The next message for the application, or null. It stays until it is accepted or refused. */
    public @Nullable Inbound peekDeliverable() {
        return inboxes.peek();
    }

    /** The handler queue has it: its sender gets a receipt. False if its sender gave it up meanwhile. */
    public boolean accept(Inbound message) {
        return message.inbox().settle(message, ReceiptFrame.ACCEPTED);
    }

    /**
     * We do not want it: its sender is told.
     *
     * @param code of {@link ReceiptFrame}, not {@link ReceiptFrame#ACCEPTED}
     * @return false if its sender gave it up meanwhile
     */
    public boolean refuse(Inbound message, long code) {
        if (code == ReceiptFrame.ACCEPTED) {
            throw new IllegalArgumentException("code " + code + " is no refusal");
        }
        return message.inbox().settle(message, code);
    }

    // What goes, or comes, another way than over connections: messages of channel 0. docs/offline.md.

    /** Messages of channel 0 whose outcome is not known, in order. */
    public List<Outgoing> unsettled() {
        return outbox.unsettled(0);
    }

    /** The peer has it, from elsewhere. */
    public void deliveredElsewhere(Outgoing message) {
        outbox.deliveredElsewhere(message);
    }

    /**
     * How a message stands that came another way.
     *
     * @param base below it nothing was unsettled when its sender let it go
     */
    public Arrival standing(Id128 remoteBootId, long number, long base) {
        return inboxes.heardOf(remoteBootId).standing(number, base);
    }

    /** The handler queue has such a message; not one that is {@link Arrival#SETTLED} or {@link Arrival#HERE}. */
    public void acceptElsewhere(Id128 remoteBootId, long number, long base) {
        inboxes.heardOf(remoteBootId).settleElsewhere(number, base);
    }

    // The connection's side.

    /** A connection was confirmed. Its peer's boot id chooses what was received before. */
    public void sessionStarted(Object session, Id128 remoteBootId) {
        if (find(session) != null) {
            throw new IllegalStateException("the session started already");
        }
        sessions.add(new SessionState(session, inboxes.sessionStarted(remoteBootId)));
        if (bulk != null) {
            bulk.sessionStarted(session, remoteBootId);
        }
    }

    /** A connection is over: what was in flight there and has no receipt goes out again on the next. */
    public void sessionEnded(Object session) {
        if (bulk != null) {
            bulk.sessionEnded(session);
        }
        final SessionState ended = find(session);
        if (ended == null) {
            return;
        }
        sessions.remove(ended);
        outbox.sessionEnded(ended);
        ended.inbox.sessions--;
        // what was not started on another connection its sender starts anew, or never
        ended.inbox.dropUndeliverable((channel, number) -> isStartedByPeer(ended.inbox, channel, number));
    }

    private boolean isStartedByPeer(Inbox inbox, long channel, long number) {
        for (SessionState state : sessions) {
            if (state.inbox == inbox && state.wasStartedByPeer(channel, number)) {
                return true;
            }
        }
        return false;
    }

    /** Messages may go over this channel of the connection; over 0 they always may. */
    public void channelOpened(Object session, long channel) {
        final SessionState state = find(session);
        if (state != null) {
            state.open(channel);
        }
    }

    /** Gives back the memory that traffic took; for conversations at rest. */
    public void trim() {
        outbox.trim();
        inboxes.trim();
        sessions.forEach(session -> session.resend.trim());
        if (bulk != null) {
            bulk.trim();
        }
    }

    private @Nullable SessionState find(Object session) {
        for (int i = 0; i < sessions.size(); i++) { // without an iterator: every frame comes by here
            if (sessions.get(i).key == session) {
                return sessions.get(i);
            }
        }
        return null;
    }

    /** Whether {@link #nextReceipt} or {@link #nextFragment} has something. */
    public boolean hasSomethingFor(Object session, long limit) {
        final SessionState state = find(session);
        return state != null && (state.inbox.hasReceipts() || outbox.hasSomethingFor(state, limit));
    }

    /** Whether all that {@link #nextReceipt} and {@link #nextFragment} would give is fresh messages of fewer than {@code room} bytes. */
    public boolean isShort(Object session, int room) {
        final SessionState state = find(session);
        return state == null
                || (!state.inbox.hasReceipts() && !outbox.hasLost(state) && outbox.freshBytes(state) < room);
    }

    /**
     * The next fragment to send; it counts as in flight until it is reported acknowledged or lost.
     *
     * @param limit the peer's limit of class 0 on this connection, as its LIMITS frames told it
     * @param maxFrameLength bytes that the frame may take
     * @param into is the fragment from now on; points to the message, so the caller lets it {@link MessageFrame#forget} what it was
     * @return {@code into}; null if nothing waits, the limit is reached, or the room is too small
     */
    public @Nullable MessageFrame nextFragment(Object session, long limit, int maxFrameLength, MessageFrame into) {
        final SessionState state = find(session);
        return state == null ? null : outbox.nextFragment(state, limit, maxFrameLength, into);
    }

    /** A packet with a fragment of this message was acknowledged; {@code back} as it said. */
    public void onFragmentAcked(Object session, long channel, long number, long back) {
        final SessionState state = find(session);
        if (state != null) {
            outbox.onFragmentAcked(state, channel, number, back);
        }
    }

    /** A packet with a fragment was lost: {@code length} bytes of this message go out again. */
    public void onFragmentLost(Object session, long channel, long number, int offset, int length) {
        final SessionState state = find(session);
        if (state != null) {
            outbox.onFragmentLost(state, channel, number, offset, length);
        }
    }

    /** The next receipt to send, which {@code into} is from now on; null if none waits. */
    public @Nullable ReceiptFrame nextReceipt(Object session, ReceiptFrame into) {
        final SessionState state = find(session);
        return state == null ? null : state.inbox.pollReceipt(into);
    }

    /** A packet with the receipt was lost: it goes out again. */
    public void onReceiptLost(Object session, ReceiptFrame receipt) {
        final SessionState state = find(session);
        if (state != null) {
            state.inbox.receipts().repeat(receipt);
        }
    }

    /** The peer tells what became of messages. Such as it cannot have are ignored. */
    public void onReceipt(Object session, ReceiptFrame receipt) {
        final SessionState state = find(session);
        if (state != null) {
            outbox.onReceipt(state, receipt);
        }
    }

    /**
     * A fragment came, on a channel that is open.
     *
     * @return what the peer started on this connection with it, as flow control counts: {@code total + 64} for the first
     *     fragment of a message there, 0 for others; {@link #VIOLATION} if the connection must be closed
     */
    public int onMessage(Object session, MessageFrame fragment, long now) {
        final SessionState state = find(session);
        if (state == null) {
            return 0;
        }
        final int started = startedBy(state, fragment);
        state.inbox.receive(fragment, now);
        if (state.inbox.hasIncomplete() && stuckCheck == Deadlines.NONE) {
            stuckCheck = now + STUCK_NANOS;
        }
        if (heldBytes() > limits.maxHeldBytes()) {
            return VIOLATION;
        }
        return started;
    }

    /** Both sides must count the same. */
    private static int startedBy(SessionState state, MessageFrame fragment) {
        return state.isNewlyStarted(fragment.channel(), fragment.number(), fragment.back())
                ? ConversationLimits.cost(fragment.total())
                : 0;
    }

    /**
     * A fragment came on a channel that is not open. It is answered and not kept.
     *
     * @return as {@link #onMessage}, but no violation
     */
    public int refuseUnknownChannel(Object session, MessageFrame fragment) {
        final SessionState state = find(session);
        if (state == null) {
            return 0;
        }
        state.inbox.refuse(fragment, ReceiptFrame.NO_SUCH_CHANNEL);
        return startedBy(state, fragment);
    }

    /**
     * Cost of the messages that the peer started and that are neither accepted nor refused. A new limit for the peer is
     * what it started on the connection + window - this.
     */
    public long heldBytes() {
        return inboxes.held();
    }

    /** Likewise, of one class; makes nothing. */
    public long heldBytes(MessageClass messageClass) {
        if (messageClass == MessageClass.MESSAGES) {
            return heldBytes();
        }
        return bulk == null ? 0 : bulk.heldBytes();
    }

    /** How many messages {@link #heldBytes} counts. */
    public int heldMessages() {
        return inboxes.heldMessages();
    }

    /** When {@link #handleTimeout} is due; {@link Deadlines#NONE} if there is nothing to wait for. */
    public long nextDeadline() {
        return bulk == null ? stuckCheck : Math.min(stuckCheck, bulk.stuckCheck);
    }

    /** Forgets messages that got stuck. Early or repeated calls do nothing. */
    public void handleTimeout(long now) {
        if (bulk != null) {
            bulk.handleTimeout(now);
        }
        if (now < stuckCheck) {
            return;
        }
        stuckCheck = inboxes.dropIncomplete(now - STUCK_NANOS) ? now + STUCK_NANOS : Deadlines.NONE;
    }
}
