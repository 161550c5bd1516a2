package dev.cutlass.cables;

import dev.cutlass.cables.address.CablesAddress;
import dev.cutlass.cables.address.MessageId;
import dev.cutlass.cables.address.UserName;
import dev.cutlass.cables.exchange.Limits;
import dev.cutlass.cables.mail.MailException;
import dev.cutlass.cables.mailbox.Mailbox;
import dev.cutlass.cables.mailbox.Maildir;
import dev.cutlass.cables.mailbox.MhFolder;
import dev.cutlass.cables.node.Engine;
import dev.cutlass.cables.onion.OnionService;
import dev.cutlass.cables.pki.OnionKey;
import dev.cutlass.cables.queue.RealVolume;
import dev.cutlass.cables.queue.Volume;
import dev.cutlass.cables.setup.HomeFolder;
import dev.cutlass.cables.setup.HomeLock;
import dev.cutlass.cables.setup.MadeOnce;
import dev.cutlass.cables.setup.OnionFile;
import dev.cutlass.cables.setup.Settings;
import dev.cutlass.cables.setup.SignKeyRenewal;
import dev.cutlass.cables.setup.Texts;
import dev.cutlass.cables.smtp.SmtpService;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A node: sends and receives the mail of a home for as long as it is open. Any thread.
 *
 * <pre>{@code
 * CablesHome.create(home, List.of(HostName.of("...onion")), 8192, progress);   // once
 * try (CablesNode node = CablesNode.builder(home).carrier(Carrier.socks5(tor)).start()) {
 *     node.send(mail);
 * }
 * }</pre>
 */
public final class CablesNode implements AutoCloseable {
    /** Where the service listens unless somebody says otherwise. */
    public static final InetSocketAddress DEFAULT_LISTEN = InetSocketAddress.createUnresolved("127.0.0.1", 9080);

    private final CablesHome home;
    private final HomeLock lock;
    private final EventQueue events;
    private final Network network;
    private final Engine engine;
    private final Network.Service service;
    private final @Nullable SmtpService smtp;
    private final @Nullable OnionService onion;
    private boolean isClosed;

    private CablesNode(
            CablesHome home,
            HomeLock lock,
            EventQueue events,
            Network network,
            Engine engine,
            Network.Service service,
            @Nullable SmtpService smtp,
            @Nullable OnionService onion) {
        this.home = home;
        this.lock = lock;
        this.events = events;
        this.network = network;
        this.engine = engine;
        this.service = service;
        this.smtp = smtp;
        this.onion = onion;
    }

    /** Begins a node in a home that was made. What is not set here is as the home's settings say. */
    public static Builder builder(Path home) {
        return new Builder(home);
    }

    /** Says how a node is to be. One thread. */
    public static final class Builder {
        private final Path folder;
        private @Nullable InetSocketAddress listen;
        private @Nullable Carrier carrier;
        private @Nullable Duration retry;
        private @Nullable Duration maxAge;
        private @Nullable Path queues;
        private @Nullable Path maildir;
        private @Nullable Mailbox mailbox;
        private @Nullable InetSocketAddress smtp;
        private @Nullable InetSocketAddress torControl;
        private CablesListener listener = new CablesListener() {};
        private Volume volume = new RealVolume();
        private InstantSource wall = InstantSource.system();
        private LongSupplier nanos = System::nanoTime;
        private @Nullable Network network;

        private Builder(Path folder) {
            this.folder = folder;
        }

        /** Sets where the service listens, to which the onion service forwards its port 80: default {@link #DEFAULT_LISTEN}. Port 0 is a free one. An address that is not a loopback one is open to the network. */
        public Builder listen(InetSocketAddress address) {
            this.listen = address;
            return this;
        }

        /** Sets how others are reached; there is no default: without one, and without one in the settings, the node receives requests and reaches nobody. */
        public Builder carrier(Carrier carried) {
            this.carrier = carried;
            return this;
        }

        /** Sets around which time a message is tried again, each time at random between half of it and one and a half: 100 ms to 1 day, default 150 s. */
        public Builder retry(Duration around) {
            this.retry = around;
            return this;
        }

        /** Sets after which time a message is given up: 10 s to 365 days, default 7 days, as others have it. */
        public Builder maxAge(Duration age) {
            this.maxAge = age;
            return this;
        }

