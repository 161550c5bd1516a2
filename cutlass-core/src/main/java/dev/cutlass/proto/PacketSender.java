package dev.cutlass.proto;

import dev.cutlass.proto.message.Conversation;
import dev.cutlass.proto.message.LazyQueue;
import dev.cutlass.proto.recovery.AckTracker;
import dev.cutlass.proto.recovery.LossRecovery;
import dev.cutlass.proto.recovery.RttEstimator;
import dev.cutlass.wire.CloseFrame;
import dev.cutlass.wire.Frame;
import dev.cutlass.wire.LimitsFrame;
import dev.cutlass.wire.NickFrame;
import dev.cutlass.wire.PacketHeader;
import dev.cutlass.wire.PathChallengeFrame;
import dev.cutlass.wire.PathResponseFrame;
import dev.cutlass.wire.PingFrame;
import dev.cutlass.wire.PongFrame;
import org.jspecify.annotations.Nullable;

/**
 * Builds packets: decides what goes into the next one. PATH frames and ACKs wait for nothing; everything else for the window of the primary path.
 */
final class PacketSender {
    /** So many packets leave on a probe timeout whatever the window says: RFC 9002 section 6.2.4. */
    private static final int PROBES = 2;

    /** After so many packets without anything that elicits an ACK, one does: else our list of what arrived could only grow. */
    private static final int ACKS_WITHOUT_PING = 16;

    /** The longest receipt: type, length, and four numbers of 8 bytes. */
    private static final int MAX_RECEIPT = 2 + 4 * Long.BYTES;

    /** A PING: type, length and token. */
    private static final int PING = 2 + Long.BYTES;

    /** Frames that have to arrive and wait for the window; a well-behaved peer never causes nearly as many. */
    private static final int MAX_CONTROL = 256;

    private final Connection connection;
    private final Conversation conversation;
    private final MessageShares shares;
    private final LazyQueue<Frame> control = new LazyQueue<>();
    private final PacketSealer sealer;

    private @Nullable PongFrame pong;
    private @Nullable NickFrame nick;
    private boolean nickDue;
    private boolean overflowing;
    private boolean pingDue;
    private int probes;
    private long pingToken;
    private long earlierPingToken;

    PacketSender(Connection connection, Conversation conversation) {
        this.connection = connection;
        this.conversation = conversation;
        shares = new MessageShares(connection, conversation);
        sealer = new PacketSealer(connection);
        pingToken = connection.random().nextLong();
        earlierPingToken = pingToken;
    }

    /** A PING leaves with the next packet. */
    void requestPing() {
        pingDue = true;
    }

    /** Only the last PONG is sent: the next PING brings the next. */
    void requestPong(PongFrame frame) {
        pong = frame;
    }

    /** Whether a PONG answers one of our last two PINGs. */
    boolean isOurs(long token) {
        return token == pingToken || token == earlierPingToken;
    }

    /** Only the last nick is sent. */
    void requestNick(NickFrame frame) {
        nick = frame;
        nickDue = true;
    }

    /** A frame that has to arrive. */
    void requestControl(Frame frame) {
        if (control.size() < MAX_CONTROL) {
            control.add(frame);
        } else {
            overflowing = true;
        }
    }

    /** Whether more waits than is kept: the peer makes us answer and does not let us. The connection has to end. */
    boolean isOverflowing() {
        return overflowing;
    }

    /** Nobody answered for a probe timeout, or the path changed: what the oldest packets carried goes out again. */
    void probe(LossRecovery<SentFrames> recovery, long now) {
        probes = PROBES;
        for (int i = 0; i < PROBES; i++) {
            recovery.giveBackOldest(now);
        }
    }

    /** Gives back the memory of queues. */
    void trim() {
        sealer.trim();
        control.trim();
    }

    /** Hears what became of packets that leave on a path. */
    SentContent lossesOn(long path) {
        return new SentContent(connection, conversation, this, path);
    }

    /** The nick goes out again unless there is a newer one. */
    void repeatNick(NickFrame lost) {
        nickDue |= lost.equals(nick);
    }

    /** What seals, and has the memory for it. */
    PacketSealer sealer() {
        return sealer;
    }

    /** Sends all that may be sent now. */
    void flush(long now) {
        if (!connection.state().isSending()) {
            return;
        }
        final Paths paths = connection.paths();
        for (int i = 0; i < Paths.PLACES; i++) {
            final Path path = paths.at(i);
            if (path != null) {
                sendPathFrames(path, now);
            }
        }
        while (connection.keys().canSealFrames() && sendNext(now)) {
            // until the window or the supply ends
        }
        if (connection.keys().canSealFrames()) {
            sendSizeProbe(now);
        }
    }

    /**
     * RFC 8899 section 4.1. Loss recovery and the congestion controller do not hear of it: its loss says nothing about congestion, and it
     * leaves at most once in a round trip.
     */
    private void sendSizeProbe(long now) {
        final Path path = connection.paths().primary();
        final int size = path.mtu().probeSize(now);
        if (size > 0) {
            path.mtu().onProbeSent(path.recovery().nextNumber(), path.recovery().rtt(), now);
            final PacketFrames packet = sealer.begin();
            packet.add(new PingFrame(connection.random().nextLong())); // its PONG tells nothing
            sealer.send(path, packet, size, false, now);
        }
    }

    /** The packet that ends the connection; it waits for nothing. */
    void sendClose(CloseFrame frame, long now) {
        final PacketFrames packet = sealer.begin();
        addAcks(packet, now, Integer.MAX_VALUE);
        packet.add(frame);
        sealer.send(connection.paths().primary(), packet, 0, true, now);
    }

