package dev.cutlass;

import dev.cutlass.engine.ApplicationSide;
import dev.cutlass.engine.ChannelEntry;
import dev.cutlass.engine.EntryHandler;
import dev.cutlass.engine.PeerEntry;
import dev.cutlass.engine.file.FileService;
import dev.cutlass.engine.file.TransferEntry;
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

    private final @Nullable Consumer<FileOffer> onFileOffer;
    private final @Nullable Consumer<FileRequest> onFileRequest;

    /** Set once. Volatile: files may be used for the first time at any moment. */
    private volatile @Nullable FileService files;

    /** Set before the first thread starts, and never again. */
    private @Nullable ApplicationSide engine;

    Dispatcher(
            @Nullable BiConsumer<Peer, Message> onMessage,
            @Nullable Consumer<ConnectionRequest> onConnectionRequest,
            @Nullable Consumer<FileOffer> onFileOffer,
            @Nullable Consumer<FileRequest> onFileRequest,
            CutlassListener listener) {
        this.onMessage = onMessage;
        this.onConnectionRequest = onConnectionRequest;
        this.onFileOffer = onFileOffer;
        this.onFileRequest = onFileRequest;
        this.listener = listener;
    }

    void start(ApplicationSide running) {
        engine = running;
    }

    void files(FileService service) {
        files = service;
    }

    @Override
    public void accept(CutlassEvent event) {
        final ApplicationSide running = engine;
        if (running == null) {
            throw new AssertionError("an event before the start");
        }
        if (isOfService(event)) {
            return;
        }
        final FileService service = files;
        if (service != null) {
            service.onEvent(event);
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
        } else if (service != null && event instanceof CutlassEvent.FileOffered offered) {
            onFileOffered(running, service, offered);
        } else if (service != null && event instanceof CutlassEvent.FileRequested requested) {
            onFileRequested(running, service, requested);
        }
    }

    private void onFileOffered(ApplicationSide running, FileService service, CutlassEvent.FileOffered offered) {
        final PeerEntry peer = running.peer(offered.peer());
        final TransferEntry entry = service.find(offered.transfer());
        if (onFileOffer != null && peer != null && entry != null) {
            onFileOffer.accept(new FileOffer(service, entry, new Peer(running, peer), offered));
        }
    }

    private void onFileRequested(ApplicationSide running, FileService service, CutlassEvent.FileRequested requested) {
        final PeerEntry peer = running.peer(requested.peer());
        final TransferEntry entry = service.find(requested.transfer());
        if (onFileRequest != null && peer != null && entry != null) {
            onFileRequest.accept(new FileRequest(service, entry, new Peer(running, peer), requested.name()));
        }
    }

    /** Of a service of ours the application does not hear. */
    private static boolean isOfService(CutlassEvent event) {
        if (event instanceof CutlassEvent.ChannelMessageReceived received
                && received.channel() instanceof ChannelEntry entry
                && entry.attachment() instanceof EntryHandler handler) {
            handler.onMessage(entry, received.message());
            return true;
        }
        if (event instanceof CutlassEvent.ChannelOpened opened
                && opened.channel() instanceof ChannelEntry entry
                && entry.attachment() instanceof EntryHandler handler) {
            handler.onOpened(entry);
            return true;
        }
        if (event instanceof CutlassEvent.ChannelClosed closed
                && closed.channel() instanceof ChannelEntry entry
                && entry.attachment() instanceof EntryHandler handler) {
            handler.onClosed(entry, closed.why());
            return true;
        }
        return false;
    }

    private void onMessage(ApplicationSide running, CutlassEvent.MessageReceived received) {
        final PeerEntry entry = onMessage == null ? null : running.peer(received.peer());
        if (onMessage != null && entry != null) {
            onMessage.accept(new Peer(running, entry), received.message());
        }
    }
}