        /** Sets the directory in which {@code queue} and {@code rqueue} are or will be made: default the home. */
        public Builder queues(Path directory) {
            this.queues = directory;
            return this;
        }

        /** Sets the Maildir into which mail goes: default {@code Maildir} in the home. */
        public Builder maildir(Path directory) {
            this.maildir = directory;
            return this;
        }

        /** Sets where mail goes instead of a Maildir. */
        public Builder mailbox(Mailbox box) {
            this.mailbox = box;
            return this;
        }

        /** Sets where programs of this machine submit mail by SMTP, a loopback address: default nowhere. Whoever can connect there may send in the user's name. Port 0 is a free one. */
        public Builder smtp(InetSocketAddress address) {
            this.smtp = address;
            return this;
        }

        /**
         * Sets Tor's control port, an address of this machine: the node makes its onion service there, with the key of {@link CablesHome#createOnion}, for as long as it is open. Default: it
         * is made elsewhere, as in {@code torrc}. {@link CablesListener#onionService} tells how it goes.
         */
        public Builder torControl(InetSocketAddress address) {
            this.torControl = address;
            return this;
        }

        /** Sets who hears what happens: default nobody. */
        public Builder listener(CablesListener hears) {
            this.listener = hears;
            return this;
        }

        Builder volume(Volume disk) {
            this.volume = disk;
            return this;
        }

        Builder clocks(InstantSource ofTheWall, LongSupplier steady) {
            this.wall = ofTheWall;
            this.nanos = steady;
            return this;
        }

        Builder network(Network carries) {
            this.network = carries;
            return this;
        }

        /**
         * Starts it.
         *
         * @throws IllegalArgumentException if there is no home, or something set here or in the home is no good: says what and where
         * @throws IOException if a node runs in this home already, the address is taken, or the disk does not do
         */
        public CablesNode start() throws IOException {
            inRange("retry", retry, Settings.MIN_RETRY, Settings.MAX_RETRY);
            inRange("max-age", maxAge, Settings.MIN_AGE, Settings.MAX_AGE);
            final Path real = CablesHome.open(volume, folder).home().folder().path(); // says so if there is none
            final Closing closing = new Closing();
            try {
                final CablesNode node = start(new HomeFolder(real), closing);
                closing.keep();
                return node;
            } finally {
                closing.close();
            }
        }

        private static void inRange(String setting, @Nullable Duration value, Duration least, Duration most) {
            if (value != null && (value.compareTo(least) < 0 || value.compareTo(most) > 0)) {
                throw new IllegalArgumentException(setting + ": " + least + " to " + most + ", not " + value);
            }
        }

        private CablesNode start(HomeFolder at, Closing closing) throws IOException {
            final HomeLock lock = closing.add(HomeLock.take(at));
            new SignKeyRenewal(volume, at, new SecureRandom()).settle(Instant.now());
            final CablesHome opened = CablesHome.open(volume, folder);
            final CablesHome home = queues == null ? opened : opened.withQueues(queues);
            final Settings settings = home.home().settings();
            home.makeQueues();
            final Limits limits = settings.limits();
            final EventQueue events = closing.add(new EventQueue(listener));
            final Network carries =
                    closing.add(network == null ? (carrier == null ? Carrier.of(settings) : carrier).open() : network);
            final Engine engine = closing.add(new Engine(
                    new Engine.Parts(
                            home.home().keys(),
                            volume,
                            home.outgoing(),
                            home.incoming(),
                            at.books(),
                            mailbox(at, settings),
                            new Limits(
                                    maxAge == null ? limits.maxAge() : maxAge,
                                    limits.maxMail(),
                                    limits.maxIncoming(),
                                    limits.maxIncomingOfSender()),
                            retry == null ? settings.retry() : retry,
                            events,
                            wall,
                            nanos,
                            new SecureRandom()),
                    carries.remote()));
            final InetSocketAddress usual = settings.listen() == null ? DEFAULT_LISTEN : settings.listen();
            final Network.Service service = closing.add(carries.serve(
                    engine.requests(), Carrier.resolved(listen == null ? usual : listen), engine.clock()));
            final InetSocketAddress submission = smtp == null ? settings.smtp() : smtp;
            final SmtpService submitting = submission == null
                    ? null
                    : closing.add(SmtpService.start(
                            Carrier.resolved(submission),
                            limits.maxMail(),
                            (mail, to) -> home.outbox()
                                    .submit(mail, to, engine.clock().instant())
                                    .keySet()
                                    .forEach(engine::submitted)));
            final InetSocketAddress control = torControl == null ? settings.torControl() : torControl;
            final OnionKey key = control == null ? null : closing.add(onionKey(at, settings));
            engine.start();
            final OnionService onion = control == null || key == null
                    ? null
                    : OnionService.start(Carrier.resolved(control), key, service.address(), new SecureRandom(), events);
            return new CablesNode(home, lock, events, carries, engine, service, submitting, onion);
        }

