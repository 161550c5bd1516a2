package dev.cutlass.proto.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.event.Message;
import dev.cutlass.event.MessageId;
import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.MessageFrame;
import dev.cutlass.wire.ReceiptFrame;
import org.junit.jupiter.api.Test;

/** What one side hears and answers, frame by frame. */
class ConversationReceivingTest extends OneSide {
    @Test
    void messagesAreDeliveredInOrderWhateverTheirOrderOfArrival() {
        start();
        assertEquals(66, receive(whole(2, 2, "c")));
        assertEquals(66, receive(whole(1, 1, "b")));
        assertNull(take());
        assertEquals(2 * 66, conversation.heldBytes());
        assertEquals(66, receive(whole(0, 0, "a")));
        assertEquals("a", take());
        assertEquals("b", take());
        assertEquals("c", take());
        assertNull(take());
        assertEquals(0, conversation.heldBytes());
        assertEquals(receipt(0, 3, ReceiptFrame.ACCEPTED), receipt());
        assertNull(receipt());
    }

    @Test
    void whatTheApplicationTookStaysWhatItIsWhenTheObjectServesForAnother() {
        start();
        receive(whole(0, 0, "first"));
        final Inbound inbound = conversation.peekDeliverable();
        final Message first = inbound.message();
        assertTrue(conversation.accept(inbound));
        assertThrows(IllegalStateException.class, inbound::message);

        receive(whole(1, 0, "other"));
        assertSame(inbound, conversation.peekDeliverable(), "nothing is allocated for it");
        assertEquals("other", inbound.message().text());
        assertEquals("first", first.text());
        assertEquals(new MessageId(1, 2, 0, 0), first.id());
    }

    @Test
    void aMessageThatItsSenderGaveUpServesForNoOther() {
        start();
        receive(whole(0, 0, "given up"));
        final Inbound held = conversation.peekDeliverable();
        receive(whole(1, 0, "next"));

        assertFalse(conversation.accept(held), "its sender went on without it");
        assertEquals("given up", held.message().text());
        assertEquals("next", take());
    }

    @Test
    void aMessageStaysUntilItIsAnsweredAndThenIsGone() {
        start();
        receive(whole(0, 0, "a"));
        final Inbound inbound = conversation.peekDeliverable();
        assertSame(inbound, conversation.peekDeliverable());
        assertEquals(new MessageId(1, 2, 0, 0), inbound.message().id());
        assertThrows(IllegalArgumentException.class, () -> conversation.refuse(inbound, ReceiptFrame.ACCEPTED));
        assertTrue(conversation.accept(inbound));
        assertFalse(conversation.accept(inbound));
        assertFalse(conversation.refuse(inbound, ReceiptFrame.NOT_PERMITTED));
    }

    @Test
    void channelsDoNotWaitForEachOther() {
        start();
        receive(whole(1, 1, "late"));
        final byte[] body = MessageCodec.encode(Message.text("other"));
        receive(new MessageFrame(6, 0, 0, body.length, 0, Bytes.of(body)));
        assertEquals("other", take());
        assertNull(take());
    }

    @Test
    void aRepeatedMessageIsAnsweredAgainAndNotDeliveredAgain() {
        start();
        receive(whole(0, 0, "a"));
        take();
        receipt();
        assertEquals(0, receive(whole(0, 0, "a")));
        assertNull(take());
        assertEquals(receipt(0, 1, ReceiptFrame.ACCEPTED), receipt());
    }

    @Test
    void aLostReceiptGoesOutAgain() {
        start();
        receive(whole(0, 0, "a"));
        take();
        final ReceiptFrame lost = receipt();
        conversation.onReceiptLost(session, lost);
        assertTrue(conversation.hasSomethingFor(session, 0));
        assertEquals(lost, receipt());
    }

    @Test
    void refusedMessagesAreAnsweredWithTheirCodeAndTheNextIsDelivered() {
        start();
        receive(whole(0, 0, "a"));
        receive(whole(1, 1, "b"));
        assertTrue(conversation.refuse(conversation.peekDeliverable(), ReceiptFrame.NOT_PERMITTED));
        assertEquals("b", take());
        assertEquals(receipt(0, 1, ReceiptFrame.NOT_PERMITTED), receipt());
        assertEquals(receipt(1, 1, ReceiptFrame.ACCEPTED), receipt());
        receive(whole(0, 0, "a"));
        assertEquals(receipt(0, 1, ReceiptFrame.NOT_PERMITTED), receipt());
    }

    @Test
    void whatIsNoMessageIsRefusedAsInvalid() {
        start();
        final byte[] body = {0, (byte) 0xff};
        receive(part(0, body, 0, 2));
        receive(whole(1, 1, "b"));
        assertEquals("b", take());
        assertEquals(receipt(0, 1, ReceiptFrame.INVALID), receipt());
        assertEquals(receipt(1, 1, ReceiptFrame.ACCEPTED), receipt());
    }

    @Test
    void aReceiverThatWasRestartedStartsWhereItsSenderIs() {
        start();
        receive(whole(9, 2, "j"));
        assertNull(take());
        receive(whole(7, 0, "h"));
        receive(whole(8, 1, "i"));
        assertEquals("h", take());
        assertEquals("i", take());
        assertEquals("j", take());
    }

    @Test
    void numbersThatWillNeverComeAreSkipped() {
        start();
        receive(whole(0, 0, "a"));
        assertEquals("a", take());
        final byte[] body = MessageCodec.encode(Message.text("x".repeat(100)));
        receive(part(1, body, 0, 50));
        receive(whole(3, 3, "d"));
        assertEquals(165 + 66, conversation.heldBytes());
        receive(whole(4, 1, "e"));
        assertEquals("d", take());
        assertEquals("e", take());
        assertEquals(0, conversation.heldBytes());
        receive(whole(Long.MAX_VALUE >> 2, 0, "far"));
        assertEquals("far", take());
    }

    @Test
    void ofOverlappingFragmentsTheFirstBytesCount() {
        start();
        final byte[] body = MessageCodec.encode(Message.text("abcdefgh"));
        final byte[] other = MessageCodec.encode(Message.text("ABCDEFGH"));
        assertEquals(9 + 64, receive(part(0, body, 2, 4)));
        assertEquals(0, receive(part(0, other, 6, 8)));
        assertEquals(0, receive(part(0, other, 1, 7)));
        assertNull(take());
        receive(part(0, body, 0, 9));
        assertEquals("AbcDEFGh", take());
    }

    @Test
    void aFragmentThatNamesAnotherTotalIsLeftAlone() {
        start();
        final byte[] body = MessageCodec.encode(Message.text("abc"));
        receive(part(0, body, 0, 2));
        receive(new MessageFrame(0, 0, 0, 5, 2, Bytes.of(new byte[3])));
        assertNull(take());
        receive(part(0, body, 2, 4));
        assertEquals("abc", take());
    }

    @Test
    void aChannelThatIsNotOpenIsAnsweredAndNotKept() {
        start();
        conversation.refuseUnknownChannel(session, new MessageFrame(9, 5, 0, 1, 0, Bytes.of(new byte[1])));
        assertEquals(new ReceiptFrame(9, 5, 1, ReceiptFrame.NO_SUCH_CHANNEL), receipt());
        assertEquals(0, conversation.heldBytes());
    }
}
