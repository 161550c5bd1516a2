package dev.cutlass.proto;

import dev.cutlass.wire.ChannelKind;
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
        /** Not a number that the peer may give. */
        VIOLATION
    }

    private final boolean even;
    private @Nullable Map<Long, State> own;
    private @Nullable Map<Long, State> remote;

    /** @param even whether our channels have even numbers */
    Channels(boolean even) {
        this.even = even;
    }

    private boolean isOwn(long channel) {
        return (channel % 2 == 0) == even;
    }

    /** Whether messages may go over it. */
    boolean isOpen(long channel) {
        if (channel == 0) {
            return true;
        }
        final Map<Long, State> side = isOwn(channel) ? own : remote;
        return side != null && side.get(channel) == State.OPEN;
    }

    /**
     * We ask for a channel.
     *
     * @throws IllegalArgumentException if its number is not ours to give, or we have {@link #MAX_PER_SIDE}
     */
    OpenFrame open(long channel, long version, String service) {
        if (channel <= 0 || !isOwn(channel)) {
            throw new IllegalArgumentException("channel " + channel + ": ours are " + (even ? "even" : "odd"));
        }
        Map<Long, State> side = own;
        if (side == null) {
            side = new HashMap<>();
            own = side;
        }
        if (side.size() >= MAX_PER_SIDE && !side.containsKey(channel)) {
            throw new IllegalArgumentException("more than " + MAX_PER_SIDE + " channels");
        }
        final OpenFrame frame = new OpenFrame(channel, ChannelKind.ORDERED.code(), version, service);
        side.putIfAbsent(channel, State.ASKED);
        return frame;
    }

    /** The peer answered; false if we did not ask. */
    boolean onOpened(OpenedFrame frame) {
        final Map<Long, State> side = own;
        if (side == null || side.get(frame.channel()) != State.ASKED) {
            return false;
        }
        if (frame.code() == OpenedFrame.ACCEPTED) {
            side.put(frame.channel(), State.OPEN);
        } else {
            side.remove(frame.channel());
        }
        return true;
    }

    /** A message came over it, so the peer opened it if we had asked; true if that is news. */
    boolean onImplied(long channel) {
        final Map<Long, State> side = own;
        return side != null && side.replace(channel, State.ASKED, State.OPEN);
    }

    /** The peer asks for a channel. */
    Asked onOpen(OpenFrame frame) {
        if (frame.channel() == 0 || isOwn(frame.channel())) {
            return Asked.VIOLATION;
        }
        if (frame.kind() != ChannelKind.ORDERED.code()) {
            return Asked.KIND_NOT_SUPPORTED;
        }
        Map<Long, State> side = remote;
        if (side == null) {
            side = new HashMap<>();
            remote = side;
        }
        final State state = side.get(frame.channel());
        if (state != null) {
            return state == State.OPEN ? Asked.REPEATED : Asked.PENDING;
        }
        if (side.size() >= MAX_PER_SIDE) {
            return Asked.TOO_MANY;
        }
        side.put(frame.channel(), State.ASKED);
        return Asked.NEW;
    }

    /** The application answers an OPEN of the peer; false if there is none to answer. */
    boolean answer(long channel, long code) {
        final Map<Long, State> side = remote;
        if (side == null || side.get(channel) != State.ASKED) {
            return false;
        }
        if (code == OpenedFrame.ACCEPTED) {
            side.put(channel, State.OPEN);
        } else {
            side.remove(channel);
        }
        return true;
    }
}
