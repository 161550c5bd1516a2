package dev.cutlass.engine;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.crypto.provider.AeadPreference;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.DropReason;
import dev.cutlass.event.TrustPolicy;
import dev.cutlass.proto.ConnectionConfig;
import dev.cutlass.proto.DatagramSizes;
import dev.cutlass.proto.handshake.HandshakeOutput;
import dev.cutlass.proto.handshake.LocalParty;
import dev.cutlass.proto.message.ConversationLimits;
import dev.cutlass.spi.DatagramPort;
import dev.cutlass.spi.Ticker;
import dev.cutlass.wire.Id128;
import dev.cutlass.wire.Nicks;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The engine as a whole: what the threads share, and what an application asks for. Everything public may be called from any thread.
 */
public final class Handle {
    /** Handshake parts that wait for housekeeping: 1.2 MB. */
    private static final int MAX_ARRIVALS = 1_024;

    /** Things that threads asked of housekeeping and it has not done yet. */
    private static final int MAX_REQUESTS = 65_536;

    private final EngineConfig config;
    private final Ticker ticker;
    private final DatagramPort port;
    private final byte[] staticKey;
    private final Storage storage;
    private final @Nullable OfflineSide offline;
    private final HandlerExecutor handlers;
    private final HandlerQueue notices;
    private final PeerRegistry peers;
    private final NameResolver names;
    private final Counters counters = new Counters();
    private final ConnectionTable table = new ConnectionTable();
    private final TimerWheel timers = new TimerWheel();
    private final DisposalStack disposals = new DisposalStack();
    private final ArrivalsQueue<Arrival> arrivals = new ArrivalsQueue<>(MAX_ARRIVALS);
    private final ArrivalsQueue<Request> requests = new ArrivalsQueue<>(MAX_REQUESTS);
    private final Signal signal = new Signal();
    private final Set<Thread> threads = new HashSet<>();
    private final Life life;
    private final ChannelSet channels;
    private final Driver driver;
    private final HandshakePool handshakes;
    private final Connector connector;
    private final Dialer dialer;
    private final Redialer redialer;
    private final ListenerThread listener;
    private final HousekeepingThread housekeeping;
    private final Ending ending;
    private final ApplicationSide application = new ApplicationSide(this);

    // Volatile: settings that the application changes while the threads read them.
    private volatile LocalParty local;
    private volatile TrustPolicy trustPolicy;

    /** Volatile: set before the start, and cleared by who takes the engine's turns away. */
    private volatile @Nullable Companion companion;

    /** Something that housekeeping is asked to do, at the time of its turn. */
    @FunctionalInterface
    interface Request {
        void run(long now);
    }

    private Handle(EngineConfig config, DatagramPort port, Storage storage, String nick) {
        this.config = config;
        this.port = port;
        this.storage = storage;
        storage.alarm(timer -> schedule(timer, now() + Storage.SAVE_DELAY_NANOS));
        this.life = new Life();
        this.ticker = config.seams().ticker();
        this.staticKey = config.identity().device().publicKey();
        this.trustPolicy = config.trustPolicy();
        final byte[] bootId = new byte[Id128.LENGTH];
        config.seams().random().nextBytes(bootId);
        this.local = new LocalParty(
                config.identity().id(),
                config.identity().device(),
                Id128.of(bootId, 0),
                nick,
                AeadPreference.ofThisMachine());
        this.offline = config.offline() == null
                ? null
                : new OfflineSide(this, config.offline(), config.seams().stepwise());
        this.handlers = new HandlerExecutor(
                offline == null ? config.sink() : offline.receiving().before(config.sink()), config.handlerExecutor());
        this.notices = handlers.newQueue(() -> {});
        final ConnectionConfig connections = connectionConfig(config, port);
        final ConversationLimits limits = new ConversationLimits(
                config.outboxMessages(),
                config.outboxBytes(),
                ConversationLimits.maxHeldBytes(connections.messageWindow()));
        this.peers = new PeerRegistry(this, config, limits, handlers);
        this.names = new NameResolver(config.seams());
        this.channels = new ChannelSet(port);
        this.driver = new Driver(this, new HighWater(config.outboxHighWater(), limits));
        this.handshakes = new HandshakePool(this, config, local);
        this.connector = new Connector(this, connections);
        this.dialer = new Dialer(this, config);
        this.redialer = new Redialer(this, dialer, config.seams().random());
        this.listener = new ListenerThread(this, port);
        this.housekeeping = new HousekeepingThread(this);
        this.ending = new Ending(this, life, housekeeping, handlers);
    }

