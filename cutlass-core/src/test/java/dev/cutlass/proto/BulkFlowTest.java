package dev.cutlass.proto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.crypto.noise.Role;
import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.proto.message.Conversation;
import dev.cutlass.proto.message.Outgoing;
import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.ChannelKind;
import dev.cutlass.wire.Frame;
import dev.cutlass.wire.LimitsFrame;
import dev.cutlass.wire.MessageClass;
import dev.cutlass.wire.MessageFrame;
import dev.cutlass.wire.OpenFrame;
import dev.cutlass.wire.OpenedFrame;
import dev.cutlass.wire.ReceiptFrame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Flow control of both classes at one end, with a peer that does what it likes: docs/protocol.md section 5.2. */
class BulkFlowTest {
    private static final long WINDOW = ConnectionConfig.defaults().messageWindow();
    private static final int COST = MessageFrame.MAX_TOTAL + ConnectionConfig.MESSAGE_OVERHEAD;
    private static final long FITTING = WINDOW / COST;
    private static final long CHANNEL = 1;

    private final Alone alone = new Alone(false);
    private final Wiretap tap = new Wiretap(Role.RESPONDER, AeadAlgorithm.AES_256_GCM, 5);
    private final List<Frame> said = new ArrayList<>();

    private void listen(List<Output> outputs) {
        for (Output output : outputs) {
            if (output instanceof Output.Transmit transmit) {
                said.addAll(tap.read(Arrays.copyOf(transmit.datagram(), transmit.length())));
            }
        }
    }

    private List<Output> hear(Frame... frames) {
        final List<Output> outputs = alone.hear(frames);
        listen(outputs);
        return outputs;
    }

