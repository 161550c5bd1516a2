package dev.cutlass.proto.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.event.Message;
import dev.cutlass.proto.recovery.Deadlines;
import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.Id128;
import dev.cutlass.wire.MessageFrame;
import dev.cutlass.wire.ReceiptFrame;
import org.junit.jupiter.api.Test;

/** What one side keeps, and for how long. */
class ConversationBoundsTest extends OneSide {
    @Test
    void theOutboxIsBoundedByCount() {
        final Conversation small = new Conversation(new ConversationLimits(2, 1 << 20, 1 << 20));
        final Outgoing first = small.offer(0, new byte[1]);
        assertNotNull(small.offer(0, new byte[1]));
        assertNull(small.offer(0, new byte[1]));
        assertEquals(2, small.queued());
        small.abandon(first);
        assertNotNull(small.offer(0, new byte[1]));
    }

    @Test
    void theOutboxIsBoundedByBytes() {
        final int most = ConversationLimits.MAX_COST;
        final Conversation small = new Conversation(new ConversationLimits(10, most, most));
        assertNotNull(small.offer(0, new byte[most - 64 - 65]));
        assertNull(small.offer(0, new byte[2]));
        assertNotNull(small.offer(0, new byte[1]));
        assertEquals(most, small.queuedBytes());
        assertThrows(IllegalArgumentException.class, () -> small.offer(0, new byte[0]));
        assertThrows(IllegalArgumentException.class, () -> small.offer(0, new byte[MessageFrame.MAX_TOTAL + 1]));
        assertThrows(IllegalArgumentException.class, () -> new ConversationLimits(0, most, most));
        assertThrows(IllegalArgumentException.class, () -> new ConversationLimits(1, most - 1, most));
        assertThrows(IllegalArgumentException.class, () -> new ConversationLimits(1, most, most - 1));
    }

    @Test
    void theCodesOfTheLastThousandRefusalsAreRemembered() {
        start();
        for (int i = 0; i <= InboundChannel.MAX_REFUSED; i++) {
            receive(whole(i, i, "a"));
            assertTrue(conversation.refuse(conversation.peekDeliverable(), ReceiptFrame.NOT_PERMITTED));
        }
        assertEquals(receipt(0, InboundChannel.MAX_REFUSED + 1, ReceiptFrame.NOT_PERMITTED), receipt());
        receive(whole(1, 1, "a"));
        assertEquals(receipt(1, 1, ReceiptFrame.NOT_PERMITTED), receipt());
        receive(whole(0, 0, "a"));
        assertEquals(receipt(0, 1, ReceiptFrame.ACCEPTED), receipt());
    }

    @Test
    void flowControlCountsAMessageOncePerConnection() {
        start();
        final Object other = new Object();
        conversation.sessionStarted(other, BOOT);
        final byte[] body = MessageCodec.encode(Message.text("abc"));
        assertEquals(68, receive(part(0, body, 0, 1)));
        assertEquals(0, receive(part(0, body, 1, 2)));
        assertEquals(68, conversation.onMessage(other, part(0, body, 2, 3), 0));
        assertEquals(0, conversation.onMessage(other, part(0, body, 0, 1), 0));
        assertEquals(68, conversation.heldBytes());
        receive(part(0, body, 3, 4));
        assertEquals("abc", take());
        assertEquals(0, receive(part(0, body, 0, 4)));
    }

    @Test
    void aPeerThatKeepsMoreUnderWayThanWeHoldIsAViolation() {
        final long most = 2L * ConversationLimits.MAX_COST;
        final Conversation small = new Conversation(new ConversationLimits(1, most, most));
        small.sessionStarted(session, BOOT);
        final Bytes one = Bytes.of(new byte[1]);
        final int total = MessageFrame.MAX_TOTAL;
        assertEquals(total + 64, small.onMessage(session, new MessageFrame(0, 1, 1, total, 9, one), 0));
        assertEquals(total + 64, small.onMessage(session, new MessageFrame(0, 2, 2, total, 9, one), 0));
        assertEquals(most, small.heldBytes());
        assertEquals(0, small.onMessage(session, new MessageFrame(0, 2, 2, total, 10, one), 0));
        assertEquals(Conversation.VIOLATION, small.onMessage(session, new MessageFrame(0, 3, 3, 1, 0, one), 0));
    }

    @Test
    void channelsBeyondTheLimitAreRefused() {
        start();
        final Bytes body = Bytes.of(MessageCodec.encode(Message.text("")));
        for (int channel = 0; channel < Inbox.MAX_CHANNELS; channel++) {
            receive(new MessageFrame(channel, 0, 0, 1, 0, body));
        }
        for (int channel = 0; channel < Inbox.MAX_CHANNELS; channel++) {
            assertEquals("", take());
            assertEquals(ReceiptFrame.ACCEPTED, receipt().code());
        }
        receive(new MessageFrame(Inbox.MAX_CHANNELS, 0, 0, 1, 0, body));
        assertNull(take());
        assertEquals(ReceiptFrame.NO_SUCH_CHANNEL, receipt().code());
    }

