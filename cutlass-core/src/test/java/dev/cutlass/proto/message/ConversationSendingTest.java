package dev.cutlass.proto.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.event.Message;
import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.Id128;
import dev.cutlass.wire.MessageFrame;
import dev.cutlass.wire.ReceiptFrame;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What one side sends, and what becomes of it, frame by frame. */
class ConversationSendingTest extends OneSide {
    @Test
    void messagesAreNumberedByChannelAndSentInTheOrderOfTheirOffer() {
        final byte[] body = MessageCodec.encode(Message.text("x"));
        conversation.offer(0, body);
        conversation.offer(4, body);
        conversation.offer(0, body);
        start();
        conversation.channelOpened(session, 4);

        assertEquals(new MessageFrame(0, 0, 0, 2, 0, Bytes.of(body)), next());
        assertEquals(new MessageFrame(4, 0, 0, 2, 0, Bytes.of(body)), next());
        assertEquals(new MessageFrame(0, 1, 1, 2, 0, Bytes.of(body)), next());
        assertNull(next());
    }

    @Test
    void aMessageStartsOnlyWhenItsWholeCostIsWithinTheLimit() {
        offer("x".repeat(99)); // 100 bytes
        offer("y");
        start();

        assertNull(conversation.nextFragment(session, 163, ROOM, MessageFrame.reusable()));
        assertFalse(conversation.hasSomethingFor(session, 163));
        assertTrue(conversation.hasSomethingFor(session, 164));
        assertEquals(
                0,
                conversation
                        .nextFragment(session, 164, ROOM, MessageFrame.reusable())
                        .number());
        assertNull(conversation.nextFragment(session, 164 + 65, ROOM, MessageFrame.reusable()));
        assertEquals(
                1,
                conversation
                        .nextFragment(session, 164 + 66, ROOM, MessageFrame.reusable())
                        .number());
    }

