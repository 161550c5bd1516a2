package dev.cutlass.proto;

import dev.cutlass.proto.message.Conversation;
import dev.cutlass.proto.message.LazyQueue;
import dev.cutlass.proto.recovery.AckTracker;
import dev.cutlass.proto.recovery.LossRecovery;
import dev.cutlass.proto.recovery.RttEstimator;
import dev.cutlass.wire.AckFrame;
import dev.cutlass.wire.AckRanges;
import dev.cutlass.wire.CloseFrame;
import dev.cutlass.wire.Frame;
import dev.cutlass.wire.LimitsFrame;
import dev.cutlass.wire.NickFrame;
import dev.cutlass.wire.PacketHeader;
import dev.cutlass.wire.PathChallengeFrame;
import dev.cutlass.wire.PathResponseFrame;
import dev.cutlass.wire.PingFrame;
import dev.cutlass.wire.PongFrame;
import dev.cutlass.wire.ReceiptFrame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Builds packets: decides what goes into the next one, seals it, and remembers what must not get lost. PATH frames and ACKs wait for
 * nothing; everything else for the window of the primary path.
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
    private @Nullable SpareArrays spare;

    /** Of the packet before, for the next one; nobody else looks at it any more. */
    private @Nullable List<Frame> spareList;

    private @Nullable PongFrame pong;
    private @Nullable NickFrame nick;
    private boolean nickDue;
    private boolean overflowing;
    private boolean pingDue;
    private int probes;
    private int acksSincePing;
    private long pingToken;
    private long earlierPingToken;
    private long packetsSent;
    private long bytesSent;

    PacketSender(Connection connection, Conversation conversation) {
        this.connection = connection;
        this.conversation = conversation;
        shares = new MessageShares(connection, conversation);
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
    void probe(LossRecovery<Frame[]> recovery, long now) {
        probes = PROBES;
        for (int i = 0; i < PROBES; i++) {
            recovery.giveBackOldest(now);
        }
    }

    /** A packet's array that nobody looks at any more. */
    void giveBack(byte[] packet) {
        if (connection.keys().isBusy()) {
            SpareArrays present = spare;
            if (present == null) {
                present = new SpareArrays();
                spare = present;
            }
            present.giveBack(packet);
        }
    }

    /** Gives back the memory of queues. */
    void trim() {
        spare = null;
        spareList = null;
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

    long packetsSent() {
        return packetsSent;
    }

    long bytesSent() {
        return bytesSent;
    }

    /** Sends all that may be sent now. */
    void flush(long now) {
        if (!connection.state().isSending()) {
            return;
        }
        final Paths paths = connection.paths();
        if (paths.isSingle()) {
            sendPathFrames(paths.primary(), now); // the usual case, without a list
        } else {
            paths.all().forEach(path -> sendPathFrames(path, now));
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
            final List<Frame> ping = List.of(new PingFrame(connection.random().nextLong())); // its PONG tells nothing
            send(path, ping, size, false, now);
        }
    }

    /** The packet that ends the connection; it waits for nothing. */
    void sendClose(CloseFrame frame, long now) {
        final List<Frame> frames = new ArrayList<>(2);
        addAcks(frames, now, Integer.MAX_VALUE);
        frames.add(frame);
        send(connection.paths().primary(), frames, 0, now);
    }

    private void sendPathFrames(Path path, long now) {
        if (!path.isChallengeDue() && !path.isResponseDue()) {
            return;
        }
        final List<Frame> frames = new ArrayList<>(2);
        if (path.isResponseDue()) {
            frames.add(new PathResponseFrame(path.response()));
        }
        if (path.isChallengeDue()) {
            frames.add(new PathChallengeFrame(path.challenge()));
        }
        // RFC 9000 section 8.2.1: full size, to prove that the path carries it, unless the 3x rule forbids.
        final int full = PacketHeader.BASE_PACKET_LENGTH;
        final int least = PacketHeader.MIN_PACKET_LENGTH + lengthOf(frames);
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
        send(path, frames, roomy ? full : 0, path == primary || path.via() != primary.via(), now);
    }

    private static int lengthOf(List<Frame> frames) {
        int length = 0;
        for (int i = 0; i < frames.size(); i++) {
            length += frames.get(i).encodedLength();
        }
        return length;
    }

    /** Sends one packet on the primary path; false if there was none to send. */
    private boolean sendNext(long now) {
        final Path path = connection.paths().primary();
        final LossRecovery<Frame[]> recovery = path.recovery();
        // RFC 8899 section 4.3: what asks whether the path is there must be able to arrive
        final int size =
                probes > 0 ? PacketHeader.BASE_PACKET_LENGTH : path.mtu().size();
        final int room = roomOf(size);
        final boolean ackDue = connection.localIds().isAckDue(now);
        if (!ackDue && probes == 0 && isAhead(room, now)) {
            shares.wakeLater();
            return false;
        }
        final List<Frame> frames = takeList();
        final int ackLength = addAcks(frames, now, room);
        final int acks = frames.size();
        if (mayElicit(recovery, size, now)) {
            addContent(frames, room - ackLength, now);
            if (frames.size() == acks) {
                recovery.onAppLimited();
            }
        }
        if (frames.size() == acks && probes == 0 && !ackDue) {
            frames.clear();
            return false;
        }
        if (frames.size() == acks && (probes > 0 || acksSincePing >= ACKS_WITHOUT_PING)) {
            addPing(frames, now);
        }
        probes = Math.max(0, probes - 1);
        send(path, frames, 0, now);
        frames.clear();
        return true;
    }

    private List<Frame> takeList() {
        List<Frame> list = spareList;
        if (list == null) {
            list = new ArrayList<>();
            spareList = list;
        }
        return list;
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

    private boolean mayElicit(LossRecovery<Frame[]> recovery, int size, long now) {
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
    private int addAcks(List<Frame> frames, long now, int room) {
        int length = 0;
        for (LocalId local : connection.localIds().used()) {
            final AckTracker acks = local.acks();
            if (acks != null && acks.isWanted()) {
                final AckFrame frame =
                        new AckFrame(local.sequence(), AckRanges.ofOwn(acks.ranges()), acks.delayMicros(now));
                if (length + frame.encodedLength() <= room) {
                    frames.add(frame);
                    length += frame.encodedLength();
                }
            }
        }
        return length;
    }

    private void addContent(List<Frame> frames, int room, long now) {
        int left = room;
        if (pong != null && pong.encodedLength() <= left) {
            left -= add(frames, pong);
            pong = null;
        }
        while (!control.isEmpty() && control.element().encodedLength() <= left) {
            left -= add(frames, control.remove());
        }
        final Admission admission = connection.admission();
        if (pingDue && left >= PING) {
            left -= addPing(frames, now);
        }
        if (left >= LimitsFrame.MAX_LENGTH && admission.isLimitsDue(conversation)) {
            left -= add(frames, admission.limits(conversation, roundTrip(), now));
        }
        if (admission.isMutual()) {
            if (nickDue && nick != null && nick.encodedLength() <= left) {
                left -= add(frames, nick);
                nickDue = false;
            }
            left = addReceipts(conversation, frames, left);
            final Conversation bulk = conversation.bulk();
            if (bulk != null) {
                left = addReceipts(bulk, frames, left);
            }
            shares.add(frames, left, now);
        }
    }

    private long roundTrip() {
        final RttEstimator rtt = connection.paths().primary().recovery().rtt();
        return rtt.isSampled() ? rtt.smoothed() : 0;
    }

    private int addReceipts(Conversation part, List<Frame> frames, int room) {
        int left = room;
        while (left >= MAX_RECEIPT) {
            final ReceiptFrame receipt = part.nextReceipt(connection);
            if (receipt == null) {
                break;
            }
            left -= add(frames, receipt);
        }
        return left;
    }

    private static int add(List<Frame> frames, Frame frame) {
        frames.add(frame);
        return frame.encodedLength();
    }

    private int addPing(List<Frame> frames, long now) {
        earlierPingToken = pingToken;
        pingToken = connection.random().nextLong();
        pingDue = false;
        connection.keepAlive().onPingSent(now);
        return add(frames, new PingFrame(pingToken));
    }

    /** Seals and hands out one packet, filled up to {@code fullLength} with PADDING; 0: no more than needed. */
    private void send(Path path, List<Frame> frames, int fullLength, long now) {
        send(path, frames, fullLength, true, now);
    }

    /** @param watched whether loss recovery hears of it, if it elicits an ACK */
    private void send(Path path, List<Frame> frames, int fullLength, boolean watched, long now) {
        final EpochKeys keys = connection.keys();
        if (!keys.canSeal()) {
            return; // only a CLOSE or a PATH frame comes that far; the connection ends
        }
        final RemoteId via = path.via();
        final LossRecovery<Frame[]> recovery = path.recovery();
        final long number = recovery.nextNumber();
        final PacketHeader header = PacketHeader.of(via.id(), keys.epoch(), number, recovery.largestAcked());
        final int overhead = header.length() + PacketHeader.TAG_LENGTH;
        final int plain = Math.max(Math.max(lengthOf(frames), header.minFrames()), fullLength - overhead);
        final int length = overhead + plain;
        // Of the path's size, so that it serves for any packet the next time.
        final byte[] packet = spare == null
                ? new byte[length]
                : spare.take(Math.max(length, path.mtu().size()));
        header.writeTo(packet, 0);
        final ByteBuffer out = ByteBuffer.wrap(packet, header.length(), plain);
        boolean eliciting = false; // as far as loss recovery is concerned
        for (int i = 0; i < frames.size(); i++) {
            final Frame frame = frames.get(i);
            frame.encodeTo(out);
            eliciting |= watched && frame.isAckEliciting();
            if (frame instanceof AckFrame ack) {
                onAckSent(ack);
            }
        }
        while (out.hasRemaining()) {
            out.put(Frame.PADDING);
        }
        keys.seal(via.sequence(), number, packet, header.length(), plain, now);
        recovery.onPacketSent(length, eliciting, eliciting ? SentContent.of(frames) : null, now);
        acksSincePing = eliciting ? 0 : acksSincePing + 1;
        path.onSent(length);
        packetsSent++;
        bytesSent += length;
        connection.trace().packetSent(via.sequence(), number, length, frames, now);
        connection.output(new Output.Transmit(packet, length, path.address(), path.channel()));
    }

    private void onAckSent(AckFrame frame) {
        final LocalId local = connection.localIds().bySequence(frame.pathId());
        if (local != null && local.acks() != null) {
            local.acks().onAckSent();
        }
    }
}