    @Test
    void whatCannotBeDeliveredIsForgottenWhenItsLastConnectionEnds() {
        start();
        receive(whole(0, 0, "a"));
        receive(whole(2, 2, "c"));
        conversation.sessionEnded(session);
        assertEquals(66, conversation.heldBytes());
        assertEquals("a", take());
        final Object later = new Object();
        conversation.sessionStarted(later, BOOT);
        assertEquals(receipt(0, 1, ReceiptFrame.ACCEPTED), conversation.nextReceipt(later, ReceiptFrame.reusable()));
        conversation.onMessage(later, whole(1, 0, "b"), 0);
        conversation.onMessage(later, whole(2, 1, "c"), 0);
        assertEquals("b", take());
        assertEquals("c", take());
    }

    @Test
    void fourBootIdsOfAPeerAreRemembered() {
        for (int boot = 0; boot < 5; boot++) {
            final Object old = new Object();
            conversation.sessionStarted(old, new Id128(7, boot));
            conversation.onMessage(old, whole(0, 0, "boot " + boot), 0);
            assertEquals("boot " + boot, take());
            conversation.sessionEnded(old);
        }
        assertNull(takeFirstMessageAgain(1));
        assertNull(takeFirstMessageAgain(4));
        assertEquals("again", takeFirstMessageAgain(0));
    }

    private String takeFirstMessageAgain(int boot) {
        final Object now = new Object();
        conversation.sessionStarted(now, new Id128(7, boot));
        conversation.onMessage(now, whole(0, 0, "again"), 0);
        conversation.sessionEnded(now);
        return take();
    }

    @Test
    void aMessageThatGetsStuckIsForgottenAfterItsTime() {
        start();
        assertEquals(Deadlines.NONE, conversation.nextDeadline());
        final byte[] body = MessageCodec.encode(Message.text("abc"));
        final long began = 5;
        conversation.onMessage(session, part(0, body, 0, 1), began);
        assertEquals(began + Conversation.STUCK_NANOS, conversation.nextDeadline());

        conversation.onMessage(session, part(0, body, 1, 2), began + 1);
        conversation.handleTimeout(began + Conversation.STUCK_NANOS - 1);
        conversation.handleTimeout(began + Conversation.STUCK_NANOS);
        assertEquals(68, conversation.heldBytes());
        conversation.onMessage(session, part(0, body, 0, 2), began + Conversation.STUCK_NANOS);
        final long due = conversation.nextDeadline();
        conversation.handleTimeout(due);
        assertEquals(0, conversation.heldBytes());
        assertEquals(Deadlines.NONE, conversation.nextDeadline());
    }

    @Test
    void aWholeMessageDoesNotExpire() {
        start();
        receive(whole(0, 0, "a"));
        assertEquals(Deadlines.NONE, conversation.nextDeadline());
        conversation.handleTimeout(Long.MAX_VALUE - 1);
        assertEquals("a", take());
    }

    @Test
    void receiptsForRepeatedMessagesAreBounded() {
        start();
        final int most = 2 * Receipts.MAX_REPEATS;
        for (int i = 0; i < most; i++) {
            receive(whole(i, i, ""));
            take();
        }
        assertEquals(receipt(0, most, ReceiptFrame.ACCEPTED), receipt());
        for (int i = 0; i < most; i += 2) {
            receive(whole(i, i, ""));
        }
        receive(whole(1, 1, ""));
        int answered = 0;
        while (receipt() != null) {
            answered++;
        }
        assertEquals(Receipts.MAX_REPEATS, answered);
    }

    @Test
    void sessionsThatAreUnknownDoNothing() {
        offer("a");
        final MessageFrame fragment = whole(0, 0, "a");
        conversation.sessionEnded(session);
        assertNull(next());
        assertNull(receipt());
        assertEquals(0, receive(fragment));
        conversation.onReceipt(session, receipt(0, 1, 0));
        conversation.onFragmentAcked(session, fragment.channel(), fragment.number(), fragment.back());
        conversation.onFragmentLost(
                session,
                fragment.channel(),
                fragment.number(),
                fragment.offset(),
                fragment.data().length());
        conversation.onReceiptLost(session, receipt(0, 1, 0));
        conversation.refuseUnknownChannel(session, fragment);
        assertFalse(conversation.hasSomethingFor(session, NO_LIMIT));
        assertEquals(1, conversation.queued());
        start();
        assertThrows(IllegalStateException.class, this::start);
    }

    @Test
    void theTextOfAMessageUnderWayShowsNoContent() {
        assertEquals("Outgoing[0/0, 7 bytes]", offer("secret").toString());
    }
}
