package dev.cutlass.proto.handshake;

import dev.cutlass.proto.handshake.ResponderHandshake.Origin;
import dev.cutlass.wire.HandshakePart;
import dev.cutlass.wire.Id128;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All handshakes that others began with us, as a state machine: what {@link HandshakeGate} let through goes in, datagrams and finished
 * handshakes come out of {@link #poll}. docs/protocol.md section 3.5. Memory and work are bounded in every direction. One thread
 * at a time.
 */
public final class InboundHandshakes implements AutoCloseable {
    /** Handshakes with a verified first flight. */
    static final int MAX_OPEN = 4_096;

    /** From here on, too, normal mode wants cookies: half of the places stay for those who receive where they say. */
    static final int MAX_OPEN_WITHOUT_COOKIE = MAX_OPEN / 2;

    /** One network must not take all places. */
    static final int MAX_OPEN_PER_PREFIX = 256;

    /** Stealth: handshakes of one address and port, each of which costs a look at every opaque datagram from there. */
    static final int MAX_STEALTH_PER_ADDRESS = 16;

    static final long OPEN_NANOS = Duration.ofSeconds(10).toNanos();

    /** How long a finished handshake still answers repetitions of flight 3: as long as its initiator can go on dialling. */
    static final long COMPLETED_NANOS = Dial.DEFAULT_TIMEOUT.toNanos();

    private final @Nullable HandshakeKeys stealthKeys;
    private final HandshakeHost host;
    private final CookieJar cookies;
    private final StealthReplayGuard guard;
    private final SecureRandom random;
    private final ReassemblyPool pool = new ReassemblyPool();
    private final Map<Id128, ResponderHandshake> open = new LinkedHashMap<>(); // in the order of their deadlines
    private final Map<Id128, ResponderHandshake> completed = new LinkedHashMap<>(); // likewise
    private final Map<InetSocketAddress, List<ResponderHandshake>> stealthByAddress = new HashMap<>();
    private final Map<AddressPrefix, Integer> openPerPrefix = new HashMap<>();
    private final Map<Dropped, Long> dropped = new EnumMap<>(Dropped.class);
    private final Deque<HandshakeOutput> outputs = new ArrayDeque<>();

    private LocalParty local;

    /**
     * A responder without handshakes.
     *
     * @param stealthKeys as given to the gate; null if we are not reached in stealth mode
     * @param cookies shared with the gate
     * @param guard of stealth mode
     * @param random for keys, nonces and cuts
     */
    public InboundHandshakes(
            LocalParty local,
            @Nullable HandshakeKeys stealthKeys,
            HandshakeHost host,
            CookieJar cookies,
            StealthReplayGuard guard,
            SecureRandom random) {
        this.local = local;
        this.stealthKeys = stealthKeys;
        this.host = host;
        this.cookies = cookies;
        this.guard = guard;
        this.random = random;
    }

    /** Changes what later handshakes say about us. */
    public void setLocal(LocalParty changed) {
        local = changed;
    }

    /** Takes a part that is {@link Verdict.Candidate#forResponder for the responder}. */
    public void handle(Verdict.Candidate candidate, InetSocketAddress from, int channel, long now, long wallMillis) {
        HandshakePart part = candidate.part();
        if (part.type() == HandshakePart.FLIGHT_1) {
            onFirst(candidate, from, channel, now, wallMillis);
            updateDemand();
        } else if (part.type() == HandshakePart.FLIGHT_3) {
            ResponderHandshake handshake = find(part.handshakeId());
            if (handshake == null || handshake.mode() != candidate.mode()) {
                count(Dropped.UNKNOWN_HANDSHAKE);
            } else {
                onThird(handshake, part, candidate.length(), from, channel, now, wallMillis);
            }
        }
    }

    /** Takes a stealth datagram that is {@link Verdict.Opaque#forResponder for the responder}. */
    public void handle(Verdict.Opaque opaque, InetSocketAddress from, int channel, long now, long wallMillis) {
        for (ResponderHandshake handshake : stealthByAddress.getOrDefault(from, List.of())) {
            HandshakePart part = handshake.openThird(opaque.datagram());
            if (part != null) {
                onThird(handshake, part, opaque.datagram().length, from, channel, now, wallMillis);
                return;
            }
        }
        count(Dropped.UNKNOWN_HANDSHAKE);
    }

    /** A first flight that {@link HandshakeOutput.PersistFlight} named is on disk. Ignored if its handshake is over. */
    public void persisted(Id128 handshakeId, long now) {
        ResponderHandshake handshake = open.get(handshakeId);
        if (handshake != null) {
            handshake.answer(this::count, now);
        }
    }

    /** Forgets what is due; early calls do nothing. */
    public void handleTimeout(long now) {
        pool.expire(now);
        expire(open, now);
        expire(completed, now);
        updateDemand();
    }

    /** When {@link #handleTimeout} wants to be called; {@link Long#MAX_VALUE} if nothing is open. */
    public long nextDeadline() {
        return Math.min(pool.nextDeadline(), Math.min(firstDeadline(open), firstDeadline(completed)));
    }

    /** The next thing to do, or null. */
    public @Nullable HandshakeOutput poll() {
        return outputs.poll();
    }

    /** Handshakes whose first flight was verified and that are not finished. */
    public int openCount() {
        return open.size();
    }

    /** First flights that are not complete. */
    public int reassemblyCount() {
        return pool.size();
    }

    /** How often this happened since the start. */
    public long dropped(Dropped reason) {
        return dropped.getOrDefault(reason, 0L);
    }

    /** Wipes and forgets everything. */
    @Override
    public void close() {
        open.values().forEach(ResponderHandshake::close);
        completed.values().forEach(ResponderHandshake::close);
        open.clear();
        completed.clear();
        stealthByAddress.clear();
        openPerPrefix.clear();
        outputs.clear();
    }

    private void onFirst(Verdict.Candidate candidate, InetSocketAddress from, int channel, long now, long wallMillis) {
        HandshakePart part = candidate.part();
        boolean stealth = candidate.mode() == HandshakeMode.STEALTH;
        ResponderHandshake known = find(part.handshakeId());
        if (known != null) {
            if (known.mode() == candidate.mode() && (!stealth || known.remote().equals(from))) {
                known.onFirstAgain(from, channel, candidate.length(), this::count, now);
            }
            return;
        }
        if (stealth && (!guard.isTimely(part.stamp(), wallMillis) || guard.isKnown(part.flightId()))) {
            count(Dropped.REPLAYED);
            return;
        }
        if (!stealth && !candidate.cookie() && open.size() >= MAX_OPEN_WITHOUT_COOKIE) {
            demandCookie(candidate, from, channel, now);
            return;
        }
        ReassemblyPool.Offer offer =
                pool.offer(candidate.mode(), from, part, candidate.length(), candidate.cookie(), now);
        if (offer instanceof ReassemblyPool.Complete complete) {
            accept(candidate, complete, from, channel, now, wallMillis);
        } else if (offer instanceof ReassemblyPool.Refusal refusal) {
            switch (refusal) {
                case INCOMPLETE -> {}
                case COOKIE_NEEDED -> demandCookie(candidate, from, channel, now);
                case FULL -> count(Dropped.NO_ROOM);
                case WRONG_HASH -> count(Dropped.WRONG_HASH);
            }
        }
    }

    private void accept(
            Verdict.Candidate candidate,
            ReassemblyPool.Complete complete,
            InetSocketAddress from,
            int channel,
            long now,
            long wallMillis) {
        boolean stealth = candidate.mode() == HandshakeMode.STEALTH;
        AddressPrefix prefix = AddressPrefix.of(from.getAddress());
        if (open.size() >= MAX_OPEN
                || openPerPrefix.getOrDefault(prefix, 0) >= MAX_OPEN_PER_PREFIX
                || (stealth && !makeRoom(from))) {
            count(Dropped.TOO_MANY_OPEN);
            return;
        }
        HandshakeKeys keys = stealth ? stealthKeys : HandshakeKeys.normal();
        if (keys == null) {
            throw new AssertionError("the gate lets stealth pass, but there are no keys for it");
        }
        ResponderHandshake handshake = ResponderHandshake.accept(
                new Origin(keys, from, channel, complete.budget()),
                complete.flight().toArray(),
                candidate.part(),
                local,
                host,
                random,
                outputs::add,
                this::count,
                now + OPEN_NANOS);
        if (handshake == null) {
            return;
        }
        if (stealth && !guard.admit(handshake.stamp(), handshake.id(), wallMillis)) {
            handshake.close();
            count(Dropped.REPLAYED);
            return;
        }
        open.put(handshake.id(), handshake);
        openPerPrefix.merge(prefix, 1, Integer::sum);
        if (stealth) {
            stealthByAddress.computeIfAbsent(from, address -> new ArrayList<>()).add(handshake);
            outputs.add(new HandshakeOutput.PersistFlight(handshake.id(), handshake.stamp()));
        } else {
            handshake.answerAtOnce(this::count, now);
        }
    }

    private void onThird(
            ResponderHandshake handshake,
            HandshakePart part,
            int length,
            InetSocketAddress from,
            int channel,
            long now,
            long wallMillis) {
        boolean wasCompleted = handshake.isCompleted();
        boolean goesOn =
                handshake.onThird(part, length, from, channel, this::count, now, wallMillis, now + COMPLETED_NANOS);
        if (!goesOn) {
            open.remove(handshake.id());
            forget(handshake);
        } else if (!wasCompleted && handshake.isCompleted()) {
            open.remove(handshake.id());
            uncount(handshake);
            completed.put(handshake.id(), handshake);
        }
        updateDemand();
    }

    /** Stealth: whether one more handshake of this address may be kept. A finished one makes room. */
    private boolean makeRoom(InetSocketAddress from) {
        List<ResponderHandshake> same = stealthByAddress.getOrDefault(from, List.of());
        if (same.size() < MAX_STEALTH_PER_ADDRESS) {
            return true;
        }
        for (ResponderHandshake handshake : same) {
            if (handshake.isCompleted()) {
                completed.remove(handshake.id());
                forget(handshake);
                return true;
            }
        }
        return false;
    }

    private void demandCookie(Verdict.Candidate candidate, InetSocketAddress from, int channel, long now) {
        count(Dropped.COOKIE_NEEDED);
        byte[] demand = cookies.demandFor(candidate.part().handshakeId(), from, candidate.length(), now, random);
        if (demand != null) {
            outputs.add(new HandshakeOutput.Transmit(demand, from, channel));
        }
    }

    private void updateDemand() {
        cookies.demand(pool.isLoaded() || open.size() >= MAX_OPEN_WITHOUT_COOKIE);
    }

    private @Nullable ResponderHandshake find(Id128 handshakeId) {
        ResponderHandshake found = open.get(handshakeId);
        return found != null ? found : completed.get(handshakeId);
    }

    private void expire(Map<Id128, ResponderHandshake> from, long now) {
        Iterator<ResponderHandshake> oldest = from.values().iterator();
        while (oldest.hasNext()) {
            ResponderHandshake next = oldest.next();
            if (next.deadline() > now) {
                return;
            }
            oldest.remove();
            if (!next.isCompleted()) {
                count(Dropped.EXPIRED);
            }
            forget(next);
        }
    }

    /** To be called after it was taken out of its table. */
    private void forget(ResponderHandshake handshake) {
        if (!handshake.isCompleted()) {
            uncount(handshake);
        }
        if (handshake.mode() == HandshakeMode.STEALTH) {
            stealthByAddress.computeIfPresent(handshake.remote(), (address, list) -> {
                list.remove(handshake);
                return list.isEmpty() ? null : list;
            });
        }
        handshake.close();
    }

    private void uncount(ResponderHandshake handshake) {
        openPerPrefix.computeIfPresent(
                AddressPrefix.of(handshake.remote().getAddress()), (same, count) -> count == 1 ? null : count - 1);
    }

    private void count(Dropped reason) {
        dropped.merge(reason, 1L, Long::sum);
    }

    private static long firstDeadline(Map<Id128, ResponderHandshake> from) {
        Iterator<ResponderHandshake> oldest = from.values().iterator();
        return oldest.hasNext() ? oldest.next().deadline() : Long.MAX_VALUE;
    }
}
