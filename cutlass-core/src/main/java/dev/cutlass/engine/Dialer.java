package dev.cutlass.engine;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.ConnectFailure;
import dev.cutlass.proto.handshake.Dial;
import dev.cutlass.proto.handshake.HandshakeFailure;
import dev.cutlass.proto.handshake.HandshakeMode;
import dev.cutlass.proto.handshake.HandshakeOutput;
import dev.cutlass.spi.DatagramPort;
import dev.cutlass.wire.Bytes;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Reaches peers: resolves names, and tries several addresses a moment apart. Housekeeping only.
 */
final class Dialer {
    /** Attempts under way or planned. */
    static final int MAX_ATTEMPTS = 1_024;

    /** RFC 8305 section 5: between the first tries of two addresses. */
    private static final long STAGGER_NANOS = Duration.ofMillis(250).toNanos();

    /**
     * A responder forgets a handshake that is not finished after 10 s (docs/protocol.md section 3.5), so a dial that may take longer begins anew then.
     */
    private static final Duration NORMAL_TRY = Duration.ofSeconds(10);

    /**
     * A stealth flight keeps its time stamp when it is repeated, and a responder that was started after that stamp, by its own clock, never answers it. So a stealth dial begins
     * anew earlier.
     */
    private static final Duration STEALTH_TRY = Duration.ofSeconds(4);

    /** A handshake that has less time is not begun. */
    private static final long SHORTEST_TRY_NANOS = Duration.ofSeconds(1).toNanos();

    private final Handle handle;
    private final DialFailures failures;
    private final Duration timeout;
    private final Set<DialAttempt> attempts = new LinkedHashSet<>();

    Dialer(Handle handle, EngineConfig config) {
        this.handle = handle;
        this.failures = new DialFailures(handle);
        this.timeout = config.times().connectTimeout();
    }

    /** The application wants to be connected. */
    void connect(DialTarget target, CompletableFuture<PeerEntry> future, long now) {
        if (handle.isClosing()) {
            DialFailures.tell(future, ConnectFailure.CLOSED, target, "");
            return;
        }
        final PeerId key = target.key();
        if (key == null) {
            begin(new DialAttempt(target, DialAttempt.Purpose.CONNECT, null, this), List.of(future), now);
            return;
        }
        final PeerEntry peer = key.equals(handle.id()) ? null : handle.peers().entryFor(key);
        if (peer == null) {
            DialFailures.tell(
                    future, key.equals(handle.id()) ? ConnectFailure.SELF : ConnectFailure.TOO_MANY, target, "");
            return;
        }
        peer.parted = false;
        final DialTarget complete = handle.storage().withSavedPlaces(target, key);
        final boolean dials;
        peer.lock.lock();
        try {
            peer.addWaitingLocked(future);
            peer.requested = complete;
            dials = peer.current == null;
        } finally {
            peer.lock.unlock();
        }
        if (!dials) {
            handle.driver().step(peer, () -> handle.driver().admission().recheckLocked(peer), now);
            return;
        }
        final DialAttempt present = peer.attempt;
        if (present == null || present.purpose() != DialAttempt.Purpose.CONNECT) {
            if (present != null) {
                end(present, now);
            }
            begin(new DialAttempt(complete, DialAttempt.Purpose.CONNECT, peer, this), List.of(), now);
        }
    }

    /** Makes an attempt now. */
    void begin(DialAttempt attempt, List<CompletableFuture<PeerEntry>> waiting, long now) {
        attempt.waiting.addAll(waiting);
        register(attempt);
        if (attempts.size() > MAX_ATTEMPTS) {
            attempt.failure = ConnectFailure.TOO_MANY;
            onExhausted(attempt, now);
            return;
        }
        resolve(attempt, now);
    }

    /** Makes an attempt later. */
    void beginAt(DialAttempt attempt, long time) {
        register(attempt);
        handle.schedule(attempt.timer, time);
    }

    /** Whether no more attempts are made by themselves. */
    boolean isFull() {
        return attempts.size() >= MAX_ATTEMPTS;
    }

    private void register(DialAttempt attempt) {
        attempts.add(attempt);
        final PeerEntry peer = attempt.peer();
        if (peer != null) {
            setAttempt(peer, attempt);
        }
    }

