package dev.cutlass.proto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.event.Message;
import dev.cutlass.proto.message.MessageCodec;
import dev.cutlass.proto.recovery.Deadlines;
import dev.cutlass.wire.AckFrame;
import dev.cutlass.wire.AckRanges;
import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.Frame;
import dev.cutlass.wire.LimitsFrame;
import dev.cutlass.wire.MessageFrame;
import dev.cutlass.wire.PingFrame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Small messages share packets when the sender is ahead of the wire, and only then. */
class SharedPacketsTest {
    private static final int SHORT = 60;
    private static final long INTERVAL = MessageShares.SHORT_PACKET_NANOS;

    private final Alone alone = new Alone(false);
    private long offered;

    @BeforeEach
    void messagesMayFlow() {
        alone.connection.admit(alone.now);
        alone.hear(new LimitsFrame(1L << 20));
        answerAfter(Alone.MS / 10);
        alone.outputs.clear();
    }

    private void answerAfter(long roundTrip) {
        alone.now += roundTrip;
        alone.hear(ackOfAll());
    }

    private AckFrame ackOfAll() {
        final long largest = alone.connection.paths().primary().recovery().nextNumber() - 1;
        return new AckFrame(0, AckRanges.of(new long[] {largest, 0}), 0);
    }

    private void offer() {
        alone.conversation.offer(0, MessageCodec.encode(Message.text("x".repeat(SHORT))));
        offered++;
    }

    private List<Output.Transmit> sendNow() {
        offer();
        alone.connection.flush(alone.now);
        return packets(alone.drain());
    }

    private static List<Output.Transmit> packets(List<Output> outputs) {
        return outputs.stream()
                .filter(Output.Transmit.class::isInstance)
                .map(Output.Transmit.class::cast)
                .toList();
    }

    @Test
    void aMessageNowAndThenLeavesAtOnce() {
        for (int i = 0; i < 500; i++) {
            assertEquals(1, sendNow().size(), "message " + i);
            assertFalse(alone.connection.isAhead(alone.now));
            alone.now += INTERVAL;
            if (i % 4 == 0) {
                alone.hear(ackOfAll());
            }
        }
    }

    @Test
    void onALongPathTheyWaitForAFractionOfTheRoundTripAtMost() {
        for (int i = 0; i < 50; i++) {
            alone.now += Alone.SECOND;
            sendNow();
            answerAfter(100 * Alone.MS);
        }
        for (int i = 0; i < 30; i++) {
            sendNow();
        }
        final long wait = alone.connection.timers().deadline(Timer.PACE) - alone.now;
        assertTrue(wait > INTERVAL && wait <= Alone.MS, "waits for " + wait);
    }

    @Test
    void theFirstOnesOfABurstLeaveAtOnceAndTheOthersFillPackets() {
        for (int i = 0; i < MessageShares.SHORT_PACKETS; i++) {
            assertEquals(1, sendNow().size(), "message " + i);
        }
        final List<Output.Transmit> later = new ArrayList<>();
        final int burst = 200;
        for (int i = 0; i < burst; i++) {
            later.addAll(sendNow());
            alone.hear(ackOfAll());
        }
        // an ACK says nothing about how fast the wire is, so it must not open the gate by itself
        assertTrue(later.size() <= burst / 10, later.size() + " packets");
        assertTrue(
                later.stream().allMatch(packet -> packet.length() > 1_100),
                () -> later.stream().map(packet -> packet.length()).toList().toString());
    }

    @Test
    void whatIsLeftOfABurstLeavesWithinTheTimeOfOnePacket() {
        int left = 0;
        for (int i = 0; i < 30; i++) {
            left += sendNow().size();
        }
        final long deadline = alone.connection.nextDeadline();
        assertTrue(
                deadline != Deadlines.NONE && deadline <= alone.now + INTERVAL,
                "deadline in " + (deadline - alone.now));
        assertTrue(alone.connection.isAhead(alone.now), "flushing would change nothing");
        alone.runTo(deadline);
        assertEquals(offered, sentMessages());
        assertTrue(left + 1 < offered);
    }

    @Test
    void anAckThatIsDueTakesAlongWhatWaits() {
        for (int i = 0; i < 20; i++) {
            sendNow();
        }
        assertTrue(sentMessages() < offered);
        alone.hear(new PingFrame(1));
        assertEquals(offered, sentMessages());
    }

    @Test
    void packetsThatCameTogetherAreAnsweredWithOneAck() {
        final List<byte[]> pings = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            pings.add(alone.packet(new MessageFrame(0, i, i, 1, 0, Bytes.of(new byte[1]))));
        }
        for (byte[] ping : pings) {
            alone.connection.receive(ping, 0, ping.length, Alone.PEER, 0, alone.now);
            assertTrue(packets(alone.drain()).isEmpty(), "answers wait until all were received");
        }
        alone.connection.flush(alone.now);
        assertEquals(1, packets(alone.drain()).size());
    }

    private long sentMessages() {
        final Wiretap tap = alone.tap();
        long count = 0;
        for (Output.Transmit packet : packets(alone.outputs)) {
            for (Frame frame : tap.read(Arrays.copyOf(packet.datagram(), packet.length()))) {
                count += frame instanceof MessageFrame ? 1 : 0;
            }
        }
        return count;
    }
}
