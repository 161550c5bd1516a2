package dev.cutlass.proto.message;

import dev.cutlass.wire.MessageFrame;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** A message on its way out, from {@link Conversation#offer} until it is settled. */
public final class Outgoing {
    private final long channel;
    private final long number;

    /** Place among all messages of the conversation: they are sent in the order in which they were offered. */
    final long order;

    private final byte[] encoded;
    private @Nullable Object attachment;

    /** The connection on which it was started, if it is in flight. */
    @Nullable
    SessionState session;

    /** How many connections it was started on. */
    private int starts;

    /** First byte that was not sent on this connection yet. */
    private int sent;

    /** Lost parts of this connection, from and to in turn; disjoint. */
    private @Nullable ArrayDeque<int[]> lost;

    private boolean everSent;
    private boolean acked;

    /** Its outcome, as the application hears it; null while it is not settled. */
    private @Nullable Outcome outcome;

    private long code;

    /** A receipt came. */
    private boolean answered;

    /** Nothing of it is needed any more. */
    private boolean released;

    Outgoing(long channel, long number, long order, byte[] encoded) {
        this.channel = channel;
        this.number = number;
        this.order = order;
        this.encoded = encoded;
    }

    public long channel() {
        return channel;
    }

    public long number() {
        return number;
    }

    /** Bytes of the encoded message. */
    public int total() {
        return encoded.length;
    }

    /** All of it, as it was offered. */
    public byte[] encoded() {
        return encoded.clone();
    }

    /** Whether all of it left at least once, by whichever way: the state "sent". */
    public boolean isSent() {
        return everSent;
    }

    /** All of it left another way. */
    public void sentElsewhere() {
        everSent = true;
    }

    /** Whether its outcome is known, or it was abandoned. */
    public boolean isSettled() {
        return outcome != null;
    }

    /** What became of it; null while it is not settled. */
    public @Nullable Outcome outcome() {
        return outcome;
    }

    /** Of the peer's RECEIPT if it refused, else 0. */
    public long code() {
        return code;
    }

    /** What the caller put there: its future. */
    public @Nullable Object attachment() {
        return attachment;
    }

    public void attach(Object value) {
        attachment = value;
    }

    boolean isReleased() {
        return released;
    }

    /** Only {@link OpenMessages} lets go of it. */
    void release() {
        released = true;
    }

    boolean wasStarted() {
        return starts > 0;
    }

    boolean isAnswered() {
        return answered;
    }

    void answer() {
        answered = true;
    }

    /**
     * Whether nothing of it is needed any more: there is a receipt, and the peer surely counted it as started on its
     * present connection.
     */
    boolean isOver() {
        return answered && (acked || starts == 1 || session == null);
    }

    void start(SessionState on) {
        session = on;
        starts++;
        sent = 0;
        lost = null;
        acked = false;
    }

    void settle(Outcome became, long why) {
        outcome = became;
        code = why;
    }

    boolean isAllSent() {
        return sent == encoded.length;
    }

    int unsentBytes() {
        return encoded.length - sent;
    }

    boolean hasLost() {
        return lost != null && !lost.isEmpty();
    }

    void onAcked() {
        acked = true;
    }

    /** A part has to go again; of a message that has its receipt one byte will do, so that the peer counts it. */
    void onLost(int from, int length) {
        if (answered) {
            lost = null;
            addLost(from, from + 1);
        } else {
            addLost(from, from + length);
        }
    }

    /** One byte goes again, to carry a new {@code back}. */
    void repeat() {
        addLost(0, 1);
    }

    private void addLost(int from, int to) {
        ArrayDeque<int[]> parts = lost;
        if (parts == null) {
            parts = new ArrayDeque<>(2);
            lost = parts;
        }
        parts.add(new int[] {from, to});
    }

    /** The next lost part, as much of it as fits, which is {@code frame} from now on; null if none fits. */
    @Nullable
    MessageFrame cutLost(long back, int maxFrameLength, MessageFrame frame) {
        final ArrayDeque<int[]> parts = lost;
        final int[] part = parts == null ? null : parts.peek();
        if (parts == null || part == null) {
            return null;
        }
        if (!cut(back, part[0], part[1], maxFrameLength, frame)) {
            return null;
        }
        part[0] += frame.data().length();
        if (part[0] == part[1]) {
            parts.remove();
        }
        return frame;
    }

    /** Likewise the next part that was never sent on this connection. */
    @Nullable
    MessageFrame cutFresh(long back, int maxFrameLength, MessageFrame frame) {
        if (!cut(back, sent, encoded.length, maxFrameLength, frame)) {
            return null;
        }
        sent += frame.data().length();
        everSent |= isAllSent();
        return frame;
    }

    private boolean cut(long back, int from, int to, int maxFrameLength, MessageFrame frame) {
        final int room = MessageFrame.roomForData(channel, number, back, encoded.length, from, maxFrameLength);
        final int size = Math.min(room, to - from);
        if (size == 0) {
            return false;
        }
        frame.fill(channel, number, back, encoded, from, size);
        return true;
    }

    /** Without the content. */
    @Override
    public String toString() {
        return "Outgoing[" + channel + "/" + number + ", " + encoded.length + " bytes]";
    }
}