    private static void setAttempt(PeerEntry peer, @Nullable DialAttempt attempt) {
        peer.lock.lock();
        try {
            peer.attempt = attempt;
            peer.updateStateLocked();
        } finally {
            peer.lock.unlock();
        }
    }

    private void resolve(DialAttempt attempt, long now) {
        attempt.resolved = true;
        if (attempt.target().places().isEmpty()) {
            attempt.failure = ConnectFailure.NO_ADDRESS;
            onExhausted(attempt, now);
            return;
        }
        handle.names()
                .resolve(
                        attempt.target().places(),
                        (addresses, unknown) -> handle.request(time -> onResolved(attempt, addresses, unknown, time)));
    }

    private void onResolved(DialAttempt attempt, List<InetSocketAddress> addresses, String unknown, long now) {
        if (attempt.over) {
            return;
        }
        if (!unknown.isEmpty()) {
            attempt.note(ConnectFailure.UNKNOWN_HOST, unknown);
        }
        attempt.remaining.addAll(addresses);
        attempt.deadline = now + timeout.toNanos();
        next(attempt, now);
    }

    /** Its pause is over, or it is the next address's turn. */
    void onTimer(DialAttempt attempt, long now) {
        if (attempt.over) {
            return;
        }
        if (attempt.resolved) {
            next(attempt, now);
        } else {
            resolve(attempt, now);
        }
    }

    private void next(DialAttempt attempt, long now) {
        final InetSocketAddress address = attempt.remaining.poll();
        if (address != null) {
            final Dial dial = new Dial(
                    attempt.stealth ? HandshakeMode.STEALTH : HandshakeMode.NORMAL,
                    address,
                    DatagramPort.BOUND,
                    expected(attempt.target()),
                    Bytes.EMPTY,
                    Bytes.EMPTY,
                    Duration.ofNanos(Math.min(
                            (attempt.stealth ? STEALTH_TRY : NORMAL_TRY).toNanos(),
                            Math.max(attempt.deadline - now, 1))));
            final DialEntry entry = handle.handshakes().dial(attempt, dial, now);
            if (entry == null) {
                attempt.failure = ConnectFailure.TOO_MANY;
                attempt.remaining.clear();
            } else {
                attempt.open.add(entry);
            }
        }
        if (!attempt.remaining.isEmpty()) {
            handle.schedule(attempt.timer, now + STAGGER_NANOS);
        } else if (attempt.open.isEmpty()) {
            onExhausted(attempt, now);
        }
    }

    /** Who must answer: the key that was dialled, or the one that we saved for this address. */
    private @Nullable PeerId expected(DialTarget target) {
        if (target.key() != null) {
            return target.key();
        }
        final Set<PeerId> saved = new LinkedHashSet<>();
        for (DialTarget.Place place : target.places()) {
            handle.storage().known().findByPlace(place.text()).forEach(known -> saved.add(known.id()));
        }
        return saved.size() == 1 ? saved.iterator().next() : null;
    }

    /** A handshake came to nothing. */
    void onFailed(DialEntry dial, HandshakeOutput.Failed failed, long now) {
        final DialAttempt attempt = dial.attempt();
        final ConnectionEntry connection = dial.connection();
        attempt.open.remove(dial);
        if (failed.reason() != HandshakeFailure.CANCELLED && !attempt.over) {
            failures.note(dial, failed);
            handle.driver().witness().failed(dial, failed.reason(), now);
            final boolean silent =
                    failed.reason() == HandshakeFailure.TIMED_OUT || failed.reason() == HandshakeFailure.UNCONFIRMED;
            if (silent && now + SHORTEST_TRY_NANOS <= attempt.deadline) {
                attempt.remaining.add(dial.handshake().remote());
            }
            if (attempt.open.isEmpty()) {
                if (attempt.remaining.isEmpty()) {
                    onExhausted(attempt, now);
                } else {
                    next(attempt, now);
                }
            }
        }
        if (connection != null) {
            handle.driver().step(connection, Dialer::disposeUnconfirmed, now);
        }
    }