    private static ConnectionConfig connectionConfig(EngineConfig config, DatagramPort port) {
        final EngineConfig.Times times = config.times();
        return ConnectionConfig.defaults()
                .withSilence(
                        times.quiet().toNanos(),
                        times.pingInterval().toNanos(),
                        times.idle().toNanos())
                .withDatagrams(
                        port.isUnfragmented()
                                ? DatagramSizes.upTo(config.maxDatagram())
                                : DatagramSizes.fixed(config.fixedDatagram()));
    }

    /**
     * Binds the port and opens the files; nothing runs yet.
     *
     * @throws IllegalArgumentException if the nick breaks a rule
     */
    public static Handle open(EngineConfig config) throws IOException {
        final String nick = Nicks.normalize(config.nick());
        final Storage storage = Storage.open(config);
        final DatagramPort port;
        try {
            port = config.seams().ports().open(config.bindAddress(), config.port());
        } catch (IOException | RuntimeException e) {
            storage.close();
            throw e;
        }
        return new Handle(config, port, storage, nick);
    }

    /** Starts the threads, and dials those who were connected before. */
    public void start() {
        if (!life.start()) {
            throw new IllegalStateException("started already");
        }
        if (offline != null) {
            offline.start(); // before anything can arrive: what came meanwhile is older
        }
        if (!config.seams().stepwise()) {
            threads.add(newThread("cutlass-listener", listener));
            threads.add(newThread("cutlass-housekeeping", housekeeping));
            threads.forEach(Thread::start);
        }
        final EngineSeams.Opened opened = config.seams().opened();
        if (opened != null) {
            opened.onOpened(this);
        }
        redialer.dialRecentPeers(config.stealth());
    }

    private static Thread newThread(String name, Runnable role) {
        final Thread thread = new Thread(role, name);
        thread.setDaemon(true); // an application that ends without close() ends
        return thread;
    }

    /** What an application asks for. */
    public ApplicationSide application() {
        return application;
    }

    /** Ends everything in order; see {@code Cutlass.close}. */
    public void close() {
        if (offline != null) {
            offline.close();
        }
        switch (life.beginClosing(now())) {
            case FIRST -> {
                request(ending::tellAll);
                if (config.seams().stepwise()) {
                    housekeepingTurn(now());
                    life.end();
                    ending.release();
                    ending.listenerEnded();
                }
            }
            case NEVER_RAN -> {
                ending.release();
                ending.listenerEnded();
            }
            case LATER -> {}
        }
        if (!threads.contains(Thread.currentThread())) { // else it would wait for itself
            life.awaitRelease();
        }
    }

    // For who drives an engine without threads.

    /** Reads what has arrived at {@code now}, ticker nanoseconds; returns how many datagrams. */
    public int listenerTurn(long now) {
        return listener.turn(now);
    }

    /** Does what is asked, and what is due at {@code now}. */
    public void housekeepingTurn(long now) {
        housekeeping.turn(now);
        final Companion beside = companion;
        if (beside != null) {
            beside.turn(now);
        }
    }

    /** The process dies, or the machine: nothing is saved or said, and there are no more turns. For who drives an engine without threads. */
    public void abandon() {
        final Companion beside = companion;
        if (beside != null) {
            beside.abandon();
        }
        storage.abandon();
    }

    /** Goes on with a handshake that the peer began and that was completed elsewhere: for who drives the turns and wants connections by the thousand. As {@link #housekeepingTurn}. */
    public void adopt(HandshakeOutput.Completed completed, long now) {
        connector.onCompleted(completed, null, now);
    }

    /** When housekeeping has something to do: 0 if it was asked, {@link Long#MAX_VALUE} if nothing is to come. */
    public long nextDeadline() {
        if (!requests.isEmpty() || !arrivals.isEmpty() || !disposals.isEmpty()) {
            return 0;
        }
        final Companion beside = companion;
        return Math.min(
                beside == null ? TimerWheel.NEVER : beside.nextDeadline(),
                Math.min(timers.nextDeadline(), life.endBy()));
    }

