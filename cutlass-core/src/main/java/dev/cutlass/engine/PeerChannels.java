package dev.cutlass.engine;

import dev.cutlass.event.ChannelEnd;
import dev.cutlass.event.ChannelState;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.Permission;
import dev.cutlass.proto.Output;
import dev.cutlass.wire.Id128;
import dev.cutlass.wire.MessageClass;
import dev.cutlass.wire.OpenedFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The channels with one peer beside the default one. Ours are opened again on every connection; the peer's live as long as its engine does, for it is the peer who
 * opens them again. All methods are called with the peer's lock held. docs/protocol.md section 5.1.
 */
final class PeerChannels {
    /** Of ours with one peer; the peer refuses more. */
    static final int MAX_OURS = 64;

    /** The services that this engine offers, and the application's handler of each. Any thread. */
    static final class Services {
        private final Map<ChannelEntry.Service, Object> offered = new ConcurrentHashMap<>();

        void offer(ChannelEntry.Service service, Object handler) {
            offered.put(service, handler);
        }

        void withdraw(ChannelEntry.Service service) {
            offered.remove(service);
        }

        @Nullable
        Object handler(ChannelEntry.Service service) {
            return offered.get(service);
        }
    }

    private final PeerEntry peer;
    private final List<ChannelEntry> channels = new ArrayList<>(1);
    private long nextOurs;
    private @Nullable Id128 remoteBootId;

    /** @param even whether channels that we open have even numbers */
    PeerChannels(PeerEntry peer, boolean even) {
        this.peer = peer;
        this.nextOurs = even ? 2 : 1;
    }

    boolean isEmptyLocked() {
        return channels.isEmpty();
    }

    List<ChannelEntry> allLocked() {
        return List.copyOf(channels);
    }

    @Nullable
    ChannelEntry findLocked(long number) {
        for (ChannelEntry channel : channels) {
            if (channel.number == number) {
                return channel;
            }
        }
        return null;
    }

    /** Ours with this service and class; it is opened if there is none. Null if there are {@link #MAX_OURS}. */
    @Nullable
    ChannelEntry openLocked(ChannelEntry.Service service, MessageClass of, Object handler, long now) {
        int ours = 0;
        for (ChannelEntry channel : channels) {
            if (!channel.byPeer()) {
                if (channel.spoken().equals(service) && channel.messageClass() == of) {
                    channel.attach(handler);
                    return channel;
                }
                ours++;
            }
        }
        if (ours >= MAX_OURS) {
            return null;
        }
        final ChannelEntry opened = new ChannelEntry(peer, nextOurs, service, of, false);
        nextOurs += 2;
        opened.attach(handler);
        channels.add(opened);
        final ConnectionEntry used = peer.current;
        if (used != null && used.channelsAsked) {
            ask(used, opened, now);
        } else if (used != null) {
            onMutualLocked(used, now);
        }
        return opened;
    }

    private static void ask(ConnectionEntry connection, ChannelEntry channel, long now) {
        connection.connection.open(channel.number, channel.messageClass(), channel.version(), channel.service(), now);
    }

    /** Messages may flow over a connection, perhaps: then ours are opened there. */
    void onMutualLocked(ConnectionEntry connection, long now) {
        if (connection.channelsAsked || !connection.isMutual()) {
            return;
        }
        connection.channelsAsked = true;
        meetLocked(connection.remoteBootId);
        for (ChannelEntry channel : channels) {
            if (!channel.byPeer()) {
                ask(connection, channel, now);
            }
        }
    }

    /** What the peer opened in an earlier run of its is over. */
    private void meetLocked(Id128 bootId) {
        if (remoteBootId != null && !remoteBootId.equals(bootId)) {
            for (ChannelEntry channel : allLocked()) {
                if (channel.byPeer()) {
                    endLocked(channel, ChannelEnd.PEER_RESTARTED);
                }
            }
        }
        remoteBootId = bootId;
    }

    /** The peer asks for a channel on a connection. */
    void onRequestedLocked(ConnectionEntry connection, Output.OpenRequested request, Services services, long now) {
        meetLocked(connection.remoteBootId);
        final ChannelEntry.Service service = new ChannelEntry.Service(request.service(), request.version());
        final Object handler = services.handler(service);
        final ChannelEntry known = findLocked(request.channel());
        final long code = answer(handler, known, service, request.messageClass());
        connection.connection.answerOpen(request.channel(), code, now);
        if (code != OpenedFrame.ACCEPTED || handler == null) {
            if (known != null) {
                endLocked(known, endOf(code));
            }
            return;
        }
        ChannelEntry channel = known;
        if (channel == null) {
            channel = new ChannelEntry(peer, request.channel(), service, request.messageClass(), true);
            channel.attach(handler);
            channels.add(channel);
        }
        openedLocked(channel);
    }

    /** A number stands for one service and class while the peer's engine lives. */
    private long answer(
            @Nullable Object handler, @Nullable ChannelEntry known, ChannelEntry.Service service, MessageClass of) {
        if (handler == null) {
            return OpenedFrame.UNKNOWN_SERVICE;
        }
        final boolean same = known == null || (known.spoken().equals(service) && known.messageClass() == of);
        return same && peer.permissions().allows(Permission.MESSAGE) ? OpenedFrame.ACCEPTED : OpenedFrame.NOT_PERMITTED;
    }

    /** The peer answered on the connection that is used. */
    void onAnsweredLocked(Output.OpenAnswered answer) {
        final ChannelEntry channel = findLocked(answer.channel());
        if (channel == null) {
            return;
        }
        if (answer.code() == OpenedFrame.ACCEPTED) {
            openedLocked(channel);
        } else {
            endLocked(channel, endOf(answer.code()));
        }
    }

    private void openedLocked(ChannelEntry channel) {
        channel.stateLocked(ChannelState.OPEN);
        if (!channel.reported) {
            channel.reported = true;
            peer.eventsLocked(channel.messageClass())
                    .offerNotice(new CutlassEvent.ChannelOpened(peer.id(), peer.nick(), channel));
        }
    }

    /** There is no connection. */
    void onLostLocked() {
        channels.forEach(channel -> channel.stateLocked(ChannelState.WAITING));
    }

    /** The peer is forgotten. */
    void endAllLocked() {
        allLocked().forEach(channel -> endLocked(channel, ChannelEnd.FORGOTTEN));
    }

    private void endLocked(ChannelEntry channel, ChannelEnd why) {
        channels.remove(channel);
        channel.stateLocked(ChannelState.CLOSED);
        peer.conversation.of(channel.messageClass()).dropChannel(channel.number);
        peer.eventsLocked(channel.messageClass())
                .offerNotice(new CutlassEvent.ChannelClosed(peer.id(), peer.nick(), channel, why));
    }

    private static ChannelEnd endOf(long code) {
        if (code == OpenedFrame.UNKNOWN_SERVICE) {
            return ChannelEnd.UNKNOWN_SERVICE;
        }
        if (code == OpenedFrame.NOT_PERMITTED) {
            return ChannelEnd.NOT_PERMITTED;
        }
        return code == OpenedFrame.KIND_NOT_SUPPORTED ? ChannelEnd.KIND_NOT_SUPPORTED : ChannelEnd.OTHER;
    }
}
