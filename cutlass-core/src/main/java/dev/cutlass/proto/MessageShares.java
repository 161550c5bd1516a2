package dev.cutlass.proto;

import dev.cutlass.proto.message.Conversation;
import dev.cutlass.proto.recovery.BulkLimit;
import dev.cutlass.wire.Frame;
import dev.cutlass.wire.MessageClass;
import dev.cutlass.wire.MessageFrame;
import java.util.List;

/**
 * Shares the room of packets between the classes of messages: in every packet messages come before bulk. Bulk gets what they leave, as far as its {@link BulkLimit} allows; but
 * at least one byte in {@value #FLOOR} while both wait, whatever that says, since the path's own controller governs both.
 */
final class MessageShares {
    /** Of so many bytes one is bulk's while both classes wait. */
    static final int FLOOR = 8;

    /** Fewer bytes than this are not worth the header of a further fragment. */
    private static final int MIN_FRAGMENT = 64;

    private final Connection connection;
    private final Conversation conversation;

    /** Bytes of messages that went before bulk that waited, beyond its share. */
    private long preferred;

    MessageShares(Connection connection, Conversation conversation) {
        this.connection = connection;
        this.conversation = conversation;
    }

    /** Fills what is left of a packet. */
    void add(List<Frame> frames, int room, long now) {
        final Conversation bulk = conversation.bulk();
        final int left = bulk == null
                ? addFrom(MessageClass.MESSAGES, conversation, frames, room, now)
                : addBoth(bulk, frames, room, now);
        if (left < room && left < MIN_FRAGMENT) {
            connection.paths().primary().mtu().onFull(now);
        }
    }

    private int addBoth(Conversation bulk, List<Frame> frames, int room, long now) {
        final long limit = connection.admission().limit(MessageClass.BULK);
        if (!bulk.hasSomethingFor(connection, limit)) {
            preferred = 0;
            return addFrom(MessageClass.MESSAGES, conversation, frames, room, now);
        }
        final boolean due = preferred >= (FLOOR - 1L) * room;
        int left = due ? addBulk(bulk, frames, room, now) : room;
        final int before = left;
        left = addFrom(MessageClass.MESSAGES, conversation, frames, left, now);
        preferred += before - left;
        return left >= MIN_FRAGMENT && mayAddBulk(left, now) ? addBulk(bulk, frames, left, now) : left;
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

    private int addBulk(Conversation bulk, List<Frame> frames, int room, long now) {
        final int left = addFrom(MessageClass.BULK, bulk, frames, room, now);
        if (left < room) {
            connection.paths().primary().recovery().bulk().onSent(room - left, now);
            preferred = Math.max(0, preferred - (FLOOR - 1L) * (room - left));
        }
        return left;
    }

    private int addFrom(MessageClass of, Conversation part, List<Frame> frames, int room, long now) {
        int left = room;
        while (left >= MIN_FRAGMENT) {
            final MessageFrame fragment =
                    part.nextFragment(connection, connection.admission().limit(of), left);
            if (fragment == null) {
                break;
            }
            connection.rekeying().onData(now);
            frames.add(fragment);
            left -= fragment.encodedLength();
        }
        return left;
    }
}
