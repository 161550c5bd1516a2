package dev.cutlass.proto.message;

import dev.cutlass.event.Message;
import dev.cutlass.wire.MessageFrame;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * A message of the peer: being put together, whole and waiting for those before it, or the next of its channel until {@link Conversation#accept} or {@code refuse}. Who accepted or refused it
 * lets go of it: the object serves for another message afterwards. What {@link #message} answered stays what it is.
 *
 * <p>Memory: its total and an eighth, which flow control counted when it was started, however it is cut.
 */
public final class Inbound {
    private static final byte[] NOTHING = {};

    private final Inbox inbox;
    private @Nullable InboundChannel channel;
    private long number;
    private byte[] body = NOTHING;

    /** So many bytes from the beginning came. */
    private int prefix;

    /** Bytes that came; null while all that came are the prefix, which is the usual case, or all did. */
    private @Nullable BitSet present;

    private int missing;
    private long lastProgress;

    /** The decoded message once somebody looked at it. */
    private @Nullable Message message;

    /** The next one of {@link SpareInbound}. */
    @Nullable
    Inbound nextSpare;

    Inbound(Inbox inbox) {
        this.inbox = inbox;
    }

    /** Begins to be another message. */
    void begin(InboundChannel of, long newNumber, int total, long now) {
        channel = of;
        number = newNumber;
        body = new byte[total]; // what the application gets in the end
        prefix = 0;
        present = null;
        missing = total;
        lastProgress = now;
        message = null;
    }

    /** Keeps nothing alive. */
    void forget() {
        channel = null;
        number = -1;
        body = NOTHING;
        present = null;
        message = null;
    }

    int cost() {
        return ConversationLimits.cost(body.length);
    }

    boolean isComplete() {
        return missing == 0;
    }

    long lastProgress() {
        return lastProgress;
    }

    /** Takes over what is new; of bytes that came before the first count. A fragment with another total is left alone. */
    void add(MessageFrame fragment, long now) {
        if (fragment.total() != body.length || isComplete()) {
            return;
        }
        final int offset = fragment.offset();
        final int end = offset + fragment.data().length();
        if (present == null && offset > prefix) {
            final BitSet bytes = new BitSet(body.length);
            bytes.set(0, prefix);
            present = bytes;
        }
        if (present != null) {
            addScattered(present, fragment, end, now);
        } else if (end > prefix) {
            fragment.data().copyTo(prefix - offset, body, prefix, end - prefix);
            missing -= end - prefix;
            prefix = end;
            lastProgress = now;
        }
        if (missing == 0) {
            present = null;
        }
    }

    private void addScattered(BitSet bytes, MessageFrame fragment, int end, long now) {
        int from = bytes.nextClearBit(fragment.offset());
        while (from < end) {
            final int nextSet = bytes.nextSetBit(from);
            final int to = nextSet < 0 ? end : Math.min(nextSet, end);
            fragment.data().copyTo(from - fragment.offset(), body, from, to - from);
            bytes.set(from, to);
            missing -= to - from;
            lastProgress = now;
            from = bytes.nextClearBit(to);
        }
    }

    boolean isDecoded() {
        return message != null;
    }

    /**
     * Makes the message of what came; only when all did.
     *
     * @param likelyType see {@link MessageCodec#decode}
     * @return null if it is none
     */
    @Nullable
    Message decode(String likelyType) {
        message = MessageCodec.decode(body, inbox.idOf(channel(), number), likelyType);
        return message;
    }

    Inbox inbox() {
        return inbox;
    }

    /** Null if it is no message any more. */
    @Nullable
    InboundChannel source() {
        return channel;
    }

    public long channel() {
        return channel == null ? -1 : channel.number();
    }

    public long number() {
        return number;
    }

    /** With its stable id. */
    public Message message() {
        final Message decoded = message;
        if (decoded == null) {
            throw new IllegalStateException("was accepted or refused");
        }
        return decoded;
    }
}
