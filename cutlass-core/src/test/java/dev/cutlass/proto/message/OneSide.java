package dev.cutlass.proto.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.event.Message;
import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.Id128;
import dev.cutlass.wire.MessageFrame;
import dev.cutlass.wire.ReceiptFrame;

/** One side of a conversation, to which its test speaks frame by frame. */
abstract class OneSide {
    static final long NO_LIMIT = Long.MAX_VALUE;
    static final int ROOM = 1_200;
    static final Id128 BOOT = new Id128(1, 2);

    final Conversation conversation = new Conversation(ConversationLimits.DEFAULT);
    final Object session = new Object();

    Outgoing offer(String text) {
        return conversation.offer(0, MessageCodec.encode(Message.text(text)));
    }

    void start() {
        conversation.sessionStarted(session, BOOT);
    }

    MessageFrame next() {
        return conversation.nextFragment(session, NO_LIMIT, ROOM, MessageFrame.reusable());
    }

    static MessageFrame whole(long number, long back, String text) {
        final byte[] body = MessageCodec.encode(Message.text(text));
        return new MessageFrame(0, number, back, body.length, 0, Bytes.of(body));
    }

    static MessageFrame part(long number, byte[] body, int from, int to) {
        return new MessageFrame(0, number, 0, body.length, from, Bytes.of(body, from, to - from));
    }

    int receive(MessageFrame fragment) {
        return conversation.onMessage(session, fragment, 0);
    }

    String take() {
        final Inbound inbound = conversation.peekDeliverable();
        if (inbound == null) {
            return null;
        }
        final String text = inbound.message().text();
        assertTrue(conversation.accept(inbound));
        return text;
    }

    ReceiptFrame receipt() {
        return conversation.nextReceipt(session, ReceiptFrame.reusable());
    }

    static ReceiptFrame receipt(long first, long count, long code) {
        return new ReceiptFrame(0, first, count, code);
    }

    void assertSettled(Outgoing message, Outcome outcome, long code) {
        assertSame(message, conversation.pollSettled());
        assertEquals(outcome, message.outcome());
        assertEquals(code, message.code());
        assertTrue(message.isSettled());
    }
}
