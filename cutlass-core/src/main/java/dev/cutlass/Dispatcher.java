package dev.cutlass;

import dev.cutlass.engine.ApplicationSide;
import dev.cutlass.engine.ChannelEntry;
import dev.cutlass.engine.PeerEntry;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.CutlassListener;
import dev.cutlass.event.Message;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Calls the handlers that the application set. On the handler executor. */
final class Dispatcher implements Consumer<CutlassEvent> {
    private final @Nullable BiConsumer<Peer, Message> onMessage;
    private final @Nullable Consumer<ConnectionRequest> onConnectionRequest;
    private final CutlassListener listener;

    /** Set before the first thread starts, and never again. */
    private @Nullable ApplicationSide engine;

    Dispatcher(
            @Nullable BiConsumer<Peer, Message> onMessage,
            @Nullable Consumer<ConnectionRequest> onConnectionRequest,
            CutlassListener listener) {
        this.onMessage = onMessage;
        this.onConnectionRequest = onConnectionRequest;
        this.listener = listener;
    }

    void start(ApplicationSide running) {
        engine = running;
    }

    @Override
    public void accept(CutlassEvent event) {
        final ApplicationSide running = engine;
        if (running == null) {
            throw new AssertionError("an event before the start");
        }
        listener.onEvent(event);
        event.dispatchTo(listener);
        if (event instanceof CutlassEvent.MessageReceived received) {
            onMessage(running, received);
        } else if (event instanceof CutlassEvent.ChannelMessageReceived received
                && received.channel() instanceof ChannelEntry entry
                && entry.attachment() instanceof ChannelHandler handler) {
            handler.onMessage(new Channel(running, entry), received.message());
        } else if (event instanceof CutlassEvent.ChannelOpened opened
                && opened.channel() instanceof ChannelEntry entry
                && entry.attachment() instanceof ChannelHandler handler) {
            handler.onOpened(new Channel(running, entry));
        } else if (event instanceof CutlassEvent.ChannelClosed closed
                && closed.channel() instanceof ChannelEntry entry
                && entry.attachment() instanceof ChannelHandler handler) {
            handler.onClosed(new Channel(running, entry), closed.why());
        } else if (onConnectionRequest != null && event instanceof CutlassEvent.ConnectionRequested requested) {
            onConnectionRequest.accept(new ConnectionRequest(running, requested));
        }
    }

    private void onMessage(ApplicationSide running, CutlassEvent.MessageReceived received) {
        final PeerEntry entry = onMessage == null ? null : running.peer(received.peer());
        if (onMessage != null && entry != null) {
            onMessage.accept(new Peer(running, entry), received.message());
        }
    }
}
