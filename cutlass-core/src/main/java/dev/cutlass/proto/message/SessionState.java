package dev.cutlass.proto.message;

import dev.cutlass.wire.MessageFrame;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What belongs to one connection of the peer and ends with it. */
final class SessionState {
    final Object key;
    final Inbox inbox;

    /** Sum of the costs of all messages that we started on it: docs/protocol.md section 5.2. */
    long started;

    /** Messages that were started on it and are not released. */
    int inFlight;

    /** The message of which not all was sent yet. */
    @Nullable
    Outgoing current;

    /** Messages with lost parts. */
    final LazyQueue<Outgoing> resend = new LazyQueue<>();

    /** What the peer knows of our numbers, by channel. */
    private final ByChannel<Known> known = new ByChannel<>();

    /** Channels beside 0 over which messages may go. */
    private @Nullable Set<Long> open;

    /** Numbers that the peer started on it, by channel. */
    private final ByChannel<NumberSet> startedByPeer = new ByChannel<>();

    SessionState(Object key, Inbox inbox) {
        this.key = key;
        this.inbox = inbox;
    }

    /** Up to where the peer knows that it need not wait for anything of ours. */
    private static final class Known {
        /** From fragments that were acknowledged, and from receipts. */
        long surely;

        /** From fragments that were sent. */
        long told;
    }

    void open(long channel) {
        Set<Long> channels = open;
        if (channels == null) {
            channels = new HashSet<>(2);
            open = channels;
        }
        channels.add(channel);
    }

    boolean isOpen(long channel) {
        return channel == 0 || (open != null && open.contains(channel));
    }

    private Known known(long channel) {
        Known numbers = known.get(channel);
        if (numbers == null) {
            numbers = new Known();
            known.add(channel, numbers);
        }
        return numbers;
    }

    void onSent(MessageFrame fragment) {
        final Known numbers = known(fragment.channel());
        numbers.told = Math.max(numbers.told, fragment.number() - fragment.back());
    }

    /** A fragment was lost. */
    void onLost(long channel) {
        final Known numbers = known(channel);
        numbers.told = numbers.surely;
    }

    void peerKnows(long channel, long base) {
        final Known numbers = known(channel);
        numbers.surely = Math.max(numbers.surely, base);
    }

    /** Whether the peer may still wait for numbers below {@code lowest}, and nothing under way tells it otherwise. */
    boolean mustTell(long channel, long lowest) {
        final Known numbers = known(channel);
        return lowest > numbers.surely && lowest > numbers.told;
    }

    /** Whether the peer started this message on this connection. */
    boolean wasStartedByPeer(long channel, long number) {
        final NumberSet numbers = startedByPeer.get(channel);
        return numbers != null && numbers.contains(number);
    }

    /** Whether a fragment is the first of its message on this connection. */
    boolean isNewlyStarted(long channel, long number, long back) {
        NumberSet numbers = startedByPeer.get(channel);
        if (numbers == null) {
            if (startedByPeer.size() >= Inbox.MAX_CHANNELS) {
                return false; // it will be refused
            }
            numbers = new NumberSet();
            startedByPeer.add(channel, numbers);
        }
        numbers.raiseFloor(number - back);
        return numbers.add(number);
    }
}
