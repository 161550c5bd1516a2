package dev.cutlass.proto.handshake;

import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.HandshakePart;
import dev.cutlass.wire.Id128;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The first flights of strangers while their parts come in: the only memory that somebody without a handshake can make an engine
 * use, so it is counted in every direction. docs/protocol.md section 3.5.
 *
 * <p>A reassembly belongs to the address it comes from: nobody can spoil the flight of another from elsewhere.
 */
final class ReassemblyPool {
    /** Normal mode without cookies; as many again for those who hold one. */
    static final int MAX_WITHOUT_COOKIE = 1_024;

    static final int MAX_NORMAL = 2 * MAX_WITHOUT_COOKIE;
    static final int MAX_BYTES_WITHOUT_COOKIE = 2 << 20;
    static final int MAX_BYTES_NORMAL = 2 * MAX_BYTES_WITHOUT_COOKIE;

    /** A cookie costs its holder one round trip, so one network must not be able to take all places with it. */
    static final int MAX_WITH_COOKIE_PER_PREFIX = 64;

    /**
     * Above, the eldest goes: there are no cookies in stealth mode, the parts of an honest flight come together, and who floods us must not be able to
     * hold all places for their whole life.
     */
    static final int MAX_STEALTH = 1_024;

    static final int MAX_STEALTH_PER_PREFIX = 16;
    static final long LIFETIME_NANOS = Duration.ofSeconds(10).toNanos();

    // In the order of their ends, for all live equally long:
    private final Map<Key, Entry> normalEntries = new LinkedHashMap<>();
    private final Map<Key, Entry> stealthEntries = new LinkedHashMap<>();
    private final Map<AddressPrefix, Integer> stealthPerPrefix = new HashMap<>();
    private final Map<AddressPrefix, Integer> withCookiePerPrefix = new HashMap<>();
    private int normalBytes;

    /**
     * Takes a part of a first flight.
     *
     * @param datagramLength what counts for the address's amplification budget
     * @param cookie whether a valid cookie came with it
     */
    Offer offer(
            HandshakeMode mode,
            InetSocketAddress from,
            HandshakePart part,
            int datagramLength,
            boolean cookie,
            long now) {
        expire(now);
        Key key = new Key(part.flightId(), part.total(), part.stamp(), mode, from);
        if (mode == HandshakeMode.NORMAL && isLoaded() && !cookie) {
            return Refusal.COOKIE_NEEDED;
        }
        Entry entry = entries(mode).get(key);
        if (entry == null) {
            entry = open(key, mode, part, cookie, now);
            if (entry == null) {
                return Refusal.FULL;
            }
        }
        entry.budget.received(datagramLength);
        if (!entry.reassembly.add(part.offset(), part.data())) {
            return Refusal.INCOMPLETE;
        }
        remove(key);
        byte[] flight = entry.reassembly.take(part.flightId());
        return flight == null ? Refusal.WRONG_HASH : new Complete(Bytes.of(flight), entry.budget);
    }

    /** Whether normal mode takes only parts with a cookie now. */
    boolean isLoaded() {
        return normalEntries.size() >= MAX_WITHOUT_COOKIE || normalBytes >= MAX_BYTES_WITHOUT_COOKIE;
    }

    /** Forgets what is older than {@link #LIFETIME_NANOS}. */
    void expire(long now) {
        expire(normalEntries, now);
        expire(stealthEntries, now);
    }

    private void expire(Map<Key, Entry> entries, long now) {
        Iterator<Map.Entry<Key, Entry>> oldest = entries.entrySet().iterator();
        while (oldest.hasNext()) {
            Map.Entry<Key, Entry> next = oldest.next();
            if (next.getValue().deadline > now) {
                return;
            }
            oldest.remove();
            uncount(next.getKey(), next.getValue());
        }
    }

    /** When the next one is to be forgotten; {@link Long#MAX_VALUE} if there is none. */
    long nextDeadline() {
        return Math.min(firstDeadline(normalEntries), firstDeadline(stealthEntries));
    }