    private void sendPathFrames(Path path, long now) {
        if (!path.isChallengeDue() && !path.isResponseDue()) {
            return;
        }
        final PacketFrames packet = sealer.begin();
        if (path.isResponseDue()) {
            packet.add(new PathResponseFrame(path.response()));
        }
        if (path.isChallengeDue()) {
            packet.add(new PathChallengeFrame(path.challenge()));
        }
        // RFC 9000 section 8.2.1: full size, to prove that the path carries it, unless the 3x rule forbids.
        final int full = PacketHeader.BASE_PACKET_LENGTH;
        final int least = PacketHeader.MIN_PACKET_LENGTH + packet.length();
        if (!path.allows(least)) {
            return;
        }
        if (path.isChallengeDue()) {
            path.onChallengeSent(now + (path.recovery().rtt().probeTimeout() << path.challengesSent()));
        }
        final boolean roomy = path.allows(full) && (!path.isResponseDue() || path.responseRoom() >= full);
        path.onResponseSent();
        // Under the numbers of the primary path, but to elsewhere: no word of it to the primary path's congestion
        // control.
        final Path primary = connection.paths().primary();
        sealer.send(path, packet, roomy ? full : 0, path == primary || path.via() != primary.via(), now);
    }

    /** Sends one packet on the primary path; false if there was none to send. */
    private boolean sendNext(long now) {
        final Path path = connection.paths().primary();
        final LossRecovery<SentFrames> recovery = path.recovery();
        // RFC 8899 section 4.3: what asks whether the path is there must be able to arrive
        final int size =
                probes > 0 ? PacketHeader.BASE_PACKET_LENGTH : path.mtu().size();
        final int room = roomOf(size);
        final boolean ackDue = connection.localIds().isAckDue(now);
        if (!ackDue && probes == 0 && isAhead(room, now)) {
            shares.wakeLater();
            return false;
        }
        final PacketFrames packet = sealer.begin();
        final int acks = addAcks(packet, now, room);
        if (mayElicit(recovery, size, now)) {
            addContent(packet, room - acks, now);
            if (packet.length() == acks) {
                recovery.onAppLimited();
            }
        }
        if (packet.length() == acks && probes == 0 && !ackDue) {
            return false;
        }
        if (packet.length() == acks && (probes > 0 || sealer.packetsSinceEliciting() >= ACKS_WITHOUT_PING)) {
            addPing(packet, now);
        }
        probes = Math.max(0, probes - 1);
        sealer.send(path, packet, 0, true, now);
        return true;
    }

    /** Bytes of frames in a packet. */
    private static int roomOf(int size) {
        return size - PacketHeader.NUMBER_OFFSET - PacketHeader.MAX_NUMBER_LENGTH - PacketHeader.TAG_LENGTH;
    }

    /** Whether what waits does not fill a packet, can wait, and too many such packets have just left. */
    boolean isAhead(long now) {
        return isAhead(roomOf(connection.paths().primary().mtu().size()), now);
    }

    private boolean isAhead(int room, long now) {
        return shares.isAhead(room, now)
                && pong == null
                && !pingDue
                && !nickDue
                && control.isEmpty()
                && !connection.admission().isLimitsDue(conversation);
    }

    private boolean mayElicit(LossRecovery<SentFrames> recovery, int size, long now) {
        if (probes > 0) {
            return true;
        }
        if (!recovery.canSend(size)) {
            return false;
        }
        final long release = recovery.releaseTime(size, now);
        if (release > now) {
            connection.timers().set(Timer.PACE, release);
            return false;
        }
        return true;
    }

    /** Adds an ACK for every path that wants one; returns their length. */
    private int addAcks(PacketFrames packet, long now, int room) {
        int length = 0;
        for (LocalId local : connection.localIds().used()) {
            final AckTracker acks = local.acks();
            if (acks != null && acks.isWanted()) {
                length += packet.addAck(acks, local.sequence(), room - length, now);
            }
        }
        return length;
    }

    private void addContent(PacketFrames packet, int room, long now) {
        int left = room;
        if (pong != null && pong.encodedLength() <= left) {
            left -= packet.add(pong);
            pong = null;
        }
        while (!control.isEmpty() && control.element().encodedLength() <= left) {
            left -= packet.add(control.remove());
        }
        final Admission admission = connection.admission();
        if (pingDue && left >= PING) {
            left -= addPing(packet, now);
        }
        if (left >= LimitsFrame.MAX_LENGTH && admission.isLimitsDue(conversation)) {
            left -= packet.add(admission.limits(conversation, roundTrip(), now));
        }
        if (admission.isMutual()) {
            if (nickDue && nick != null && nick.encodedLength() <= left) {
                left -= packet.add(nick);
                nickDue = false;
            }
            left = addReceipts(conversation, packet, left);
            final Conversation bulk = conversation.bulk();
            if (bulk != null) {
                left = addReceipts(bulk, packet, left);
            }
            shares.add(packet, left, now);
        }
    }

    private long roundTrip() {
        final RttEstimator rtt = connection.paths().primary().recovery().rtt();
        return rtt.isSampled() ? rtt.smoothed() : 0;
    }

    private int addReceipts(Conversation part, PacketFrames packet, int room) {
        int left = room;
        while (left >= MAX_RECEIPT) {
            final int length = packet.addReceipt(part, connection);
            if (length == 0) {
                break;
            }
            left -= length;
        }
        return left;
    }

    private int addPing(PacketFrames packet, long now) {
        earlierPingToken = pingToken;
        pingToken = connection.random().nextLong();
        pingDue = false;
        connection.keepAlive().onPingSent(now);
        return packet.add(new PingFrame(pingToken));
    }
}
