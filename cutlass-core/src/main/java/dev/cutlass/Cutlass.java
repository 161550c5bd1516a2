package dev.cutlass;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.engine.ApplicationSide;
import dev.cutlass.engine.DialTarget;
import dev.cutlass.engine.EngineConfig;
import dev.cutlass.engine.Handle;
import dev.cutlass.engine.file.FileService;
import dev.cutlass.event.ConnectFailedException;
import dev.cutlass.event.DropReason;
import dev.cutlass.event.Permissions;
import dev.cutlass.event.TrustPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One engine: one identity at one UDP port, talking with many peers. Made by {@link #builder}, ended by {@link #close}. Any thread; close it from wherever you like, a
 * handler included.
 */
public final class Cutlass implements AutoCloseable {
    private final Handle handle;
    private final ApplicationSide engine;
    private final Dispatcher dispatcher;

    /** Null until files are used for the first time. */
    private final AtomicReference<@Nullable FileService> files = new AtomicReference<>();

    /** Whoever uses files first opens them, the others wait for that. */
    private final AtomicReference<@Nullable CompletableFuture<FileService>> beginning = new AtomicReference<>();

    private Cutlass(Handle handle, Dispatcher dispatcher, @Nullable FileService files) {
        this.handle = handle;
        this.engine = handle.application();
        this.dispatcher = dispatcher;
        this.files.set(files);
    }

    /** Binds the port, and starts all parts in the order in which they need each other. */
    static Cutlass start(
            EngineConfig config,
            Dispatcher dispatcher,
            Map<CutlassBuilder.Service, ChannelHandler> services,
            @Nullable FileSettings files)
            throws IOException {
        final Handle handle = Handle.open(config);
        dispatcher.start(handle.application());
        services.forEach((service, handler) -> handle.application().offer(service.name(), service.version(), handler));
        final FileService service = files == null ? null : openFiles(handle, files);
        if (service != null) {
            dispatcher.files(service);
        }
        handle.start();
        if (service != null) {
            service.start();
        }
        return new Cutlass(handle, dispatcher, service);
    }

    private static FileService openFiles(Handle handle, FileSettings settings) throws IOException {
        boolean opened = false;
        try {
            final FileService service = FileService.open(handle.application(), settings.config());
            opened = true;
            return service;
        } finally {
            if (!opened) {
                handle.close();
            }
        }
    }

    /**
     * Files and folders. Without {@link CutlassBuilder#files} they begin with the first call, and what others offer is refused.
     *
     * @throws UncheckedIOException if the home folder cannot be used for them
     * @throws IllegalStateException if the engine is closed
     */
    public FileTransfers files() {
        FileService running = files.get();
        if (running == null) {
            running = begin();
        }
        return new FileTransfers(running);
    }

    private FileService begin() {
        final CompletableFuture<FileService> mine = new CompletableFuture<>();
        for (; ; ) { // nobody opens it at the same time: two would take each other's channels away
            if (beginning.compareAndSet(null, mine)) {
                open(mine);
                return opened(mine);
            }
            final CompletableFuture<FileService> theirs = beginning.get();
            if (theirs != null) {
                return opened(theirs);
            }
        }
    }

    private static FileService opened(CompletableFuture<FileService> by) {
        try {
            return by.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw new UncheckedIOException(cause);
            }
            throw new IllegalStateException("the engine is closed", e);
        }
    }

    private void open(CompletableFuture<FileService> result) {
        try {
            if (engine.isClosing()) {
                throw new IllegalStateException("the engine is closed");
            }
            final FileService fresh =
                    FileService.open(engine, FileSettings.outgoing().config());
            files.set(fresh);
            dispatcher.files(fresh);
            fresh.start();
            if (engine.isClosing()) {
                fresh.close();
            }
            result.complete(fresh);
        } catch (IOException | RuntimeException e) {
            beginning.set(null); // another attempt may have more luck
            result.completeExceptionally(e);
        }
    }

    /** Starts with the defaults of every setting; only the identity must be given. */
    public static CutlassBuilder builder() {
        return new CutlassBuilder();
    }

    /** Who we are. */
    public PeerId id() {
        return engine.id();
    }

    public String nick() {
        return engine.nick();
    }

    /**
     * Changes how we call ourselves; connected peers are told.
     *
     * @throws IllegalArgumentException if it has more than 63 bytes of UTF-8 or a control character
     */
    public void setNick(String nick) {
        engine.nick(nick);
    }

    /** The UDP port that is bound; it is the real one if any was asked for. */
    public int localPort() {
        return engine.localAddress().getPort();
    }

    /** Where the UDP port is bound. */
    public InetSocketAddress localAddress() {
        return engine.localAddress();
    }

    /**
     * Dials. Completes when both sides have admitted each other, at once if they have already. From then on a connection that breaks is dialled again by itself,
     * until {@link Peer#disconnect}. Fails with a {@link ConnectFailedException} that says what to check.
     * What depends on the future runs on the handler executor.
     *
     * @throws IllegalStateException if the engine is closed
     */
    public CompletableFuture<Peer> connect(PeerAddress address) {
        return engine.connect(toTarget(address)).thenApplyAsync(entry -> new Peer(engine, entry), engine.executor());
    }

    /** The peers that this engine has, or had, a connection with, or dials. */
    public List<Peer> peers() {
        return engine.peers().stream().map(entry -> new Peer(engine, entry)).toList();
    }

    /** One of {@link #peers}. */
    public Optional<Peer> peer(PeerId id) {
        return Optional.ofNullable(engine.peer(id)).map(entry -> new Peer(engine, entry));
    }

    public TrustPolicy trustPolicy() {
        return engine.trustPolicy();
    }

    /** Whom to admit from now on; those who are connected stay. */
    public void setTrustPolicy(TrustPolicy policy) {
        engine.trustPolicy(policy);
    }

    /** What peers may do who are seen for the first time from now on. */
    public void setDefaultPermissions(Permissions permissions) {
        engine.defaultPermissions(permissions);
    }

    /** Offers a service from now on: see {@link CutlassBuilder#service(String, long, ChannelHandler)}. One offered before gets this handler for new channels.
     *
     * @throws IllegalArgumentException if name or version are out of range
     */
    public void offer(String service, long version, ChannelHandler handler) {
        engine.offer(service, version, Objects.requireNonNull(handler, "handler"));
    }

    /** Offers a service no longer. Channels that are open stay until the peer has to open them again. */
    public void withdraw(String service, long version) {
        engine.withdraw(service, version);
    }

    /**
     * Notes in our record of a peer, {@code known_peers}, where it gets messages while it is away, for {@link CutlassBuilder#offlineDelivery}. The peer is a contact from now on. Only what the person behind the
     * peer told for sure belongs here: whoever proves to be at that address and claims to be the peer is believed.
     *
     * @param address as the offline delivery reads it, at most 512 characters of printable ASCII without spaces; empty: it has none
     * @throws IllegalArgumentException if it has others
     * @throws IllegalStateException if the engine is closed, or 10,000 contacts are known
     */
    public void setOfflineAddress(PeerId peer, String address) {
        if (!engine.control().offlineAddress(peer, address)) {
            throw new IllegalStateException("the list of known peers is full");
        }
    }

    /** What {@link #setOfflineAddress} noted, in this run or, with a home, an earlier one. */
    public Optional<String> offlineAddress(PeerId peer) {
        return Optional.of(engine.control().offlineAddress(peer)).filter(address -> !address.isEmpty());
    }

    /** Admits, or refuses, a peer that waits for a decision. Without one that waits nothing happens. */
    public void decide(PeerId peer, boolean admit) {
        engine.control().decide(peer, admit);
    }

    /** What was dropped since the start, by reason. Strangers can make these numbers grow; nothing else happens. */
    public Map<DropReason, Long> counters() {
        return engine.counters();
    }

    /** The machine moved to another network: every connection says so to its peer at once, instead of waiting for silence. */
    public void networkChanged() {
        engine.networkChanged();
    }

    public boolean isClosed() {
        return engine.isClosing();
    }

    /**
     * Tells the peers, ends everything and wipes the keys; waits 2 s at most. Messages that nobody has accepted yet fail. Idempotent.
     * The identity is the caller's and stays open.
     */
    @Override
    public void close() {
        final FileService used = files.get();
        if (used != null) {
            used.close();
        }
        handle.close();
    }

    private static DialTarget toTarget(PeerAddress address) {
        return new DialTarget(
                address.key().orElse(null),
                address.places().stream()
                        .map(place -> new DialTarget.Place(place.host(), place.port()))
                        .toList(),
                address.stealth(),
                address.text());
    }
}
