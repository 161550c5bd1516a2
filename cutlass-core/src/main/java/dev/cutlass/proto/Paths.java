package dev.cutlass.proto;

import dev.cutlass.proto.recovery.Deadlines;
import dev.cutlass.wire.AckRanges;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where packets go: docs/protocol.md section 4.5. At most four places: the primary path; the one used before, to fall back to; one that
 * we probe; one from where the peer has begun to send. The last two are not used for anything but PATH frames until they answered a
 * challenge.
 */
final class Paths {
    /** A challenge goes out this often, with growing distance, before a path is given up. */
    static final int MAX_CHALLENGES = 3;

    /** RFC 9000 section 9.3: an address that was the peer's so short a while ago needs no new challenge before it is used again. */
    static final long RECENT_NANOS = TimeUnit.SECONDS.toNanos(60);

    /** So many paths there may be. */
    static final int PLACES = 4;

    private final PathHost host;
    private final RemoteIds remoteIds;
    private final RandomGenerator random;
    private Path primary;
    private @Nullable Path fallback;
    private @Nullable Path probe;
    private @Nullable Path visitor;

    Paths(PathHost host, RandomGenerator random, InetSocketAddress address, int channel) {
        this.host = host;
        remoteIds = host.remoteIds();
        this.random = random;
        final RemoteId first = remoteIds.first();
        primary = new Path(
                address, channel, first, host.recoveryOf(first), host.newMtu(), false, true); // by the handshake
        primary.recovery().setDatagramBytes(primary.mtu().size());
    }

    /** The path that everything goes to; always validated. */
    Path primary() {
        return primary;
    }

    @Nullable
    Path fallback() {
        return fallback;
    }

    /** The path at one of {@link #PLACES} places, the primary at the first; null if there is none. No list: every packet of a connection that moved once comes by here. */
    @Nullable
    Path at(int place) {
        return switch (place) {
            case 0 -> primary;
            case 1 -> fallback;
            case 2 -> probe;
            default -> visitor;
        };
    }

    /** All paths, the primary first; a copy. */
    List<Path> all() {
        return Stream.of(primary, fallback, probe, visitor)
                .filter(Objects::nonNull)
                .toList();
    }

    /** Whether nothing but the primary path exists. */
    boolean isSingle() {
        return fallback == null && probe == null && visitor == null;
    }

    /** Opens a path on purpose; an earlier probe that has not ended is given up. */
    void probe(InetSocketAddress address, int channel, long now) {
        final Path old = probe;
        probe = null;
        releaseIfAny(old, now);
        probe = newPath(address, channel, true, false);
    }

    /**
     * Our own address may have changed: from here on nothing that was sent from the old one tells who we are. So all goes on at once under an
     * id that was not used before, over the bound socket (others have the old address), and everything else that was tried is forgotten. What
     * was in flight goes out again. Without a fresh id the present path is only tried anew.
     */
    void onNetworkChanged(long now) {
        final RemoteId unused = remoteIds.unused();
        if (unused == null) {
            probe(primary.address(), primary.channel(), now);
            return;
        }
        final Path before = primary;
        final Path path = new Path(before.address(), 0, unused, host.recoveryOf(unused), host.newMtu(), false, true);
        primary = path;
        final @Nullable Path[] others = {fallback, probe, visitor};
        fallback = before; // one after the other: two may share an id or a channel
        releaseIfAny(others[0], now);
        probe = null;
        releaseIfAny(others[1], now);
        visitor = null;
        releaseIfAny(others[2], now);
        fallback = null;
        release(before, now);
        path.startChallenge(random.nextLong()); // a full datagram, so that the peer may challenge us with one
        host.used(path, now);
    }

    /** Where a packet came from counts for the 3x rule. */
    void onReceived(PacketSource from) {
        final Path path = visitor;
        if (path != null && path.leadsTo(from)) {
            path.onReceived(from.bytes());
        }
    }

