package dev.cutlass.engine;

import dev.cutlass.crypto.Identity;
import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.TrustState;
import dev.cutlass.proto.handshake.StealthReplayGuard;
import dev.cutlass.store.HandledMessages;
import dev.cutlass.store.KnownPeer;
import dev.cutlass.store.KnownPeers;
import dev.cutlass.store.Places;
import dev.cutlass.store.RecentPeers;
import dev.cutlass.store.StealthCache;
import dev.cutlass.wire.Id128;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What survives a restart, and the thread "cutlass-store" that alone writes it. Reading, and changing what is in memory, any thread and without waiting.
 */
final class Storage {
    private static final Logger LOG = LoggerFactory.getLogger(Storage.class);
    private static final long CLOSE_WAIT_MILLIS = 1_000;

    /** Strangers cause no more than one write in so long; as much of what is only a convenience may be lost in a crash. */
    static final long SAVE_DELAY_NANOS = Duration.ofSeconds(5).toNanos();

    /** As {@code known_peers} can hold it: in other alphabets a host is not kept. */
    private static final Pattern STORABLE_HOST = Pattern.compile("[A-Za-z0-9._:-]{1,253}");

    private final KnownPeers known;
    private final RecentPeers recent;
    private final HandledMessages handled;
    private final @Nullable StealthCache cache;
    private final StealthReplayGuard guard;
    private final InstantSource clock;
    private final Executor writer;
    private final @Nullable ExecutorService writerThread;
    private final AtomicBoolean saving = new AtomicBoolean();

    private final TimerWheel.Timer saveTimer = new TimerWheel.Timer() {
        @Override
        void onDue(long now) {
            saveSoon();
        }
    };

    /** Set before the first thread starts, and never again. Before that nothing is due: closing saves all. */
    private Consumer<TimerWheel.Timer> alarm = timer -> {};

    private Storage(
            KnownPeers known,
            RecentPeers recent,
            HandledMessages handled,
            @Nullable StealthCache cache,
            StealthReplayGuard guard,
            EngineSeams seams) {
        this.known = known;
        this.recent = recent;
        this.handled = handled;
        this.cache = cache;
        this.guard = guard;
        this.clock = seams.clock();
        this.writerThread = seams.stepwise() ? null : newThread();
        this.writer = writerThread == null ? Runnable::run : writerThread;
    }

