package dev.cutlass.proto.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.event.Message;
import dev.cutlass.event.MessageId;
import dev.cutlass.proto.message.Settled.Outcome;
import dev.cutlass.proto.recovery.Deadlines;
import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.Id128;
import dev.cutlass.wire.MessageFrame;
import dev.cutlass.wire.ReceiptFrame;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What one side does, frame by frame. */
class ConversationTest {
    private static final long NO_LIMIT = Long.MAX_VALUE;
    private static final int ROOM = 1_200;
    private static final Id128 BOOT = new Id128(1, 2);

    private final Conversation conversation = new Conversation(ConversationLimits.DEFAULT);
    private final Object session = new Object();

    private Outgoing offer(String text) {
        return conversation.offer(0, MessageCodec.encode(Message.text(text)));
    }

    private void start() {
        conversation.sessionStarted(session, BOOT);
    }

    private MessageFrame next() {
        return conversation.nextFragment(session, NO_LIMIT, ROOM);
    }

    private static MessageFrame whole(long number, long back, String text) {
        final byte[] body = MessageCodec.encode(Message.text(text));
        return new MessageFrame(0, number, back, body.length, 0, Bytes.of(body));
    }

    private static MessageFrame part(long number, byte[] body, int from, int to) {
        return new MessageFrame(0, number, 0, body.length, from, Bytes.of(body, from, to - from));
    }

    private int receive(MessageFrame fragment) {
        return conversation.onMessage(session, fragment, 0);
    }

    private String take() {
        final Inbound inbound = conversation.peekDeliverable();
        if (inbound == null) {
            return null;
        }
        assertTrue(conversation.accept(inbound));
        return inbound.message().text();
    }

    private ReceiptFrame receipt() {
        return conversation.nextReceipt(session);
    }

    private static ReceiptFrame receipt(long first, long count, long code) {
        return new ReceiptFrame(0, first, count, code);
    }

    private void assertSettled(Outgoing message, Outcome outcome, long code) {
        assertEquals(new Settled(message, outcome, code), conversation.pollSettled());
        assertTrue(message.isSettled());
    }

    // Sending.

    @Test
    void messagesAreNumberedByChannelAndSentInTheOrderOfTheirOffer() {
        final byte[] body = MessageCodec.encode(Message.text("x"));
        conversation.offer(0, body);
        conversation.offer(4, body);
        conversation.offer(0, body);
        start();

        assertEquals(new MessageFrame(0, 0, 0, 2, 0, Bytes.of(body)), next());
        assertEquals(new MessageFrame(4, 0, 0, 2, 0, Bytes.of(body)), next());
        assertEquals(new MessageFrame(0, 1, 1, 2, 0, Bytes.of(body)), next());
        assertNull(next());
    }

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
    void aMessageStartsOnlyWhenItsWholeCostIsWithinTheLimit() {
        offer("x".repeat(99)); // 100 bytes
        offer("y");
        start();

        assertNull(conversation.nextFragment(session, 163, ROOM));
        assertFalse(conversation.hasSomethingFor(session, 163));
        assertTrue(conversation.hasSomethingFor(session, 164));
        assertEquals(0, conversation.nextFragment(session, 164, ROOM).number());
        assertNull(conversation.nextFragment(session, 164 + 65, ROOM));
        assertEquals(1, conversation.nextFragment(session, 164 + 66, ROOM).number());
    }

    @Test
    void fragmentsFillTheRoomAndCoverTheMessage() {
        final Outgoing message = offer("x".repeat(5_000));
        start();
        int covered = 0;
        for (MessageFrame fragment; (fragment = conversation.nextFragment(session, NO_LIMIT, 700)) != null; ) {
            assertEquals(covered, fragment.offset());
            assertEquals(5_001, fragment.total());
            covered += fragment.data().length();
            assertTrue(fragment.encodedLength() == 700 || covered == 5_001);
            assertEquals(covered == 5_001, message.isSent());
        }
        assertEquals(5_001, covered);
    }

    @Test
    void noRoomIsNoFragmentAndNothingIsLostByAsking() {
        offer("hello");
        start();
        assertNull(conversation.nextFragment(session, NO_LIMIT, 7));
        assertEquals(1, conversation.nextFragment(session, NO_LIMIT, 8).data().length());
        assertEquals(1, next().offset());
    }

    @Test
    void aLostFragmentGoesOutAgainBeforeNewOnes() {
        offer("x".repeat(3_000));
        offer("y");
        start();
        final MessageFrame first = next();
        final MessageFrame second = next();
        conversation.onFragmentLost(session, first);

        assertEquals(
                first.data().slice(0, 100),
                conversation.nextFragment(session, NO_LIMIT, 109).data());
        final MessageFrame rest = next();
        assertEquals(100, rest.offset());
        assertEquals(first.data().length(), rest.offset() + rest.data().length());
        assertEquals(second.offset() + second.data().length(), next().offset());
        assertEquals(1, next().number());
    }

