package dev.cutlass.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.cutlass.crypto.PeerId;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Collections;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Who is who: peers by root key, each of which knows its devices and their connections; connections by the ids that we gave to the other side, the fast path of every packet; and direct
 * connections by address, port, protocol and group. Reads take no lock. Only housekeeping writes.
 */
final class ConnectionTable {
    /** Peers that an engine keeps in mind; later strangers are not answered. */
    static final int MAX_PEERS = 100_000;

    private final RankedLock lock = new RankedLock(LockRank.CONNECTION_TABLE);
    private final ConcurrentHashMap<PeerId, PeerEntry> byKey = new ConcurrentHashMap<>();
    private final LongTable<ConnectionEntry> byId = new LongTable<>();
    private final ConcurrentHashMap<AddressKey, ConnectionEntry> byAddress = new ConcurrentHashMap<>();

    /** How many connections are in it. */
    @GuardedBy("lock")
    private int connections;

    /** Housekeeping only. */
    private long firstNumber;

    /** What a direct connection is known by before its packets carry an id. Small: there is one for each connection. */
    static final class AddressKey {
        private static final byte UDP = 17;
        private static final int GROUP_LENGTH = 16;
        private static final int IPV6_LENGTH = 16;
        private static final int IPV4_LENGTH = 4;

        /** In front of an IPv4 address: RFC 4291 section 2.5.5.2. */
        private static final long MAPPED = 0xffffL << Integer.SIZE;

        private final long high;
        private final long low;
        private final char port;

        AddressKey(InetSocketAddress address) {
            final ByteBuffer raw = ByteBuffer.wrap(address.getAddress().getAddress());
            final boolean old = raw.remaining() == IPV4_LENGTH;
            high = old ? 0 : raw.getLong();
            low = old ? MAPPED | Integer.toUnsignedLong(raw.getInt()) : raw.getLong();
            port = (char) address.getPort();
        }

        /** In network byte order: address (16; IPv4 mapped) || port (2) || protocol (1) || group (16; zero: none). */
        byte[] toArray() {
            return ByteBuffer.allocate(IPV6_LENGTH + Short.BYTES + 1 + GROUP_LENGTH)
                    .putLong(high)
                    .putLong(low)
                    .putChar(port)
                    .put(UDP)
                    .array();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof AddressKey that && high == that.high && low == that.low && port == that.port;
        }

        @Override
        public int hashCode() {
            return (Long.hashCode(high) * 31 + Long.hashCode(low)) * 31 + port;
        }
    }

    @Nullable
    PeerEntry peer(PeerId id) {
        return byKey.get(id);
    }

    Collection<PeerEntry> peers() {
        return Collections.unmodifiableCollection(byKey.values());
    }

    @Nullable
    ConnectionEntry connection(long id) {
        return byId.get(id);
    }

    @Nullable
    ConnectionEntry connection(InetSocketAddress address) {
        return byAddress.get(new AddressKey(address));
    }

    /** Housekeeping only. False if the table is full. */
    boolean add(PeerEntry peer) {
        lock.lock();
        try {
            return byKey.size() < MAX_PEERS && byKey.putIfAbsent(peer.id(), peer) == null;
        } finally {
            lock.unlock();
        }
    }

    /** Above every number of a message that was sent to a peer that is forgotten, who may come back. Housekeeping only. */
    long firstNumber() {
        return firstNumber;
    }

    /** Housekeeping only: makes room by forgetting the peers of whom nothing would be lost. */
    void evictIdle() {
        lock.lock();
        try {
            byKey.values().removeIf(this::isIdle);
        } finally {
            lock.unlock();
        }
    }

    private boolean isIdle(PeerEntry peer) {
        peer.lock.lock();
        try {
            if (!peer.isIdleLocked()) {
                return false;
            }
            firstNumber = Math.max(firstNumber, peer.conversation.nextNumber());
            return true;
        } finally {
            peer.lock.unlock();
        }
    }

    /** Housekeeping only. */
    void add(ConnectionEntry connection, long firstId, InetSocketAddress remote) {
        lock.lock();
        try {
            connections++;
            byId.put(firstId, connection);
            byAddress.put(new AddressKey(remote), connection);
        } finally {
            lock.unlock();
        }
    }

    /** Housekeeping only: from now on packets with this id too are the connection's. */
    void addId(long id, ConnectionEntry connection) {
        lock.lock();
        try {
            byId.put(id, connection);
        } finally {
            lock.unlock();
        }
    }

    /** Housekeeping only. */
    void removeId(long id) {
        lock.lock();
        try {
            byId.remove(id);
        } finally {
            lock.unlock();
        }
    }

    /** Housekeeping only: takes out a connection with all its ids. */
    void remove(FewLongs ids, InetSocketAddress remote, ConnectionEntry connection) {
        lock.lock();
        try {
            connections--;
            ids.forEach(byId::remove);
            byAddress.remove(new AddressKey(remote), connection);
        } finally {
            lock.unlock();
        }
    }

    /** Housekeeping only: the connection's packets go somewhere else now. */
    void move(ConnectionEntry connection, InetSocketAddress from, InetSocketAddress to) {
        lock.lock();
        try {
            byAddress.remove(new AddressKey(from), connection);
            byAddress.put(new AddressKey(to), connection);
        } finally {
            lock.unlock();
        }
    }

    int connections() {
        lock.lock();
        try {
            return connections;
        } finally {
            lock.unlock();
        }
    }

    int ids() {
        return byId.size();
    }
}