        private OnionKey onionKey(HomeFolder at, Settings settings) throws IOException {
            final OnionKey key = new OnionFile(volume, at).read();
            if (key == null) {
                throw new IllegalArgumentException(
                        "tor-control: there is no key of an onion service in " + at.path()
                                + ": make one with \"cables init --onion\", or leave tor-control out and make the service in torrc");
            }
            if (!settings.hosts().contains(key.host())) {
                key.close();
                throw new IllegalArgumentException("hosts in " + at.settings() + " do not name " + key.host()
                        + ", which is the name of the onion service's key: add it");
            }
            return key;
        }

        private Mailbox mailbox(HomeFolder at, Settings settings) throws IOException {
            if (mailbox != null) {
                return mailbox;
            }
            final MadeOnce madeOnce = new MadeOnce(volume, at);
            if (maildir == null && settings.mh() != null) {
                final MhFolder folder = madeOnce.isNew(settings.mh())
                        ? MhFolder.create(settings.mh(), at.mailJournal())
                        : MhFolder.open(settings.mh(), at.mailJournal());
                madeOnce.made(settings.mh());
                return folder;
            }
            final Path usual = settings.maildir() == null ? at.maildir() : settings.maildir();
            final Path directory = maildir == null ? usual : maildir;
            final Maildir opened = madeOnce.isNew(directory)
                    ? Maildir.create(directory, at.mailJournal())
                    : Maildir.open(directory, at.mailJournal());
            madeOnce.made(directory);
            return opened;
        }
    }

    /**
     * Reads a time as settings have it: {@code 500ms}, {@code 90s}, {@code 5m}, {@code 12h}, {@code 7d}; a number alone is seconds.
     *
     * @throws IllegalArgumentException if it is none; says what is wanted
     */
    public static Duration parseDuration(String text) {
        return Texts.duration(text);
    }

    /** Who this is. */
    public UserName user() {
        return home.user();
    }

    /** All addresses of the user; the first is the usual one. */
    public List<CablesAddress> addresses() {
        return home.addresses();
    }

    /** Where the service listens. */
    public InetSocketAddress listening() {
        return service.address();
    }

    /** On which port of the loopback address programs submit mail; 0 for nowhere. */
    public int smtpPort() {
        return smtp == null ? 0 : smtp.port();
    }

    /** As {@link CablesHome#send}, and at once on its way. */
    public Map<MessageId, CablesAddress> send(byte[] mail) throws MailRefused, IOException {
        try {
            final Map<MessageId, CablesAddress> sent =
                    home.outbox().submit(mail, engine.clock().instant());
            sent.keySet().forEach(engine::submitted);
            return sent;
        } catch (MailException e) {
            throw new MailRefused(e);
        }
    }

    /** All messages that are not over, the eldest first. */
    public List<MessageStatus> status() throws IOException {
        return home.status();
    }

    /** Asks another node whether it is there. Blocks, up to a minute or two through Tor. */
    public PingResult ping(CablesAddress node) {
        return PingResult.of(network.remote(), node);
    }

    /** Stops: answers nobody any more, begins nothing, lets what writes end. Takes a moment, seldom some seconds. What is under way goes on when a node runs here again. */
    @Override
    public synchronized void close() throws IOException {
        if (isClosed) {
            return;
        }
        isClosed = true;
        if (onion != null) {
            onion.close();
        }
        if (smtp != null) {
            smtp.close();
        }
        service.close();
        engine.close();
        network.close();
        events.close();
        lock.close();
    }
}