    /** Connections in the table, live or answering stragglers. */
    public int connections() {
        return table.connections();
    }

    // What the threads share.

    EngineConfig config() {
        return config;
    }

    /** Before the start. */
    void companion(Companion beside) {
        companion = config.seams().stepwise() ? beside : null;
    }

    /** Who we are. */
    PeerId id() {
        return config.identity().id();
    }

    LocalParty local() {
        return local;
    }

    void local(LocalParty changed) {
        local = changed;
    }

    TrustPolicy trustPolicy() {
        return trustPolicy;
    }

    void trustPolicy(TrustPolicy policy) {
        trustPolicy = policy;
    }

    Executor executor() {
        return handlers.executor();
    }

    boolean hasDirectHandlers() {
        return handlers.isDirect();
    }

    boolean isClosing() {
        return life.isClosing();
    }

    /** Throws {@link IllegalStateException} if not. */
    void checkRunning() {
        if (isClosing()) {
            throw new IllegalStateException("the engine is closed");
        }
    }

    Counters counters() {
        return counters;
    }

    long now() {
        return ticker.nanos();
    }

    long wallMillis() {
        return config.seams().clock().millis();
    }

    SecureRandom random() {
        return config.seams().random();
    }

    byte[] staticKey() {
        return staticKey.clone();
    }

    DatagramPort port() {
        return port;
    }

    Storage storage() {
        return storage;
    }

    NameResolver names() {
        return names;
    }

    PeerRegistry peers() {
        return peers;
    }

    Ending ending() {
        return ending;
    }

    ConnectionTable table() {
        return table;
    }

    TimerWheel timers() {
        return timers;
    }

    ArrivalsQueue<Arrival> arrivals() {
        return arrivals;
    }

    ArrivalsQueue<Request> requests() {
        return requests;
    }

    DisposalStack disposals() {
        return disposals;
    }

    Signal signal() {
        return signal;
    }

    ChannelSet channels() {
        return channels;
    }

    Driver driver() {
        return driver;
    }

    HandshakePool handshakes() {
        return handshakes;
    }

    Connector connector() {
        return connector;
    }

    Dialer dialer() {
        return dialer;
    }

    Redialer redialer() {
        return redialer;
    }

    long idleNanos() {
        return config.times().idle().toNanos();
    }

    /** Stealth engines have no sockets but the one that answers nobody; the others try. */
    boolean backConnects() {
        return !config.stealth();
    }

    boolean isOver() {
        return life.isOver();
    }

    void count(DropReason reason) {
        counters.add(reason);
    }

    void count(DropReason reason, long number) {
        counters.add(reason, number);
    }

    /** Null if there is none. */
    @Nullable
    OfflineSide offline() {
        return offline;
    }

    /** Asks housekeeping; false if too much is asked already. */
    boolean request(Request request) {
        final boolean taken = requests.offer(request);
        signal.raise();
        return taken;
    }

    /** Something passed the gate. The listener's. */
    void arrived(Arrival arrival) {
        if (arrivals.offer(arrival)) {
            signal.raise();
        } else {
            counters.add(DropReason.ARRIVALS_FULL);
        }
        if (arrivals.isHalfFull()) {
            handshakes.press(now()); // what is left of the queue is for those who hold a cookie
        }
    }

    /** Housekeeping has something to do for the connection. */
    void attend(ConnectionEntry entry) {
        if (disposals.push(entry)) {
            signal.raise();
        }
    }

    /** The timer fires at this time, or at an earlier one that was set before. */
    void schedule(TimerWheel.Timer timer, long deadline) {
        if (timers.scheduleIfEarlier(timer, deadline)) {
            signal.raise();
        }
    }

    void cancel(TimerWheel.Timer timer) {
        timers.schedule(timer, TimerWheel.NEVER);
    }

    /** Housekeeping waits. */
    void awaitSignalUntil(long deadline) {
        final long until = Math.min(deadline, life.endBy());
        signal.await(until == TimerWheel.NEVER ? TimerWheel.NEVER : until - now());
    }

    /** An event of no peer in particular. */
    void notice(CutlassEvent event) {
        notices.offerNotice(event);
        notices.dispatch();
    }
}