    private static ExecutorService newThread() {
        return Executors.newSingleThreadExecutor(task -> {
            final Thread thread = new Thread(task, "cutlass-store");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Without a home nothing is read or written. */
    static Storage open(EngineConfig config) throws IOException {
        final long wallMillis = config.seams().clock().millis();
        final long window = StealthReplayGuard.DEFAULT_WINDOW_MILLIS;
        final int capacity = StealthReplayGuard.DEFAULT_CAPACITY;
        final Path home = config.home();
        if (home == null) {
            return new Storage(
                    KnownPeers.inMemory(),
                    RecentPeers.inMemory(),
                    HandledMessages.inMemory(),
                    null,
                    StealthReplayGuard.withoutPast(window, capacity, wallMillis),
                    config.seams());
        }
        final Identity identity = config.identity();
        final KnownPeers known = KnownPeers.open(home, identity, config.sealKnownPeers());
        final RecentPeers recent = RecentPeers.open(home, identity, config.sealKnownPeers());
        final HandledMessages handled = HandledMessages.open(home, identity, config.sealKnownPeers());
        final StealthCache cache = StealthCache.open(home, window, capacity, wallMillis);
        return new Storage(known, recent, handled, cache, cache.guard(), config.seams());
    }

    /** At the end nothing is due: closing saves all. */
    TimerWheel.Timer saveTimer() {
        return saveTimer;
    }

    /** How a timer is set to {@link #SAVE_DELAY_NANOS} from now, unless it is set already. Any thread asks. */
    void alarm(Consumer<TimerWheel.Timer> setUnlessSet) {
        alarm = setUnlessSet;
    }

    KnownPeers known() {
        return known;
    }

    RecentPeers recent() {
        return recent;
    }

    /** Used with an offline delivery only. */
    HandledMessages handled() {
        return handled;
    }

    /** Where a peer gets messages while it is away; empty: nowhere. */
    String offlineAddress(PeerId peer) {
        final KnownPeer present = known.find(peer);
        return present == null ? "" : present.offlineAddress();
    }

    /** Notes that; false if the list is full. */
    boolean offlineAddress(PeerId peer, String address) {
        final boolean kept = known.setOfflineAddress(peer, address, today());
        saveSoon();
        return kept;
    }

    /** Messages were handled that nobody waits to hear of. */
    void saveHandledLater() {
        saveLater();
    }

    /** Writes what is not written; then, if it is on the disk, does what waits for that, on the writer's thread. */
    void saveThen(Runnable saved) {
        try {
            writer.execute(() -> {
                if (save()) {
                    saved.run();
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("closed before all was written");
        }
    }

    /** Housekeeping's. */
    StealthReplayGuard guard() {
        return guard;
    }

    /** We chose the peer: it was dialled, admitted or verified by somebody, or written to. */
    void remember(PeerEntry peer, @Nullable DialTarget dialled) {
        if (!known.remember(peer.id(), peer.nick(), places(dialled), today())) {
            LOG.warn("the list of known peers is full: {} will be new again after a restart", peer.id());
        }
        saveSoon();
    }

    /** The peer came by itself, or was there when we dialled by ourselves. */
    void meet(PeerEntry peer, @Nullable DialTarget dialled) {
        known.meet(peer.id(), peer.nick(), places(dialled), today());
        saveLater();
    }

    /** We write to the peer. Cheap. */
    void writeTo(PeerEntry peer) {
        if (peer.trust() != TrustState.NEW) { // else it will be remembered when it is admitted
            final KnownPeer present = known.find(peer.id());
            if ((present == null || !present.isContact()) && known.hasRoom()) {
                remember(peer, null);
            }
        }
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }

    private static List<String> places(@Nullable DialTarget dialled) {
        return dialled == null
                ? List.of()
                : dialled.places().stream()
                        .filter(place -> STORABLE_HOST.matcher(place.host()).matches())
                        .map(place -> Places.of(place.text(), dialled.stealth()))
                        .toList();
    }

    /** We are connected with the peer. */
    void touch(PeerId peer, InetSocketAddress address, boolean stealth) {
        final String host = address.getAddress().getHostAddress();
        if (STORABLE_HOST.matcher(host).matches()) {
            final String place = new DialTarget.Place(host, address.getPort()).text();
            recent.touch(peer, Places.of(place, stealth), clock.instant());
            saveLater();
        }
    }

    /** Where a peer was met in this run or an earlier one, and how; without places if that is not known. */
    DialTarget lastTarget(PeerId peer, boolean stealth) {
        final List<String> lately = recent.all().stream()
                .filter(candidate -> candidate.id().equals(peer))
                .findFirst()
                .map(RecentPeers.RecentPeer::places)
                .orElse(List.of());
        final List<String> ever = knownPlaces(peer);
        return new DialTarget(
                peer,
                DialTarget.Place.parseAll(lately.isEmpty() ? ever : lately),
                stealth || Places.needStealth(lately) || Places.needStealth(ever),
                peer.toString());
    }

    /** An address without a place is one whose places we may know. A peer that was reached in stealth mode is dialled in no other. */
    DialTarget withSavedPlaces(DialTarget target, PeerId key) {
        final List<String> ever = knownPlaces(key);
        return target.places().isEmpty() && !ever.isEmpty()
                ? new DialTarget(
                        key,
                        DialTarget.Place.parseAll(ever),
                        target.stealth() || Places.needStealth(ever),
                        target.text())
                : target;
    }

    private List<String> knownPlaces(PeerId peer) {
        final KnownPeer present = known.find(peer);
        return present == null ? List.of() : present.places();
    }

    /** The peer is new from now on. */
    void forget(PeerId peer) {
        known.forget(peer);
        recent.forget(peer);
        handled.forget(peer);
        saveSoon();
    }

    /** The peer is not to be dialled after a restart. */
    void leave(PeerId peer) {
        recent.forget(peer);
        saveLater();
    }

    void verify(PeerId peer) {
        known.setVerified(peer, true);
        saveSoon();
    }

    /** Saves what strangers can cause, all of some seconds in one write. */
    private void saveLater() {
        if (known.isUnsaved() || recent.isUnsaved() || handled.isUnsaved()) {
            alarm.accept(saveTimer);
        }
    }

    /** Saves what the user wants: now, and what was wanted in the meantime in one write. */
    private void saveSoon() {
        if (saving.compareAndSet(false, true)) {
            writer.execute(() -> {
                saving.set(false);
                save();
            });
        }
    }

    /** False if the disk does not do. */
    private boolean save() {
        try {
            known.save();
            recent.save();
            handled.save();
            return true;
        } catch (IOException e) {
            LOG.warn("what is known about peers could not be saved; it will be tried again with the next change", e);
            return false;
        }
    }

    /** Brings a verified first flight to disk, then calls back on the writer's thread; never, if that fails. */
    void persist(Id128 flight, long stamp, Runnable persisted) {
        final StealthCache file = cache;
        if (file == null) {
            persisted.run();
            return;
        }
        writer.execute(() -> {
            try {
                file.append(List.of(new StealthReplayGuard.Flight(stamp, flight)), clock.millis());
                persisted.run();
            } catch (IOException e) {
                LOG.warn("a stealth handshake stays unanswered, since it could not be written down", e);
            }
        });
    }

    /** Writes what is not written, and waits for that, but not for long. */
    void close() {
        writer.execute(() -> {
            save();
            if (cache != null) {
                try {
                    cache.close(clock.millis());
                } catch (IOException e) {
                    LOG.warn("the stealth cache was not closed in order", e);
                }
            }
        });
        if (writerThread != null) {
            writerThread.shutdown();
            try {
                if (!writerThread.awaitTermination(CLOSE_WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
                    LOG.warn("the disk is slow: what is known about peers may not be saved");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** As a process that dies does: nothing is saved, and the next one finds no lock. */
    void abandon() {
        if (cache != null) {
            try {
                cache.close();
            } catch (IOException e) {
                LOG.warn("the stealth cache was not closed", e);
            }
        }
    }
}