    @Test
    void fragmentsFillTheRoomAndCoverTheMessage() {
        final Outgoing message = offer("x".repeat(5_000));
        start();
        int covered = 0;
        for (MessageFrame fragment;
                (fragment = conversation.nextFragment(session, NO_LIMIT, 700, MessageFrame.reusable())) != null; ) {
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
        assertNull(conversation.nextFragment(session, NO_LIMIT, 7, MessageFrame.reusable()));
        assertEquals(
                1,
                conversation
                        .nextFragment(session, NO_LIMIT, 8, MessageFrame.reusable())
                        .data()
                        .length());
        assertEquals(1, next().offset());
    }

    @Test
    void aLostFragmentGoesOutAgainBeforeNewOnes() {
        offer("x".repeat(3_000));
        offer("y");
        start();
        final MessageFrame first = next();
        final MessageFrame second = next();
        conversation.onFragmentLost(
                session,
                first.channel(),
                first.number(),
                first.offset(),
                first.data().length());

        assertEquals(
                first.data().slice(0, 100),
                conversation
                        .nextFragment(session, NO_LIMIT, 109, MessageFrame.reusable())
                        .data());
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
        for (MessageFrame fragment;
                (fragment = conversation.nextFragment(later, NO_LIMIT, ROOM, MessageFrame.reusable())) != null; ) {
            numbers.add(fragment.number());
        }
        assertEquals(List.of(0L, 2L, 3L), numbers);
    }

    @Test
    void aReceiverThatWasRestartedHearsAgainWhatHasNoReceiptAndNothingElse() {
        offer("a");
        offer("b");
        offer("c");
        start();
        next();
        next();
        conversation.onReceipt(session, receipt(1, 1, ReceiptFrame.ACCEPTED)); // that of "a" was lost
        conversation.sessionEnded(session);

        final Object later = new Object();
        conversation.sessionStarted(later, new Id128(3, 4));
        final Conversation restarted = new Conversation(ConversationLimits.DEFAULT);
        restarted.sessionStarted(session, BOOT);
        final List<String> heard = new ArrayList<>();
        for (MessageFrame sent;
                (sent = conversation.nextFragment(later, NO_LIMIT, ROOM, MessageFrame.reusable())) != null; ) {
            restarted.onMessage(session, sent, 0);
            conversation.onFragmentAcked(later, sent.channel(), sent.number(), sent.back());
            for (Inbound inbound; (inbound = restarted.peekDeliverable()) != null; restarted.accept(inbound)) {
                heard.add(inbound.message().text());
            }
            for (ReceiptFrame told; (told = restarted.nextReceipt(session, ReceiptFrame.reusable())) != null; ) {
                conversation.onReceipt(later, told);
            }
        }
        assertEquals(List.of("a", "c"), heard);
        assertEquals(0, conversation.queued());
    }

    @Test
    void messagesAreInFlightOnOneConnectionAtATime() {
        offer("a");
        final Outgoing second = offer("b");
        final Object other = new Object();
        start();
        conversation.sessionStarted(other, BOOT);
        next();
        assertNull(conversation.nextFragment(other, NO_LIMIT, ROOM, MessageFrame.reusable()));
        assertFalse(conversation.hasSomethingFor(other, NO_LIMIT));
        conversation.onReceipt(other, receipt(0, 1, ReceiptFrame.ACCEPTED));
        assertEquals(
                second.number(),
                conversation
                        .nextFragment(other, NO_LIMIT, ROOM, MessageFrame.reusable())
                        .number());
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
        final MessageFrame arrived = next();
        conversation.onFragmentAcked(session, arrived.channel(), arrived.number(), arrived.back());
        assertEquals(2, next().back());
        assertNull(next());

        conversation.onReceipt(session, receipt(0, 1, ReceiptFrame.ACCEPTED));
        final MessageFrame told = next();
        assertEquals(2, told.number());
        assertEquals(0, told.back());
        assertEquals(1, told.data().length());
        assertNull(next());
        conversation.onFragmentLost(
                session,
                told.channel(),
                told.number(),
                told.offset(),
                told.data().length());
        assertEquals(told, next());
        conversation.onFragmentAcked(session, told.channel(), told.number(), told.back());
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
        final MessageFrame again = conversation.nextFragment(later, NO_LIMIT, ROOM, MessageFrame.reusable());
        conversation.onReceipt(later, receipt(0, 1, ReceiptFrame.ACCEPTED));
        conversation.onFragmentLost(
                later,
                again.channel(),
                again.number(),
                again.offset(),
                again.data().length());

        final MessageFrame counted = conversation.nextFragment(later, NO_LIMIT, ROOM, MessageFrame.reusable());
        assertEquals(again.total(), counted.total());
        assertEquals(1, counted.data().length());
        conversation.onFragmentAcked(later, counted.channel(), counted.number(), counted.back());
        conversation.onFragmentLost(
                later,
                again.channel(),
                again.number(),
                again.offset(),
                again.data().length());
        assertFalse(conversation.hasSomethingFor(later, NO_LIMIT));
    }

    @Test
    void aChannelThatIsNotOpenKeepsItsMessagesAndHoldsUpNobody() {
        final byte[] body = MessageCodec.encode(Message.text("x"));
        conversation.offer(4, body);
        conversation.offer(0, body);
        start();

        assertEquals(new MessageFrame(0, 0, 0, 2, 0, Bytes.of(body)), next());
        assertNull(next());
        assertFalse(conversation.hasSomethingFor(session, NO_LIMIT));
        conversation.channelOpened(session, 4);
        assertTrue(conversation.hasSomethingFor(session, NO_LIMIT));
        assertEquals(new MessageFrame(4, 0, 0, 2, 0, Bytes.of(body)), next());
    }

    @Test
    void onTheNextConnectionAChannelWaitsUntilItIsOpenedAgain() {
        final byte[] body = MessageCodec.encode(Message.text("x"));
        conversation.offer(4, body);
        start();
        conversation.channelOpened(session, 4);
        assertNotNull(next());
        conversation.sessionEnded(session);
        final Object later = new Object();
        conversation.sessionStarted(later, BOOT);

        assertNull(conversation.nextFragment(later, NO_LIMIT, ROOM, MessageFrame.reusable()));
        conversation.channelOpened(later, 4);
        assertEquals(
                new MessageFrame(4, 0, 0, 2, 0, Bytes.of(body)),
                conversation.nextFragment(later, NO_LIMIT, ROOM, MessageFrame.reusable()));
    }

    @Test
    void whatWaitsForAChannelThatIsOverIsRefusedAndItsNumbersNeverComeAgain() {
        final byte[] body = MessageCodec.encode(Message.text("x"));
        final Outgoing first = conversation.offer(4, body);
        final Outgoing second = conversation.offer(4, body);
        start();
        conversation.channelOpened(session, 4);
        assertNotNull(next());
        conversation.sessionEnded(session);
        conversation.dropChannel(4);

        assertSettled(first, Outcome.REFUSED, ReceiptFrame.NO_SUCH_CHANNEL);
        assertSettled(second, Outcome.REFUSED, ReceiptFrame.NO_SUCH_CHANNEL);
        assertEquals(0, conversation.queued());
        assertEquals(2, conversation.offer(4, body).number());
        assertEquals(3, conversation.nextNumber());
    }

    @Test
    void whatIsInFlightOnAChannelThatIsOverEndsWithItsReceiptOrItsConnection() {
        final byte[] body = MessageCodec.encode(Message.text("x"));
        conversation.offer(4, body);
        start();
        conversation.channelOpened(session, 4);
        final MessageFrame sent = next();
        conversation.dropChannel(4);
        conversation.onFragmentLost(
                session,
                sent.channel(),
                sent.number(),
                sent.offset(),
                sent.data().length());

        assertEquals(sent, next(), "else the two sides would count differently");
        conversation.sessionEnded(session);
        final Object later = new Object();
        conversation.sessionStarted(later, BOOT);
        conversation.channelOpened(later, 4);
        assertNull(conversation.nextFragment(later, NO_LIMIT, ROOM, MessageFrame.reusable()));
    }
}
