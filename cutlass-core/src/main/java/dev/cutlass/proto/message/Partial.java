package dev.cutlass.proto.message;

import dev.cutlass.event.Message;
import dev.cutlass.wire.MessageFrame;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * A message being put together, or whole and waiting for those before it. Memory: its total and an eighth, which flow
 * control counted when it was started, however it is cut.
 */
final class Partial {
    private final byte[] body;

    /** Bytes that came; null when all did. */
    private @Nullable BitSet present;

    private int missing;
    private long lastProgress;

    /** The decoded message once somebody looked at it. */
    @Nullable
    Inbound inbound;

    Partial(int total, long now) {
        body = new byte[total];
        present = null;
        missing = total;
        lastProgress = now;
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
        final int size = fragment.data().length();
        if (fragment.total() != body.length || isComplete()) {
            return;
        }
        if (size == body.length && present == null) {
            fragment.data().copyTo(0, body, 0, size);
            missing = 0;
            return;
        }
        BitSet bytes = present;
        if (bytes == null) {
            bytes = new BitSet(body.length);
            present = bytes;
        }
        final int end = fragment.offset() + size;
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
        if (missing == 0) {
            present = null;
        }
    }

    @Nullable
    Message decode(Inbox inbox, long channel, long number, String likelyType) {
        return MessageCodec.decode(body, inbox.idOf(channel, number), likelyType);
    }
}
