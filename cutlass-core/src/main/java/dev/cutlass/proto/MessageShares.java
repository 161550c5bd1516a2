package dev.cutlass.proto;

import dev.cutlass.proto.message.Conversation;
import dev.cutlass.proto.recovery.BulkLimit;
import dev.cutlass.proto.recovery.RttEstimator;
import dev.cutlass.wire.MessageClass;
import java.util.concurrent.TimeUnit;

/**
 * Shares the room of packets between the classes of messages: in every packet messages come before bulk. Bulk gets what they leave, as far as its {@link BulkLimit} allows; but
 * at least one byte in {@value #FLOOR} while both wait, whatever that says, since the path's own controller governs both.
 */
final class MessageShares {
    /** Of so many bytes one is bulk's while both classes wait. */
    static final int FLOOR = 8;

    /** Fewer bytes than this are not worth the header of a further fragment. */
    private static final int MIN_FRAGMENT = 64;

    /**
     * Packets that messages do not fill leave at least so often on average: several times what one costs to send and to receive. Who writes faster is ahead of the wire, and what he
     * writes meanwhile shares a packet. Nobody else ever waits.
     */
    static final long SHORT_PACKET_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

    /** ... or so many in a round trip: one grows where machines or links are slow, and a message hardly notices ... */
    private static final int SHORT_PACKETS_PER_ROUND_TRIP = 64;

    /** ... but never less often than this. */
    private static final long MAX_SHORT_PACKET_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** ... and so many at once. */
    static final int SHORT_PACKETS = 16;

    private final Connection connection;
    private final Conversation conversation;

    /** When the next short packet would leave if they all left evenly. */
    private long nextShortAt;

    /** Bytes of messages that went before bulk that waited, beyond its share. */
    private long preferred;

    MessageShares(Connection connection, Conversation conversation) {
        this.connection = connection;
        this.conversation = conversation;
    }

    /** Fills what is left of a packet. */
    void add(PacketFrames packet, int room, long now) {
        final Conversation bulk = conversation.bulk();
        final int left = bulk == null
                ? addFrom(MessageClass.MESSAGES, conversation, packet, room, now)
                : addBoth(bulk, packet, room, now);
        if (left < room) {
            if (left < MIN_FRAGMENT) {
                connection.paths().primary().mtu().onFull(now);
            } else {
                nextShortAt = Math.max(nextShortAt, now) + shortPacketNanos();
            }
        }
    }

    /** Whether all that waits is new messages that do not fill a packet, and too many such packets have just left. */
    boolean isAhead(int room, long now) {
        final Conversation bulk = conversation.bulk();
        return now < shortPacketFrom()
                && conversation.isShort(connection, room)
                && (bulk == null || bulk.isShort(connection, room));
    }

    /** What waits because of {@link #isAhead} leaves then, if no other packet takes it along before. */
    void wakeLater() {
        final Conversation bulk = conversation.bulk();
        if (hasSomething(MessageClass.MESSAGES, conversation)
                || (bulk != null && hasSomething(MessageClass.BULK, bulk))) {
            connection.timers().set(Timer.PACE, shortPacketFrom());
        }
    }

    private long shortPacketNanos() {
        final RttEstimator rtt = connection.paths().primary().recovery().rtt();
        final long share = rtt.isSampled() ? rtt.smoothed() / SHORT_PACKETS_PER_ROUND_TRIP : 0;
        return Math.max(SHORT_PACKET_NANOS, Math.min(share, MAX_SHORT_PACKET_NANOS));
    }

    /** From when on a short packet may leave. */
    private long shortPacketFrom() {
        return nextShortAt - (SHORT_PACKETS - 1) * shortPacketNanos();
    }

    private boolean hasSomething(MessageClass of, Conversation part) {
        return part.hasSomethingFor(connection, connection.admission().limit(of));
    }

    private int addBoth(Conversation bulk, PacketFrames packet, int room, long now) {
        final long limit = connection.admission().limit(MessageClass.BULK);
        if (!bulk.hasSomethingFor(connection, limit)) {
            preferred = 0;
            return addFrom(MessageClass.MESSAGES, conversation, packet, room, now);
        }
        final boolean due = preferred >= (FLOOR - 1L) * room;
        int left = due ? addBulk(bulk, packet, room, now) : room;
        final int before = left;
        left = addFrom(MessageClass.MESSAGES, conversation, packet, left, now);
        preferred += before - left;
        return left >= MIN_FRAGMENT && mayAddBulk(left, now) ? addBulk(bulk, packet, left, now) : left;
    }

    private boolean mayAddBulk(int room, long now) {
        final BulkLimit limit = connection.paths().primary().recovery().bulk();
        if (!limit.canSend(room)) {
            return false; // until an ACK
        }
        final long release = limit.releaseTime(room, now);
        if (release > now) {
            connection.timers().set(Timer.PACE, release);
            return false;
        }
        return true;
    }

    private int addBulk(Conversation bulk, PacketFrames packet, int room, long now) {
        final int left = addFrom(MessageClass.BULK, bulk, packet, room, now);
        if (left < room) {
            connection.paths().primary().recovery().bulk().onSent(room - left, now);
            preferred = Math.max(0, preferred - (FLOOR - 1L) * (room - left));
        }
        return left;
    }

    private int addFrom(MessageClass of, Conversation part, PacketFrames packet, int room, long now) {
        int left = room;
        while (left >= MIN_FRAGMENT) {
            final int length =
                    packet.addFragment(part, connection, connection.admission().limit(of), left);
            if (length == 0) {
                break;
            }
            connection.rekeying().onData(now);
            left -= length;
        }
        return left;
    }
}
