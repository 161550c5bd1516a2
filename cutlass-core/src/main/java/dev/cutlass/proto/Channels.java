package dev.cutlass.proto;

import dev.cutlass.wire.ChannelKind;
import dev.cutlass.wire.MessageClass;
import dev.cutlass.wire.OpenFrame;
import dev.cutlass.wire.OpenedFrame;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The channels of a connection beside channel 0, which is always open: docs/protocol.md sections 5 and 5.1. */
final class Channels {
    /** Of each side; a further one of the peer is refused. */
    static final int MAX_PER_SIDE = 64;

    private enum State {
        ASKED,
        OPEN
    }

    private record Known(State state, MessageClass messageClass) {}

    /** What an OPEN of the peer turned out to be. */
    enum Asked {
        /** The application has to answer. */
        NEW,
        /** The application is deciding. */
        PENDING,
        /** It is open: the answer got lost. */
        REPEATED,
        TOO_MANY,
        KIND_NOT_SUPPORTED,
        /** Not a number that the peer may give, or one that stands for a channel of another class. */
        VIOLATION
    }

    private final boolean even;
    private @Nullable Map<Long, Known> own;
    private @Nullable Map<Long, Known> remote;

    /** @param even whether our channels have even numbers */
    Channels(boolean even) {
        this.even = even;
    }

    private boolean isOwn(long channel) {
        return (channel % 2 == 0) == even;
    }

    private @Nullable Known find(long channel) {
        final Map<Long, Known> side = isOwn(channel) ? own : remote;
        return side == null ? null : side.get(channel);
    }

    private static boolean is(@Nullable Known channel, State state) {
        return channel != null && channel.state == state;
    }

    /** Whether messages may go over it. */
    boolean isOpen(long channel) {
        return channel == 0 || is(find(channel), State.OPEN);
    }

    /** What its messages count as; those of channels that nobody knows are ordinary. */
    MessageClass classOf(long channel) {
        final Known known = channel == 0 ? null : find(channel);
        return known == null ? MessageClass.MESSAGES : known.messageClass;
    }

    /**
     * We ask for a channel.
     *
     * @throws IllegalArgumentException if its number is not ours to give, or we have {@link #MAX_PER_SIDE}
     */
    OpenFrame open(long channel, MessageClass messageClass, long version, String service) {
        if (channel <= 0 || !isOwn(channel)) {
            throw new IllegalArgumentException("channel " + channel + ": ours are " + (even ? "even" : "odd"));
        }
        Map<Long, Known> side = own;
        if (side == null) {
            side = new HashMap<>();
            own = side;
        }
        if (side.size() >= MAX_PER_SIDE && !side.containsKey(channel)) {
            throw new IllegalArgumentException("more than " + MAX_PER_SIDE + " channels");
        }
        final int kind = ChannelKind.ordered(messageClass).code();
        final OpenFrame frame = new OpenFrame(channel, kind, version, service);
        side.putIfAbsent(channel, new Known(State.ASKED, messageClass));
        return frame;
    }

    /** The peer answered; false if we did not ask. */
    boolean onOpened(OpenedFrame frame) {
        return settle(own, frame.channel(), frame.code());
    }

    private static boolean settle(@Nullable Map<Long, Known> side, long channel, long code) {
        final Known asked = side == null ? null : side.get(channel);
        if (side == null || asked == null || asked.state != State.ASKED) {
            return false;
        }
        if (code == OpenedFrame.ACCEPTED) {
            side.put(channel, new Known(State.OPEN, asked.messageClass));
        } else {
            side.remove(channel);
        }
        return true;
    }

    /** A message came over it, so the peer opened it if we had asked; true if that is news. */
    boolean onImplied(long channel) {
        return own != null && settle(own, channel, OpenedFrame.ACCEPTED);
    }

    /** The peer asks for a channel. */
    Asked onOpen(OpenFrame frame) {
        if (frame.channel() == 0 || isOwn(frame.channel())) {
            return Asked.VIOLATION;
        }
        final ChannelKind kind = ChannelKind.of(frame.kind());
        if (kind != ChannelKind.ORDERED && kind != ChannelKind.ORDERED_BULK) {
            return Asked.KIND_NOT_SUPPORTED;
        }
        final MessageClass messageClass = kind == ChannelKind.ORDERED ? MessageClass.MESSAGES : MessageClass.BULK;
        Map<Long, Known> side = remote;
        if (side == null) {
            side = new HashMap<>();
            remote = side;
        }
        final Known known = side.get(frame.channel());
        if (known != null) {
            if (known.messageClass != messageClass) {
                return Asked.VIOLATION;
            }
            return known.state == State.OPEN ? Asked.REPEATED : Asked.PENDING;
        }
        if (side.size() >= MAX_PER_SIDE) {
            return Asked.TOO_MANY;
        }
        side.put(frame.channel(), new Known(State.ASKED, messageClass));
        return Asked.NEW;
    }

    /** The application answers an OPEN of the peer; false if there is none to answer. */
    boolean answer(long channel, long code) {
        return settle(remote, channel, code);
    }
}