    private <F extends Frame> List<F> said(Class<F> type) {
        return said.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** The peer opens a channel for bulk, and we accept it. */
    private void openBulk(long limit) {
        alone.connection.admit(alone.now);
        listen(alone.drain());
        final List<Output> asked = hear(
                new LimitsFrame(limit, limit), new OpenFrame(CHANNEL, ChannelKind.ORDERED_BULK.code(), 0, "files"));
        assertTrue(asked.contains(new Output.OpenRequested(CHANNEL, MessageClass.BULK, 0, "files")));
        alone.connection.answerOpen(CHANNEL, OpenedFrame.ACCEPTED, alone.now);
        listen(alone.drain());
    }

    private static MessageFrame start(long channel, long number) {
        return new MessageFrame(channel, number, number, MessageFrame.MAX_TOTAL, 0, Bytes.of(new byte[1]));
    }

    private boolean isOpen() {
        return alone.connection.isOpen();
    }

    @Test
    void theLimitOfBulkIsToldWithTheFirstChannelForIt() {
        openBulk(1 << 20);
        final List<LimitsFrame> limits = said(LimitsFrame.class);
        assertEquals(new LimitsFrame(WINDOW), limits.get(0));
        assertEquals(new LimitsFrame(WINDOW, WINDOW), limits.get(limits.size() - 1));
    }

    @Test
    void whoFillsOneWindowHasTheOtherStill() {
        openBulk(1 << 20);
        for (long i = 0; i < FITTING; i++) {
            hear(start(CHANNEL, i));
        }
        assertEquals(FITTING * COST, alone.conversation.heldBytes(MessageClass.BULK));
        for (long i = 0; i < FITTING; i++) {
            hear(start(0, i));
        }
        assertTrue(isOpen());
        assertEquals(FITTING * COST, alone.conversation.heldBytes());
    }

    @Test
    void whoPassesALimitOfEitherClassIsClosed() {
        for (long channel : new long[] {0, CHANNEL}) {
            final BulkFlowTest test = new BulkFlowTest();
            test.openBulk(1 << 20);
            for (long i = 0; i < FITTING; i++) {
                test.hear(start(channel, i));
            }
            assertTrue(test.isOpen());
            test.hear(start(channel, FITTING));
            assertFalse(test.isOpen(), "channel " + channel);
        }
    }

    @Test
    void bulkOverAChannelThatNobodyAcceptedHasNoLimitAtAll() {
        alone.connection.admit(alone.now);
        hear(new LimitsFrame(1 << 20), new OpenFrame(CHANNEL, ChannelKind.ORDERED_BULK.code(), 0, "files"));
        hear(start(CHANNEL, 0));
        assertFalse(isOpen());
    }

    @Test
    void aNumberStandsForOneClass() {
        openBulk(1 << 20);
        hear(new OpenFrame(CHANNEL, ChannelKind.ORDERED_BULK.code(), 0, "files"));
        assertTrue(isOpen());
        hear(new OpenFrame(CHANNEL, ChannelKind.ORDERED.code(), 0, "files"));
        assertFalse(isOpen());
    }

    @Test
    void bulkThatIsTakenGivesNewRoomInItsWindowOnly() {
        openBulk(1 << 20);
        final byte[] whole = new byte[60_000]; // few packets, for nobody acknowledges ours
        final long cost = whole.length + ConnectionConfig.MESSAGE_OVERHEAD;
        final Conversation bulk = alone.conversation.of(MessageClass.BULK);
        for (long i = 0; i < WINDOW / cost; i++) {
            hear(new MessageFrame(CHANNEL, i, 0, whole.length, 0, Bytes.of(whole)));
            bulk.accept(bulk.peekDeliverable());
            alone.connection.flush(alone.now);
            listen(alone.runTo(alone.now + 100 * Alone.MS)); // pacing
        }
        final LimitsFrame last =
                said(LimitsFrame.class).get(said(LimitsFrame.class).size() - 1);
        assertEquals(WINDOW, last.messages());
        assertTrue(last.bulk() > WINDOW && last.bulk() <= 2 * WINDOW, last::toString);
        assertTrue(said(LimitsFrame.class).size() < 10, "a new limit is told at a quarter of the window");
    }

    /** RFC 9000 has no such attack by name; TCP has: RFC 1122 section 4.2.3.4, silly windows. */
    @Test
    void limitsThatGrowByteByByteCostNoPacketsAndNoTurns() {
        openBulk(0);
        final Conversation bulk = alone.conversation.of(MessageClass.BULK);
        final byte[] message = new byte[1_000];
        final Outgoing ordinary = alone.conversation.offer(0, message);
        final Outgoing late = bulk.offer(CHANNEL, message);
        assertNotNull(ordinary);
        assertNotNull(late);
        alone.connection.flush(alone.now);
        final int need = message.length + ConnectionConfig.MESSAGE_OVERHEAD;
        int packets = 0;
        int turns = 0;
        for (int limit = 0; limit < need; limit++) {
            packets += (int) Alone.count(hear(new LimitsFrame(limit, limit)), Output.Transmit.class);
            while (alone.connection.nextDeadline() <= alone.now + Alone.MS) {
                alone.now = Math.max(alone.now, alone.connection.nextDeadline());
                alone.connection.handleTimeout(alone.now);
                turns++;
            }
            alone.now += Alone.MS;
            packets += (int) Alone.count(alone.drain(), Output.Transmit.class);
        }
        final int limits = need;
        assertTrue(packets <= limits / 2 + limits / 16 + 20, packets + " packets for " + limits + " limits");
        assertTrue(turns <= limits / 8 + 20, turns + " turns");
        assertEquals(List.of(), said(MessageFrame.class));
        assertFalse(ordinary.isSent() || late.isSent());

        hear(new LimitsFrame(need, need));
        listen(alone.runTo(alone.now + 100 * Alone.MS)); // pacing
        assertTrue(ordinary.isSent() && late.isSent());
    }

    @Test
    void aLimitThatOvertakesItsChannelIsNotForgotten() {
        alone.connection.admit(alone.now);
        hear(new LimitsFrame(1 << 20, 1 << 20));
        hear(new OpenFrame(CHANNEL, ChannelKind.ORDERED_BULK.code(), 0, "files"));
        alone.connection.answerOpen(CHANNEL, OpenedFrame.ACCEPTED, alone.now);
        final Outgoing bulk = alone.conversation.of(MessageClass.BULK).offer(CHANNEL, new byte[100]);
        alone.connection.flush(alone.now);
        listen(alone.drain());
        assertNotNull(bulk);
        assertTrue(bulk.isSent());
        hear(new ReceiptFrame(CHANNEL, bulk.number(), 1, ReceiptFrame.ACCEPTED));
        assertTrue(bulk.isSettled());
    }

    @Test
    void inAPacketMessagesComeBeforeBulk() {
        openBulk(1 << 20);
        alone.conversation.of(MessageClass.BULK).offer(CHANNEL, new byte[300]);
        alone.conversation.offer(0, new byte[300]);
        said.clear();
        alone.connection.flush(alone.now);
        listen(alone.drain());
        assertEquals(
                List.of(0L, CHANNEL),
                said(MessageFrame.class).stream().map(MessageFrame::channel).toList());
    }
}
