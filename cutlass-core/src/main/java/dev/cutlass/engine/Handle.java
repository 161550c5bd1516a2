package dev.cutlass.engine;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.crypto.provider.AeadPreference;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.DropReason;
import dev.cutlass.event.TrustPolicy;
import dev.cutlass.proto.ConnectionConfig;
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
 * The engine as a whole: makes its parts, starts and ends them, and lets each find the others. Any thread, but for {@link #turns} and what is said to be of one of the threads. A request to another
 * thread is a method here on the asking side.
 */
public final class Handle {
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
    private final HousekeepingWork work = new HousekeepingWork();
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
    private final EngineTurns turns;
    private final ApplicationSide application = new ApplicationSide(this);

    // Volatile: settings that the application changes while the threads read them.
    private volatile LocalParty local;
    private volatile TrustPolicy trustPolicy;

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
        final ConnectionConfig connections = config.connections(port.isUnfragmented());
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
        this.turns = new EngineTurns(this, life, listener, housekeeping);
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

    /** For who drives an engine without threads. */
    public EngineTurns turns() {
        return turns;
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
                    turns.housekeeping(now());
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

    // What the parts share.

    EngineConfig config() {
        return config;
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

    /** An event of no peer in particular. */
    void notice(CutlassEvent event) {
        notices.offerNotice(event);
        notices.dispatch();
    }

    /** What waits for housekeeping. */
    HousekeepingWork work() {
        return work;
    }

    /** Asks housekeeping; false if too much is asked already. */
    boolean request(HousekeepingWork.Request request) {
        return work.request(request);
    }

    /** Something passed the gate. The listener's. */
    void arrived(Arrival arrival) {
        if (!work.arrived(arrival)) {
            counters.add(DropReason.ARRIVALS_FULL);
        }
        if (work.isPressed()) {
            handshakes.press(now()); // what is left of the queue is for those who hold a cookie
        }
    }

    /** Housekeeping has something to do for the connection. */
    void attend(ConnectionEntry entry) {
        work.attend(entry);
    }

    /** The timer fires at this time, or at an earlier one that was set before. */
    void schedule(TimerWheel.Timer timer, long deadline) {
        work.schedule(timer, deadline);
    }

    void cancel(TimerWheel.Timer timer) {
        work.cancel(timer);
    }

    /** Housekeeping waits until there is something to do. */
    void awaitWork() {
        final long until = Math.min(work.nextDeadline(), life.endBy());
        work.await(until == TimerWheel.NEVER ? TimerWheel.NEVER : until - now());
    }
}
