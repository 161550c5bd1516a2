package dev.cutlass;

import dev.cutlass.crypto.Identity;
import dev.cutlass.crypto.PeerId;
import dev.cutlass.engine.ApplicationSide;
import dev.cutlass.engine.EngineConfig;
import dev.cutlass.engine.EngineSeams;
import dev.cutlass.engine.PreSharedKeys;
import dev.cutlass.event.CutlassListener;
import dev.cutlass.event.Message;
import dev.cutlass.event.Permissions;
import dev.cutlass.event.TrustPolicy;
import dev.cutlass.proto.DatagramSizes;
import dev.cutlass.spi.OfflineDelivery;
import dev.cutlass.wire.Bytes;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The settings and handlers of an engine to be. In any order; all optional but the identity. One thread at a time; nothing is checked before {@link #start}.
 */
public final class CutlassBuilder {
    /** What 100 Mbit/s with a round trip of 100 ms have under way, and more than half as much to follow at once. */
    private static final long HIGH_WATER = 2 << 20;

    private final Map<PeerId, byte[]> psks = new HashMap<>();
    private final Map<PeerId, Set<Bytes>> pskDevices = new HashMap<>();
    private final Map<Service, ChannelHandler> services = new HashMap<>();
    private @Nullable Identity identity;
    private String nick = "";
    private int port = PeerAddress.DEFAULT_PORT;
    private boolean inbound = true;
    private @Nullable InetAddress bindAddress;
    private boolean stealth;
    private TrustPolicy trustPolicy = TrustPolicy.ACCEPT_NEW;
    private Permissions defaultPermissions = Permissions.all();
    private @Nullable Path home;
    private boolean sealKnownPeers;
    private Duration quiet = Duration.ofSeconds(15);
    private Duration pingInterval = Duration.ofSeconds(10);
    private Duration idle = Duration.ofSeconds(60);
    private Duration connectTimeout = Duration.ofSeconds(15);
    private int outboxMessages = 10_000;
    private long outboxBytes = 16 << 20;
    private @Nullable Long outboxHighWater;
    private int maxDatagram = DatagramSizes.LARGEST;
    private int fixedDatagram = DatagramSizes.BASE;
    private @Nullable Executor handlerExecutor;
    private EngineConfig.@Nullable Offline offline;
    private @Nullable BiConsumer<Peer, Message> onMessage;
    private @Nullable Consumer<ConnectionRequest> onConnectionRequest;
    private @Nullable Consumer<FileOffer> onFileOffer;
    private @Nullable Consumer<FileRequest> onFileRequest;
    private @Nullable FileSettings files;
    private CutlassListener listener = new CutlassListener() {};
    private EngineSeams seams = EngineSeams.real();

    /** What is spoken over a channel. */
    record Service(String name, long version) {}

    CutlassBuilder() {}

    /** Who we are; required. Stays the caller's, who closes it after the engine. */
    public CutlassBuilder identity(Identity identity) {
        this.identity = identity;
        return this;
    }

    /** How we call ourselves, at most 63 bytes of UTF-8 without control characters; default empty. */
    public CutlassBuilder nick(String nick) {
        this.nick = nick;
        return this;
    }

    /** UDP port, 1 to 65535, default 8365. 0: outbound only; the system chooses a port and who was not dialled by us is not answered. Ports below 1024 need rights and are advised against. */
    public CutlassBuilder port(int port) {
        this.port = port;
        this.inbound = port != 0;
        return this;
    }

    /** A UDP port that the system chooses, for inbound connections too: for tests and for several engines on one machine. */
    public CutlassBuilder anyPort() {
        this.port = 0;
        this.inbound = true;
        return this;
    }

    /** The local address to bind; default all, IPv4 and IPv6. */
    public CutlassBuilder bind(InetAddress address) {
        this.bindAddress = address;
        return this;
    }

    /** Answers only who knows our key already; default false. See docs/security.md for what that hides and what not. */
    public CutlassBuilder stealth(boolean stealth) {
        this.stealth = stealth;
        return this;
    }

    /** Whom to admit, default {@link TrustPolicy#ACCEPT_NEW}. Can be changed later. */
    public CutlassBuilder trustPolicy(TrustPolicy policy) {
        this.trustPolicy = policy;
        return this;
    }

    /** What a peer may do that is seen for the first time, default everything. Can be changed later, and for each peer. */
    public CutlassBuilder defaultPermissions(Permissions permissions) {
        this.defaultPermissions = permissions;
        return this;
    }

    /**
     * The folder where the engine keeps what survives a restart: known peers, recent peers, the stealth cache. Default none: then all that is in memory only,
     * every peer is new after a restart, and in stealth mode first flights from before the start are refused.
     */
    public CutlassBuilder home(Path home) {
        this.home = home;
        return this;
    }

    /** Whether the list of known peers, which is a list of contacts, is encrypted under a key of the identity; default false: readable text. */
    public CutlassBuilder sealKnownPeers(boolean seal) {
        this.sealKnownPeers = seal;
        return this;
    }

    /** After so long without a packet from a peer a ping goes out: 100 ms to 24 h, default 15 s. */
    public CutlassBuilder quiet(Duration quiet) {
        this.quiet = quiet;
        return this;
    }

    /** No ping sooner than so long after the last: 100 ms to 24 h, default 10 s. */
    public CutlassBuilder pingInterval(Duration interval) {
        this.pingInterval = interval;
        return this;
    }

    /** After so long without a packet from a peer its connection is over: 100 ms to 24 h and above the quiet time, default 60 s. */
    public CutlassBuilder idle(Duration idle) {
        this.idle = idle;
        return this;
    }

    /** How long a dial may take until the peer has answered: 100 ms to 24 h, default 15 s. Admission by a person may take longer. */
    public CutlassBuilder connectTimeout(Duration timeout) {
        this.connectTimeout = timeout;
        return this;
    }

    /** How many messages of a class without a receipt may wait for one peer: 1 to 1,000,000, default 10,000. */
    public CutlassBuilder outboxMessages(int messages) {
        this.outboxMessages = messages;
        return this;
    }

    /** How many bytes of them: 128 KiB to 1 TiB, default 16 MiB. */
    public CutlassBuilder outboxBytes(long bytes) {
        this.outboxBytes = bytes;
        return this;
    }

    /**
     * Up to how many bytes of them {@link Peer#trySend} goes on, 64 counted for each message beside its bytes: 1 to {@link #outboxBytes}, default 2 MiB or half of that, whichever is less. More holds more
     * memory for a peer whose handlers are slow; less than what the path takes in a round trip makes it wait for the sender.
     */
    public CutlassBuilder outboxHighWater(long bytes) {
        this.outboxHighWater = bytes;
        return this;
    }

    /**
     * The largest UDP datagram that is tried, in bytes of payload: 1,200 to 65,507, the default. Every path starts with 1,200; whoever fills packets there finds out what it carries. 1,200 switches
     * that off. On JDK 17 and 18, which cannot forbid fragments, see {@link #fixedDatagram}.
     */
    public CutlassBuilder maxDatagram(int bytes) {
        this.maxDatagram = bytes;
        return this;
    }

    /**
     * The size of UDP datagrams where nothing larger can be tried because the system would cut them into fragments, as on JDK 17 and 18: 1,200, the default, to 65,507. More only where every path
     * is known to carry it, as on one machine; where it does not pass after all, 1,200 is used.
     */
    public CutlassBuilder fixedDatagram(int bytes) {
        this.fixedDatagram = bytes;
        return this;
    }

    /**
     * Where handlers run: default virtual threads where the JVM has them, else a cached pool of daemon threads. {@code Runnable::run} promises that no handler ever blocks, and
     * gets the shortest way: handlers then run on the engine's own threads.
     */
    public CutlassBuilder handlerExecutor(Executor executor) {
        this.handlerExecutor = executor;
        return this;
    }

    /**
     * Another way for messages to peers that are away: what {@link Peer#send} has in the outbox goes out by it when the peer was not connected for so long, if our record of the peer names an address
     * ({@link Cutlass#setOfflineAddress}); and what comes by it is heard as what comes over a connection, once. Channels, files and all else do not go that way. Default none. docs/offline.md says what is promised.
     *
     * @param delivery stays the caller's, who closes it after the engine
     * @param away 100 ms to 24 h; counted from the start for who was not connected since
     */
    public CutlassBuilder offlineDelivery(OfflineDelivery delivery, Duration away) {
        this.offline = new EngineConfig.Offline(Objects.requireNonNull(delivery, "delivery"), away);
        return this;
    }

    /** Gets every message. May block: that delays this peer's next messages only. */
    public CutlassBuilder onMessage(BiConsumer<Peer, Message> handler) {
        this.onMessage = handler;
        return this;
    }

    /** Is asked about newcomers while the policy is {@link TrustPolicy#ASK}; decides at once or later. Without it nobody new is admitted then. */
    public CutlassBuilder onConnectionRequest(Consumer<ConnectionRequest> handler) {
        this.onConnectionRequest = handler;
        return this;
    }

    /** How files are exchanged; default: nothing that others offer is taken, and {@link Cutlass#files} offers and asks. */
    public CutlassBuilder files(FileSettings settings) {
        this.files = Objects.requireNonNull(settings, "settings");
        return this;
    }

    /** Is asked about files that peers offer while the policy is {@link dev.cutlass.event.FilePolicy#ASK}; decides at once or later. */
    public CutlassBuilder onFileOffer(Consumer<FileOffer> handler) {
        this.onFileOffer = handler;
        return this;
    }

    /** Is asked about what peers ask for while the policy for requests is {@link dev.cutlass.event.FilePolicy#ASK}; decides at once or later. */
    public CutlassBuilder onFileRequest(Consumer<FileRequest> handler) {
        this.onFileRequest = handler;
        return this;
    }

    /** Offers a service, version 0: see {@link #service(String, long, ChannelHandler)}. */
    public CutlassBuilder service(String name, ChannelHandler handler) {
        return service(name, 0, handler);
    }

    /**
     * Offers a service in one version: peers that may send us messages may open a channel with it, which the handler then serves. Others are refused. Can be done
     * after the start, too: {@link Cutlass#offer}.
     *
     * @param name one that cannot be somebody else's, e.g. {@code org.example.chess}: 1 to 63 bytes of UTF-8
     * @param version 0 and up
     */
    public CutlassBuilder service(String name, long version, ChannelHandler handler) {
        services.put(new Service(name, version), Objects.requireNonNull(handler, "handler"));
        return this;
    }

    /** Hears every event. */
    public CutlassBuilder listener(CutlassListener listener) {
        this.listener = listener;
        return this;
    }

    /**
     * A secret of 32 bytes shared with one peer beforehand, copied. Then a handshake with that peer fails unless it has the same; both must know each other's key. It holds for every
     * device of the peer that we dial; for those that dial us, see {@link #pskDevice}.
     */
    public CutlassBuilder psk(PeerId peer, byte[] psk) {
        psks.put(peer, psk.clone());
        return this;
    }

    /**
     * Another device of a peer with a {@link #psk}, which may then dial us. The secret must be chosen before the device has said whose it is, so its key must be known
     * beforehand; an unknown device of such a peer is refused. Not needed for a peer with one device.
     *
     * @param deviceKey its static key, 32 bytes, copied; the device itself tells it as {@code identity.device().publicKey()}
     */
    public CutlassBuilder pskDevice(PeerId peer, byte[] deviceKey) {
        pskDevices.computeIfAbsent(peer, any -> new HashSet<>()).add(Bytes.of(deviceKey.clone()));
        return this;
    }

    /** Not for applications: stands in for the machine. Its type is visible to the test kit only. */
    @SuppressWarnings("exports")
    public CutlassBuilder seams(EngineSeams seams) {
        this.seams = seams;
        return this;
    }

    /**
     * Checks the settings, binds the port and starts the threads.
     *
     * @throws IllegalArgumentException names the setting, its value and what is allowed
     * @throws IOException if the port cannot be bound or the home folder not used; says what to do
     */
    public Cutlass start() throws IOException {
        final Identity self = identity;
        if (self == null) {
            throw new IllegalArgumentException(
                    "identity: not set; required, as from Identity.loadOrCreate(home, passphrase)");
        }
        final EngineConfig.Times times = new EngineConfig.Times(quiet, pingInterval, idle, connectTimeout);
        final long highWater = outboxHighWater == null ? Math.min(HIGH_WATER, outboxBytes / 2) : outboxHighWater;
        AllowedSettings.checkPort(port);
        AllowedSettings.checkTimes(times, offline);
        AllowedSettings.checkOutbox(outboxMessages, outboxBytes, highWater);
        AllowedSettings.checkDatagram("maxDatagram", maxDatagram);
        AllowedSettings.checkDatagram("fixedDatagram", fixedDatagram);
        AllowedSettings.checkPsks(psks.values());
        services.keySet().forEach(service -> ApplicationSide.checkService(service.name(), service.version()));
        AllowedSettings.checkPskDevices(pskDevices.values());
        final PreSharedKeys preShared = new PreSharedKeys(psks, pskDevices);
        try {
            return start(self, times, highWater, preShared);
        } catch (IOException | RuntimeException e) {
            preShared.close();
            throw e;
        }
    }

    private Cutlass start(Identity self, EngineConfig.Times times, long highWater, PreSharedKeys preShared)
            throws IOException {
        final Dispatcher dispatcher =
                new Dispatcher(onMessage, onConnectionRequest, onFileOffer, onFileRequest, listener);
        final EngineConfig config = new EngineConfig(
                self,
                nick,
                port,
                inbound,
                bindAddress,
                stealth,
                trustPolicy,
                defaultPermissions,
                home,
                sealKnownPeers,
                times,
                outboxMessages,
                outboxBytes,
                highWater,
                maxDatagram,
                fixedDatagram,
                handlerExecutor,
                offline,
                dispatcher,
                preShared,
                seams);
        return Cutlass.start(config, dispatcher, services, files);
    }
}