    private static long firstDeadline(Map<Key, Entry> entries) {
        Iterator<Entry> oldest = entries.values().iterator();
        return oldest.hasNext() ? oldest.next().deadline : Long.MAX_VALUE;
    }

    int size() {
        return normalEntries.size() + stealthEntries.size();
    }

    private Map<Key, Entry> entries(HandshakeMode mode) {
        return mode == HandshakeMode.STEALTH ? stealthEntries : normalEntries;
    }

    private @Nullable Entry open(Key key, HandshakeMode mode, HandshakePart part, boolean cookie, long now) {
        AddressPrefix prefix = key.prefix();
        if (mode == HandshakeMode.STEALTH) {
            if (stealthPerPrefix.getOrDefault(prefix, 0) >= MAX_STEALTH_PER_PREFIX) {
                return null;
            }
            if (stealthEntries.size() >= MAX_STEALTH) {
                remove(stealthEntries.keySet().iterator().next());
            }
        } else if (normalEntries.size() >= MAX_NORMAL
                || normalBytes + part.total() > MAX_BYTES_NORMAL
                || (cookie && withCookiePerPrefix.getOrDefault(prefix, 0) >= MAX_WITH_COOKIE_PER_PREFIX)) {
            return null;
        }
        Entry entry = new Entry(mode, cookie, new Reassembly(part.total()), now + LIFETIME_NANOS);
        entries(mode).put(key, entry);
        if (mode == HandshakeMode.STEALTH) {
            stealthPerPrefix.merge(prefix, 1, Integer::sum);
        } else {
            normalBytes += part.total();
            if (cookie) {
                withCookiePerPrefix.merge(prefix, 1, Integer::sum);
            }
        }
        return entry;
    }

    private void remove(Key key) {
        Entry removed = entries(key.mode).remove(key);
        if (removed != null) {
            uncount(key, removed);
        }
    }

    private void uncount(Key key, Entry removed) {
        if (removed.mode == HandshakeMode.STEALTH) {
            decrement(stealthPerPrefix, key.prefix());
        } else {
            normalBytes -= removed.reassembly.total();
            if (removed.cookie) {
                decrement(withCookiePerPrefix, key.prefix());
            }
        }
    }

    private static void decrement(Map<AddressPrefix, Integer> counts, AddressPrefix prefix) {
        counts.computeIfPresent(prefix, (same, count) -> count == 1 ? null : count - 1);
    }

    /** What became of a part. */
    sealed interface Offer permits Complete, Refusal {}

    /** The whole flight, and what its sender may be answered with. */
    record Complete(Bytes flight, AmplificationBudget budget) implements Offer {}

    /** No flight, and why. */
    enum Refusal implements Offer {
        /** Kept; more is to come. */
        INCOMPLETE,
        /** Not kept: the sender must first show that it receives at its address. */
        COOKIE_NEEDED,
        /** Not kept: no room. */
        FULL,
        /** All parts forgotten: together they are not the flight that they name. */
        WRONG_HASH
    }

    /**
     * All that parts must agree in to be put together: a forged one that contradicts the others opens a reassembly of its own and is
     * not in their way. Ordered only so that the table stays fast when strangers choose ids that collide.
     */
    private record Key(Id128 flightId, int total, long stamp, HandshakeMode mode, InetSocketAddress from)
            implements Comparable<Key> {
        AddressPrefix prefix() {
            return AddressPrefix.of(from.getAddress());
        }

        @Override
        public int compareTo(Key other) {
            int byHigh = Long.compare(flightId.high(), other.flightId.high());
            return byHigh != 0 ? byHigh : Long.compare(flightId.low(), other.flightId.low());
        }
    }

    private static final class Entry {
        final HandshakeMode mode;
        final boolean cookie;
        final Reassembly reassembly;
        final long deadline;
        final AmplificationBudget budget = new AmplificationBudget();

        Entry(HandshakeMode mode, boolean cookie, Reassembly reassembly, long deadline) {
            this.mode = mode;
            this.cookie = cookie;
            this.reassembly = reassembly;
            this.deadline = deadline;
        }
    }
}
