package dev.cutlass.proto.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.wire.Id128;
import dev.cutlass.wire.ReceiptFrame;
import org.junit.jupiter.api.Test;

/** Messages that go or come another way than in fragments. docs/offline.md. */
class ElsewhereTest extends OneSide {
    private static final Id128 OTHER_BOOT = new Id128(3, 4);

    private void remember(long... bounds) {
        conversation.memory(boot -> boot.equals(BOOT) ? bounds : new long[0]);
    }

    private Arrival standing(long number, long base) {
        return conversation.standing(BOOT, number, base);
    }

    @Test
    void whatCameElsewhereIsAnsweredAndNotTakenAgain() {
        remember();
        start();
        assertEquals(Arrival.NEXT, standing(0, 0));
        conversation.acceptElsewhere(BOOT, 0, 0);
        assertEquals(receipt(0, 1, ReceiptFrame.ACCEPTED), receipt());
        assertEquals(Arrival.SETTLED, standing(0, 0));
        receive(whole(0, 0, "again"));
        assertNull(take());
        assertEquals(receipt(0, 1, ReceiptFrame.ACCEPTED), receipt());
        receive(whole(1, 1, "next"));
        assertEquals("next", take());
    }

    @Test
    void whatCameInFragmentsIsSettledForWhatComesElsewhere() {
        remember();
        start();
        receive(whole(0, 0, "zero"));
        assertEquals(Arrival.HERE, standing(0, 0));
        assertEquals(Arrival.EARLY, standing(1, 0));
        assertEquals("zero", take());
        assertEquals(Arrival.SETTLED, standing(0, 0));
        assertEquals(Arrival.NEXT, standing(1, 0));
    }

    @Test
    void anEarlyOneMayBeTakenBeforeThoseThatAreMissing() {
        remember();
        start();
        receive(whole(0, 0, "zero"));
        assertEquals("zero", take());
        assertEquals(Arrival.EARLY, standing(2, 0));
        conversation.acceptElsewhere(BOOT, 2, 0);
        receive(whole(3, 3, "three"));
        assertNull(take());
        receive(whole(1, 1, "one"));
        assertEquals("one", take());
        assertEquals("three", take());
        assertEquals(Arrival.SETTLED, standing(1, 0));
    }

    @Test
    void partsOfAMessageThatCameElsewhereTakeNoMemory() {
        remember();
        start();
        final byte[] body = new byte[5_000];
        receive(part(0, body, 0, 1_000));
        assertTrue(conversation.heldBytes() > 0);
        conversation.acceptElsewhere(BOOT, 0, 0);
        assertEquals(0, conversation.heldBytes());
        receive(part(0, body, 1_000, 5_000));
        assertNull(take());
    }

    @Test
    void anEarlierLifeCounts() {
        remember(0, 4, 6, 6);
        start();
        receive(whole(3, 0, "three"));
        receive(whole(6, 3, "six"));
        receive(whole(5, 2, "five"));
        assertEquals("five", take());
        assertNull(take());
        assertEquals(Arrival.SETTLED, standing(6, 0));
        assertEquals(Arrival.NEXT, standing(7, 3));
        assertEquals(Arrival.NEXT, conversation.standing(OTHER_BOOT, 0, 0));
    }

    @Test
    void whatItsSenderNoLongerSendsInFragmentsMayStillComeElsewhere() {
        remember(0, 1);
        start();
        receive(whole(5, 0, "five"));
        assertEquals("five", take());
        assertEquals(Arrival.SETTLED, standing(1, 0));
        assertEquals(Arrival.NEXT, standing(3, 3));
        conversation.acceptElsewhere(BOOT, 3, 3);
        assertEquals(Arrival.SETTLED, standing(3, 3));
        receive(whole(9, 0, "nine"));
        assertEquals("nine", take());
        assertEquals(Arrival.NEXT, standing(7, 6));
        assertEquals(Arrival.SETTLED, standing(5, 5));
    }

    @Test
    void aMessageThatThePeerHasFromElsewhereIsSettledOnce() {
        start();
        final Outgoing waits = offer("waits");
        final Outgoing started = offer("started");
        conversation.deliveredElsewhere(waits);
        assertSettled(waits, Outcome.DELIVERED, ReceiptFrame.ACCEPTED);
        assertEquals(started.number(), next().number());
        conversation.deliveredElsewhere(started);
        assertSettled(started, Outcome.DELIVERED, ReceiptFrame.ACCEPTED);
        conversation.onReceipt(session, receipt(started.number(), 1, ReceiptFrame.ACCEPTED));
        conversation.deliveredElsewhere(started);
        assertNull(conversation.pollSettled());
        assertFalse(conversation.isAnythingQueued());
    }

    @Test
    void whereMessagesComeInFragmentsOnlyThereIsNothingElsewhere() {
        start();
        assertEquals(Arrival.SETTLED, standing(0, 0));
    }
}