    /** The other side is ourselves, or there is no room for another peer. */
    void onRefused(DialEntry dial, boolean self, long now) {
        final DialAttempt attempt = dial.attempt();
        handle.handshakes().cancel(dial);
        attempt.open.remove(dial);
        attempt.note(self ? ConnectFailure.SELF : ConnectFailure.TOO_MANY, "");
        if (attempt.open.isEmpty() && attempt.remaining.isEmpty()) {
            onExhausted(attempt, now);
        }
    }

    /** Nothing is left to be tried. */
    private void onExhausted(DialAttempt attempt, long now) {
        final PeerEntry peer = attempt.peer();
        end(attempt, now);
        failures.tellWaiting(attempt);
        long pause = -1;
        if (peer != null) {
            failures.tellWaiting(peer, attempt, now);
            pause = handle.redialer().planIfAway(peer, now);
        }
        failures.report(attempt, pause);
    }

    /** The peer answered, and proved a key. Its other addresses need not be tried any more. */
    void onCompleted(DialEntry dial, PeerEntry peer, long now) {
        final DialAttempt attempt = dial.attempt();
        attempt.remaining.clear();
        handle.cancel(attempt.timer);
        for (DialEntry other : List.copyOf(attempt.open)) {
            if (other != dial) {
                handle.handshakes().cancel(other);
                attempt.open.remove(other);
            }
        }
        peer.lock.lock();
        try {
            if (!attempt.waiting.isEmpty()) {
                attempt.waiting.forEach(peer::addWaitingLocked);
                peer.requested = attempt.target().withKey(peer.id());
                attempt.waiting.clear();
            }
            if (peer.attempt == null) {
                peer.attempt = attempt;
            }
            peer.updateStateLocked();
        } finally {
            peer.lock.unlock();
        }
        attempt.found = peer;
    }

    /** The peer's first packet came. */
    void onConfirmed(DialEntry dial, long now) {
        end(dial.attempt(), now);
    }

    /** Both sides have admitted each other. */
    void onEstablished(PeerEntry peer, long now) {
        peer.failedAttempts = 0;
        final DialAttempt attempt = peer.attempt;
        if (attempt != null && attempt.open.isEmpty()) {
            end(attempt, now);
        }
    }

    /** The peer dialled us. Our own dial is not needed any more, unless its last flight, with our key, has left already. docs/protocol.md section 3.7. */
    void onInbound(PeerEntry peer, long now) {
        final DialAttempt attempt = peer.attempt;
        if (attempt != null
                && attempt.open.stream().noneMatch(dial -> dial.handshake().isCommitted())) {
            end(attempt, now);
        }
    }

    /** Whatever of an attempt is still under way ends in silence. */
    private void end(DialAttempt attempt, long now) {
        if (attempt.over) {
            return;
        }
        attempt.over = true;
        attempts.remove(attempt);
        handle.cancel(attempt.timer);
        for (DialEntry dial : List.copyOf(attempt.open)) {
            handle.handshakes().cancel(dial);
            final ConnectionEntry connection = dial.connection();
            if (connection != null && connection.dial == dial) {
                handle.driver().step(connection, Dialer::disposeUnconfirmed, now);
            }
        }
        attempt.open.clear();
        for (PeerEntry peer : new PeerEntry[] {attempt.peer(), attempt.found}) {
            if (peer != null && peer.attempt == attempt) {
                setAttempt(peer, null);
            }
        }
    }

    /** A confirmed one is no part of the dial any more, even if housekeeping has not been told yet: whoever ends it says so to the peer. */
    private static void disposeUnconfirmed(ConnectionEntry entry, long now) {
        if (!entry.confirmed) {
            entry.connection.dispose();
        }
    }

    /** Does not dial this peer any more. */
    void forget(PeerEntry peer, long now) {
        final DialAttempt attempt = peer.attempt;
        peer.lock.lock();
        try {
            peer.wanted = null;
        } finally {
            peer.lock.unlock();
        }
        if (attempt != null) {
            attempt.failure = ConnectFailure.CLOSED;
            end(attempt, now);
            failures.tellWaiting(peer, attempt, now);
        }
    }

    /** The engine ends. */
    void close(long now) {
        for (DialAttempt attempt : List.copyOf(attempts)) {
            attempt.failure = ConnectFailure.CLOSED;
            attempt.detail = "";
            end(attempt, now);
            failures.tellWaiting(attempt);
        }
    }
}
