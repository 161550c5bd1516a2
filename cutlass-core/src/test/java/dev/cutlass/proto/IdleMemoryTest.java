package dev.cutlass.proto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.wire.AckFrame;
import dev.cutlass.wire.AckRanges;
import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.LimitsFrame;
import dev.cutlass.wire.MessageFrame;
import dev.cutlass.wire.NewConnectionIdFrame;
import dev.cutlass.wire.PingFrame;
import dev.cutlass.wire.ReceiptFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** What a connection at rest costs. */
class IdleMemoryTest {
    private static final int CONNECTIONS = 2_000;
    // Shared by all connections of an engine.
    private static final RandomGenerator RANDOM = new SplittableRandom(1);
    private static final ConnectionConfig CONFIG = ConnectionConfig.defaults();

    /**
     * Of a connection with its conversation, if no message was ever sent: 5 % above what it takes, so that nothing comes back unnoticed. The engine keeps another thousand bytes of each
     * peer, and the design gives 4,096 for all of it.
     */
    private static final int BUDGET = 3_120;

    /** After messages each way. */
    private static final int BUDGET_TALKED = 3_560;

    @Test
    void aConnectionAtRestTakesThreeKibibytes() {
        final long quiet = sizeOfEach(false);
        final long talked = sizeOfEach(true);
        assertTrue(quiet > 1_000 && quiet <= BUDGET, () -> quiet + " bytes");
        assertTrue(talked > 1_000 && talked <= BUDGET_TALKED, () -> talked + " bytes; " + quiet + " without messages");
    }

    private static long sizeOfEach(boolean messages) {
        // What the class loader and the first of everything take does not count.
        final Object warm = restingConnection(messages);
        final List<Object> resting = new ArrayList<>(CONNECTIONS);
        final long before = usedHeap();
        for (int i = 0; i < CONNECTIONS; i++) {
            resting.add(restingConnection(messages));
        }
        final long each = (usedHeap() - before) / CONNECTIONS;
        assertEquals(CONNECTIONS, resting.size());
        assertNotNull(warm);
        return each;
    }

    /** A connection that had traffic, was silent, and pinged. */
    private static Object restingConnection(boolean messages) {
        final Alone alone = new Alone(false, CONFIG, EpochKeys.PACKETS_PER_EPOCH, RANDOM);
        alone.connection.admit(0);
        alone.hear(
                new LimitsFrame(1 << 20),
                new NewConnectionIdFrame(1, 0, 201),
                new NewConnectionIdFrame(2, 0, 202),
                new NewConnectionIdFrame(3, 0, 203));
        for (int i = 0; messages && i < 20; i++) {
            alone.hear(new MessageFrame(0, i, 0, 3, 0, Bytes.of(new byte[] {0, 'h', 'i'})));
            alone.conversation.accept(alone.conversation.peekDeliverable());
            alone.conversation.offer(0, new byte[] {0, 'x'});
            alone.connection.flush(alone.now);
        }
        settle(alone);
        if (messages) {
            alone.hear(new ReceiptFrame(0, 0, 20, 0));
        }
        while (alone.conversation.pollSettled() != null) {
            // taken
        }
        settle(alone);
        while (Alone.count(alone.runTo(alone.connection.nextDeadline()), Output.Transmit.class) == 0) {
            // to the PING that ends the silence
        }
        settle(alone);
        return alone.connection; // which knows its conversation
    }

    /** Acknowledges everything. */
    private static void settle(Alone alone) {
        alone.drain();
        final long next = alone.connection.paths().primary().recovery().nextNumber();
        alone.hear(new AckFrame(0, AckRanges.of(next - 1, 0), 0), new PingFrame(next));
        alone.runTo(alone.now + 30 * Alone.MS);
        final long last = alone.connection.paths().primary().recovery().nextNumber();
        alone.hear(new AckFrame(0, AckRanges.of(last - 1, 0), 0));
    }

    private static long usedHeap() {
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            System.gc();
            used = Math.min(
                    used,
                    Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
        }
        return used;
    }
}