    /**
     * A PATH_CHALLENGE came.
     *
     * @return whether it came over the path that we use. Then somebody may have brought the peer to look elsewhere for us, and a packet that is
     *     no mere answer calls it back: RFC 9000 section 9.3.3.
     */
    boolean onChallenge(long data, PacketSource from, long now) {
        Path path = find(from);
        if (path == null) {
            if (!mayLeadTo(from.address())) {
                return false;
            }
            path = visit(from, now);
        }
        path.respond(data, from.bytes());
        return path == primary;
    }

    /**
     * RFC 9000 section 21.5.6: nobody moves us to where only our own machine, or many machines, listen. Private addresses are allowed: a peer
     * may come home into our network.
     */
    private boolean mayLeadTo(InetSocketAddress address) {
        final InetAddress host = address.getAddress();
        return !host.isAnyLocalAddress()
                && !host.isMulticastAddress()
                && (!host.isLoopbackAddress() || primary.address().getAddress().isLoopbackAddress());
    }

    /** A PATH_RESPONSE came; it counts only if it comes from where the challenge went. */
    void onResponse(long data, PacketSource from, long now) {
        final Path probed = probe;
        if (probed != null && probed.leadsTo(from) && probed.isAnsweredBy(data)) {
            probe = null;
            probed.validate();
            use(probed, now);
            return;
        }
        final Path visited = visitor;
        if (visited != null && visited.leadsTo(from) && visited.isAnsweredBy(data)) {
            visited.validate();
            if (visited.isWanted()) {
                follow(visited, now);
            }
            return;
        }
        final Path old = fallback;
        if (old != null && old.leadsTo(from) && old.challenge() == data) {
            old.validate(); // no more than that: the packet that comes along with it decides
        }
    }

    /**
     * The peer seems to have moved. If it did not, and somebody only forwards its packets faster than its own path does, a challenge on that
     * path makes it say so: RFC 9000 section 9.3.3.
     */
    private void follow(Path visited, long now) {
        final Path before = primary;
        visitor = null;
        if (before.via() != visited.via()) {
            before.recovery().abandon(now); // it went to where the peer was; all of it goes out again, at once
        }
        use(visited, now);
        if (before == fallback) {
            before.startChallenge(random.nextLong());
        }
    }

    /**
     * A packet with a number higher than all before it, and more in it than PATH frames, came. Only the peer's address says that it moved:
     * which of our sockets it sends to follows, later, from where our packets come.
     */
    void onNewest(PacketSource from, long now) {
        final Path visited = visitor;
        if (primary.address().equals(from.address())) {
            if (visited != null) {
                visited.want(false); // somebody may have repeated an older packet from elsewhere
            }
            return;
        }
        final Path old = fallback;
        if (old != null && old.address().equals(from.address()) && now - old.leftAt() <= RECENT_NANOS) {
            fallback = null;
            use(old, now);
            return;
        }
        if (probe != null && probe.address().equals(from.address())) {
            return; // our own challenge decides
        }
        if (!mayLeadTo(from.address())) {
            return;
        }
        final Path path = visited != null && visited.leadsTo(from) ? visited : visit(from, now);
        path.want(true);
        if (path.isValidated()) {
            follow(path, now);
        }
    }

    /** The system says that nobody listens there: true if another path took over. */
    boolean onFailed(int channel, long now) {
        final Path probed = probe;
        if (probed != null && probed.channel() == channel) {
            probe = null;
            release(probed, now);
        }
        final Path visited = visitor;
        if (visited != null && visited.channel() == channel) {
            visitor = null;
            release(visited, now);
        }
        final Path old = fallback;
        if (old != null && old.channel() == channel && primary.channel() != channel) {
            fallback = null;
            release(old, now);
            return false;
        }
        if (primary.channel() != channel || old == null || old.channel() == channel) {
            return false;
        }
        final Path failed = primary;
        fallback = null;
        primary = old;
        release(failed, now);
        host.used(old, now);
        return true;
    }

    /** The primary path does not answer: tries the one before it. False if there is none. */
    boolean fallBack(long now) {
        final Path old = fallback;
        if (old == null) {
            return false;
        }
        fallback = null;
        use(old, now);
        return true;
    }

