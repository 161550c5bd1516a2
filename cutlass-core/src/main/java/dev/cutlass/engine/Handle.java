package dev.cutlass.engine;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.DropReason;
import dev.cutlass.event.Message;
import dev.cutlass.event.PeerInfo;
import dev.cutlass.event.Permissions;
import dev.cutlass.event.TrustPolicy;
import dev.cutlass.spi.DatagramPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The engine as a whole. Everything public may be called from any thread. */
@SuppressWarnings("DoNotCallSuggester")
public final class Handle {
    private final EngineConfig config;
    private final DatagramPort port;
    private final HandlerExecutor handlers;
    private final Counters counters = new Counters();
    private final ConnectionTable table = new ConnectionTable();

    private Handle(EngineConfig config, DatagramPort port) {
        this.config = config;
        this.port = port;
        this.handlers = new HandlerExecutor(config.sink(), config.handlerExecutor());
    }

    /** Binds the port and opens the files; nothing runs yet. */
    public static Handle open(EngineConfig config) throws IOException {
        return new Handle(config, config.seams().ports().open(config.bindAddress(), config.port()));
    }

    private static UnsupportedOperationException notYet() {
        return new UnsupportedOperationException("comes with the handshake");
    }

    public void start() {
        throw notYet();
    }

    public PeerId id() {
        return config.identity().id();
    }

    public String nick() {
        return config.nick();
    }

    public void nick(String nick) {
        throw notYet();
    }

    public InetSocketAddress localAddress() {
        return port.localAddress();
    }

    public Executor executor() {
        return handlers.executor();
    }

    public CompletableFuture<PeerEntry> connect(DialTarget target) {
        throw notYet();
    }

    public List<PeerEntry> peers() {
        return List.copyOf(table.peers());
    }

    public @Nullable PeerEntry peer(PeerId id) {
        return table.peer(id);
    }

    public Sending send(PeerEntry entry, Message message) {
        throw notYet();
    }

    public PeerInfo info(PeerEntry entry) {
        throw notYet();
    }

    public void permissions(PeerEntry entry, Permissions permissions) {
        throw notYet();
    }

    public void verify(PeerEntry entry) {
        throw notYet();
    }

    public void disconnect(PeerEntry entry) {
        throw notYet();
    }

    public void forget(PeerEntry entry) {
        throw notYet();
    }

    public byte[] export(PeerEntry entry, String label, byte[] context, int length) {
        throw notYet();
    }

    public TrustPolicy trustPolicy() {
        return config.trustPolicy();
    }

    public void trustPolicy(TrustPolicy policy) {
        throw notYet();
    }

    public void defaultPermissions(Permissions permissions) {
        throw notYet();
    }

    public void decide(PeerId peer, boolean admit) {
        throw notYet();
    }

    public Map<DropReason, Long> counters() {
        return counters.snapshot();
    }

    public void networkChanged() {
        throw notYet();
    }

    public boolean isClosing() {
        return false;
    }

    public void close() {
        port.close();
    }
}
