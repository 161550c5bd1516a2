package dev.cutlass.engine;

import dev.cutlass.event.CloseReason;
import dev.cutlass.proto.Connection;
import dev.cutlass.proto.PacketDrop;
import dev.cutlass.proto.handshake.ConnectionArbiter;
import dev.cutlass.proto.handshake.HandshakeMode;
import dev.cutlass.proto.handshake.HandshakeResult;
import dev.cutlass.spi.DatagramPort;
import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.Id128;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One connection of a peer, and what the engine has to remember about it. On the disposal stack when housekeeping has something to do for it. */
final class ConnectionEntry extends DisposalStack.Disposable {
    /** Back on the bound socket, a PONG that tells of the other one may still be under way for so long. */
    private static final long LATE_PONG_NANOS = Duration.ofSeconds(5).toNanos();

    final PeerEntry peer;

    /** We dialled. */
    final boolean initiator;

    final HandshakeMode mode;

    final Id128 handshakeId;
    final Id128 remoteBootId;
    final @Nullable Id128 seen;
    final Bytes remoteStaticKey;

    /** What the peer called itself in the handshake. */
    final String nick;

    final Connection connection;
    final TimerWheel.Timer timer;
    final long createdAt;

    /** What was dialled; null if the peer dialled. */
    final @Nullable DialTarget target;

    // Under the peer's lock:

    /** Both sides are known to have the keys. */
    boolean confirmed;

    /** We admitted the peer on it. */
    boolean admitted;

    /** Somebody decided to admit the peer, not the policy. */
    boolean chosen;

    /** The peer admitted us on it. */
    boolean admittedByPeer;

    /** Over for the application. */
    boolean ending;

    /** Over altogether. */
    boolean closed;

    /** Our channels were opened on it. */
    boolean channelsAsked;

    /** It counts among those that wait for a decision. */
    boolean undecided;

    /** New keys are to be made. */
    boolean rekeyWaits;

    /** The connection wants another beside it. */
    boolean wantsAnother;

    /** The peer may be dialled again: see {@link Redialer#onLost}. */
    @Nullable
    CloseReason lost;

    /** Both sides have admitted each other, which housekeeping has not seen yet. */
    boolean established;

    /** How long the handshake took; 0 if we did not dial. */
    long handshakeNanos;

    /** How many packets of the present path were lost, under which epoch's keys packets were sent, and how large they could be, after the last input: see {@link Witness}. */
    long lostSeen;

    long epochSeen;

    int sizeSeen;

    final long dialledAt;

    /** Ids to be put into the table by housekeeping; null if there are none. */
    private @Nullable FewLongs issued;

    /** And those to be taken out. */
    private @Nullable FewLongs retired;

    /**
     * From when on what the peer sees is the address of the bound socket; {@link TimerWheel#NEVER} while packets leave by a socket of this connection, which nobody else
     * could dial.
     */
    long boundSince;

    /** Volatile: where its packets go, written by housekeeping. */
    volatile InetSocketAddress address;

    /** Listener only: packets came in this turn of its. */
    boolean unsettled;

    // Housekeeping only:

    /** Its own socket; {@link DatagramPort#NONE} without one. */
    int ownChannel = DatagramPort.NONE;

    /** A socket of its own was tried, or is not to be. */
    boolean backConnected;

    /** The dial that it came from, until it is confirmed. */
    @Nullable
    DialEntry dial;

    ConnectionEntry(
            PeerEntry peer,
            HandshakeResult handshake,
            Connection connection,
            InetSocketAddress address,
            @Nullable DialEntry dial,
            Driver driver,
            long now) {
        this.peer = peer;
        this.initiator = handshake.initiator();
        this.mode = handshake.mode();
        this.handshakeId = handshake.id();
        this.remoteBootId = handshake.remoteBootId();
        this.seen = handshake.seen();
        this.nick = handshake.nick();
        this.remoteStaticKey = handshake.remoteStaticKey();
        this.connection = connection;
        this.address = address;
        this.createdAt = now;
        this.sizeSeen = connection.packetSize();
        this.dial = dial;
        this.dialledAt = dial == null ? now : dial.startedAt();
        this.target = dial == null ? null : dial.attempt().target();
        this.timer = new ConnectionTimer(this, driver);
    }

    void issuedLocked(long id) {
        FewLongs present = issued;
        if (present == null) {
            present = new FewLongs();
            issued = present;
        }
        present.add(id);
    }

    void retiredLocked(long id) {
        FewLongs present = retired;
        if (present == null) {
            present = new FewLongs();
            retired = present;
        }
        present.add(id);
    }

    /** Null: none. */
    @Nullable
    FewLongs takeIssuedLocked() {
        final FewLongs taken = issued;
        issued = null;
        return taken;
    }

    /** Null: none. */
    @Nullable
    FewLongs takeRetiredLocked() {
        final FewLongs taken = retired;
        retired = null;
        return taken;
    }

    /** Packets leave by this socket from now on. */
    void usesLocked(int channel, long now) {
        if (channel != DatagramPort.BOUND) {
            boundSince = TimerWheel.NEVER;
        } else if (boundSince == TimerWheel.NEVER) {
            boundSince = now + LATE_PONG_NANOS;
        }
    }

    /** What decides between this connection and another with the same peer. */
    ConnectionArbiter.Contender contender() {
        return new ConnectionArbiter.Contender(initiator, handshakeId, remoteBootId, seen);
    }

    /** Whether messages may flow. */
    boolean isMutual() {
        return admitted && admittedByPeer;
    }

    /** What came with one of its ids and was no good. Under the lock. */
    long droppedPackets() {
        long sum = 0;
        for (PacketDrop why : PacketDrop.values()) {
            sum += connection.drops(why);
        }
        return sum;
    }

    /** Whether we dialled this very key. */
    boolean isExpected() {
        return target != null && target.key() != null;
    }

    private static final class ConnectionTimer extends TimerWheel.Timer {
        private final ConnectionEntry entry;
        private final Driver driver;

        ConnectionTimer(ConnectionEntry entry, Driver driver) {
            this.entry = entry;
            this.driver = driver;
        }

        @Override
        void onDue(long now) {
            driver.timeout(entry, now);
        }
    }
}