    /** An id that no path uses is not wanted any more. */
    void retire(RemoteId unused) {
        host.retire(unused);
    }

    /** The peer wants its ids below {@code sequence} back. The primary path keeps its own while there is no other. */
    void retireBelow(long sequence, long now) {
        if (fallback != null && fallback.via().sequence() < sequence) {
            final Path old = fallback;
            fallback = null;
            release(old, now);
        }
        if (probe != null && probe.via().sequence() < sequence) {
            final Path old = probe;
            probe = null;
            release(old, now);
        }
        if (visitor != null && visitor.via().sequence() < sequence) {
            final Path old = visitor;
            visitor = null;
            release(old, now);
        }
        final RemoteId unused = primary.via().sequence() < sequence ? remoteIds.unused() : null;
        if (unused != null) {
            final Path old = primary;
            old.mtu().onNewNumbers();
            primary = new Path(old.address(), old.channel(), unused, host.recoveryOf(unused), old.mtu(), false, true);
            primary.recovery().setDatagramBytes(primary.mtu().size());
            release(old, now);
        }
    }

    /** An ACK of a path id arrived. */
    void onAck(long pathId, AckRanges ranges, long now) {
        if (primary.via().sequence() == pathId) {
            primary.onAck(ranges, now);
        }
    }

    /** When {@link #onTimeout} has something to do. */
    long deadline() {
        return Math.min(deadlineOf(probe), deadlineOf(visitor));
    }

    private static long deadlineOf(@Nullable Path path) {
        return path == null ? Deadlines.NONE : path.challengeDeadline();
    }

    void onTimeout(long now) {
        final Path probed = probe;
        if (probed != null && probed.isUnanswered(now)) {
            probe = null;
            release(probed, now);
        }
        final Path visited = visitor;
        if (visited != null && visited.isUnanswered(now)) {
            visitor = null;
            release(visited, now);
        }
    }

    private @Nullable Path find(PacketSource from) {
        return all().stream().filter(path -> path.leadsTo(from)).findFirst().orElse(null); // seldom asked
    }

    private Path visit(PacketSource from, long now) {
        final Path old = visitor;
        visitor = null;
        releaseIfAny(old, now);
        final Path path = newPath(from.address(), from.channel(), from.freshId(), true);
        path.onReceived(from.bytes());
        visitor = path;
        return path;
    }

    private Path newPath(InetSocketAddress address, int channel, boolean freshId, boolean byPeer) {
        final RemoteId unused = freshId ? remoteIds.unused() : null;
        final RemoteId via = unused == null ? primary.via() : unused;
        final Path path = new Path(address, channel, via, host.recoveryOf(via), host.newMtu(), byPeer, false);
        path.startChallenge(random.nextLong());
        return path;
    }

    private void use(Path path, long now) {
        final Path before = primary;
        final Path older = fallback;
        primary = path;
        if (path.leadsTo(before.address(), before.channel())) {
            release(before, now); // only the id changed
        } else {
            fallback = before;
            before.leave(now);
            if (older != null) {
                release(older, now);
            }
        }
        final boolean sameHost =
                path.address().getAddress().equals(before.address().getAddress());
        if (path.via() == before.via() && !sameHost) {
            // RFC 9000 section 9.4: not for a change of the port alone; what was sent the other way says nothing about
            // this one
            path.recovery().abandon(now);
            path.recovery().onPathChanged(now);
        }
        host.used(path, now);
    }

    private void releaseIfAny(@Nullable Path path, long now) {
        if (path != null) {
            release(path, now);
        }
    }

    /** Forgets a path that no field holds any more. */
    private void release(Path path, long now) {
        boolean idUsed = false;
        boolean channelUsed = path.channel() == 0;
        for (int i = 0; i < PLACES; i++) {
            final Path other = at(i);
            if (other != null) {
                idUsed |= other.via() == path.via();
                channelUsed |= other.channel() == path.channel();
            }
        }
        if (!idUsed) {
            path.recovery().abandon(now);
            host.retire(path.via());
        }
        if (!channelUsed) {
            host.free(path.channel());
        }
    }
}
