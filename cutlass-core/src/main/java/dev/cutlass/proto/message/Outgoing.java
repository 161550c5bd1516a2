package dev.cutlass.proto.message;

import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.MessageFrame;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** A message on its way out, from {@link Conversation#offer} until it is settled. */
public final class Outgoing {
    private final long channel;
    private final long number;

    /** Place among all messages of the conversation: they are sent in the order in which they were offered. */
    final long order;

    private final Bytes encoded;
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

    /** Its outcome is known to the application. */
    private boolean settled;

    /** A receipt came. */
    private boolean answered;

    /** Nothing of it is needed any more. */
    private boolean released;

    Outgoing(long channel, long number, long order, byte[] encoded) {
        this.channel = channel;
        this.number = number;
        this.order = order;
        this.encoded = Bytes.of(encoded);
    }

    public long channel() {
        return channel;
    }

    public long number() {
        return number;
    }

    /** Bytes of the encoded message. */
    public int total() {
        return encoded.length();
    }

    /** Whether all of it left at least once: the state "sent". */
    public boolean isSent() {
        return everSent;
    }

    /** Whether its outcome is known, or it was abandoned. */
    public boolean isSettled() {
        return settled;
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

    void settle() {
        settled = true;
    }

    boolean isAllSent() {
        return sent == encoded.length();
    }

    int unsentBytes() {
        return encoded.length() - sent;
    }

    boolean hasLost() {
        return lost != null && !lost.isEmpty();
    }

    void onAcked() {
        acked = true;
    }

    /** A part has to go again; of a message that has its receipt one byte will do, so that the peer counts it. */
    void onLost(MessageFrame fragment) {
        final int from = fragment.offset();
        if (answered) {
            lost = null;
            addLost(from, from + 1);
        } else {
            addLost(from, from + fragment.data().length());
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

    /** The next lost part, as much of it as fits; null if none fits. */
    @Nullable
    MessageFrame cutLost(long back, int maxFrameLength) {
        final ArrayDeque<int[]> parts = lost;
        final int[] part = parts == null ? null : parts.peek();
        if (parts == null || part == null) {
            return null;
        }
        final MessageFrame frame = cut(back, part[0], part[1], maxFrameLength);
        if (frame != null) {
            part[0] += frame.data().length();
            if (part[0] == part[1]) {
                parts.remove();
            }
        }
        return frame;
    }

    /** The next part that was never sent on this connection, as much as fits; null if none fits. */
    @Nullable
    MessageFrame cutFresh(long back, int maxFrameLength) {
        final MessageFrame frame = cut(back, sent, encoded.length(), maxFrameLength);
        if (frame != null) {
            sent += frame.data().length();
            everSent |= isAllSent();
        }
        return frame;
    }

    private @Nullable MessageFrame cut(long back, int from, int to, int maxFrameLength) {
        final int room = MessageFrame.roomForData(channel, number, back, encoded.length(), from, maxFrameLength);
        final int size = Math.min(room, to - from);
        return size == 0
                ? null
                : new MessageFrame(channel, number, back, encoded.length(), from, encoded.slice(from, size));
    }

    /** Without the content. */
    @Override
    public String toString() {
        return "Outgoing[" + channel + "/" + number + ", " + encoded.length() + " bytes]";
    }
}