    @Test
    void receiptsSettleWhatWasSentAndNothingElse() {
        final Outgoing first = offer("a");
        final Outgoing second = offer("b");
        offer("never sent");
        start();
        next();
        next();
        conversation.onReceipt(session, new ReceiptFrame(0, 1, 1L << 60, ReceiptFrame.ACCEPTED));
        assertSettled(second, Outcome.DELIVERED, 0);
        conversation.onReceipt(session, receipt(0, 9, 77));
        assertSettled(first, Outcome.REFUSED, 77);
        conversation.onReceipt(session, receipt(0, 9, ReceiptFrame.ACCEPTED));
        conversation.onReceipt(session, new ReceiptFrame(8, 0, 9, ReceiptFrame.ACCEPTED));
        assertNull(conversation.pollSettled());
        assertEquals(1, conversation.queued());
        assertEquals(0, next().back());
    }

    @Test
    void whatWasInFlightOnAConnectionThatEndedGoesOutAgainInItsOldPlace() {
        for (String text : List.of("a", "b", "c", "d")) {
            offer(text);
        }
        start();
        for (int i = 0; i < 3; i++) {
            next();
        }
        conversation.onReceipt(session, receipt(1, 1, ReceiptFrame.ACCEPTED));
        conversation.sessionEnded(session);
        assertNull(next());

        final Object later = new Object();
        conversation.sessionStarted(later, BOOT);
        final List<Long> numbers = new ArrayList<>();
        for (MessageFrame fragment; (fragment = conversation.nextFragment(later, NO_LIMIT, ROOM)) != null; ) {
            numbers.add(fragment.number());
        }
        assertEquals(List.of(0L, 2L, 3L), numbers);
    }

    @Test
    void messagesAreInFlightOnOneConnectionAtATime() {
        offer("a");
        final Outgoing second = offer("b");
        final Object other = new Object();
        start();
        conversation.sessionStarted(other, BOOT);
        next();
        assertNull(conversation.nextFragment(other, NO_LIMIT, ROOM));
        assertFalse(conversation.hasSomethingFor(other, NO_LIMIT));
        conversation.onReceipt(other, receipt(0, 1, ReceiptFrame.ACCEPTED));
        assertEquals(
                second.number(),
                conversation.nextFragment(other, NO_LIMIT, ROOM).number());
    }

    @Test
    void aMessageGivenUpBeforeItsStartIsNeverSent() {
        final Outgoing first = offer("a");
        offer("b");
        conversation.abandon(first);
        conversation.abandon(first);
        assertSettled(first, Outcome.ABANDONED, 0);
        assertNull(conversation.pollSettled());
        start();
        final MessageFrame second = next();
        assertEquals(1, second.number());
        assertEquals(0, second.back());
        assertNull(next());
    }

    @Test
    void aMessageGivenUpAfterItsStartGoesOnButItsReceiptIsNotTold() {
        final Outgoing message = offer("x".repeat(2_000));
        start();
        next();
        conversation.abandon(message);
        assertSettled(message, Outcome.ABANDONED, 0);
        assertNotNull(next());
        conversation.onReceipt(session, receipt(0, 1, ReceiptFrame.ACCEPTED));
        assertNull(conversation.pollSettled());
        assertFalse(conversation.hasSomethingFor(session, NO_LIMIT));
    }

    @Test
    void thePeerIsToldNotToWaitForANumberThatWasNeverSent() {
        offer("a");
        final Outgoing skipped = offer("b");
        offer("c");
        conversation.abandon(skipped);
        start();
        conversation.onFragmentAcked(session, next());
        assertEquals(2, next().back());
        assertNull(next());

        conversation.onReceipt(session, receipt(0, 1, ReceiptFrame.ACCEPTED));
        final MessageFrame told = next();
        assertEquals(2, told.number());
        assertEquals(0, told.back());
        assertEquals(1, told.data().length());
        assertNull(next());
        conversation.onFragmentLost(session, told);
        assertEquals(told, next());
        conversation.onFragmentAcked(session, told);
        assertNull(next());
    }

    @Test
    void aMessageThatWasSettledByAnOlderReceiptIsStillCountedByThePeer() {
        offer("x".repeat(50));
        start();
        next();
        conversation.sessionEnded(session);
        final Object later = new Object();
        conversation.sessionStarted(later, BOOT);
        final MessageFrame again = conversation.nextFragment(later, NO_LIMIT, ROOM);
        conversation.onReceipt(later, receipt(0, 1, ReceiptFrame.ACCEPTED));
        conversation.onFragmentLost(later, again);

        final MessageFrame counted = conversation.nextFragment(later, NO_LIMIT, ROOM);
        assertEquals(again.total(), counted.total());
        assertEquals(1, counted.data().length());
        conversation.onFragmentAcked(later, counted);
        conversation.onFragmentLost(later, again);
        assertFalse(conversation.hasSomethingFor(later, NO_LIMIT));
    }

    // Receiving.

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
    void aChannelThatIsNotOpenIsAnsweredAndNotKept() {
        start();
        conversation.refuseUnknownChannel(session, new MessageFrame(9, 5, 0, 1, 0, Bytes.of(new byte[1])));
        assertEquals(new ReceiptFrame(9, 5, 1, ReceiptFrame.NO_SUCH_CHANNEL), receipt());
        assertEquals(0, conversation.heldBytes());
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
        assertEquals(receipt(0, 1, ReceiptFrame.ACCEPTED), conversation.nextReceipt(later));
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
        conversation.onFragmentAcked(session, fragment);
        conversation.onFragmentLost(session, fragment);
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
