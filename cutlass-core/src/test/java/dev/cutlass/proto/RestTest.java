package dev.cutlass.proto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.proto.recovery.Deadlines;
import dev.cutlass.wire.LimitsFrame;
import dev.cutlass.wire.PingFrame;
import org.junit.jupiter.api.Test;

/** When a connection gives back the memory that traffic took. */
class RestTest {
    private static final int BURST = 20;

    private final Alone alone = new Alone(false);

    private void traffic() {
        alone.connection.admit(alone.now);
        alone.hear(new LimitsFrame(1 << 20));
        for (int i = 0; i < BURST; i++) {
            alone.hear(new PingFrame(i));
        }
    }

    @Test
    void aConnectionThatNeverPingsRestsAfterTraffic() {
        traffic();
        assertTrue(alone.connection.keys().isBusy());
        assertEquals(
                alone.now + TimerActions.REST_NANOS, alone.connection.timers().deadline(Timer.REST));
        alone.runTo(alone.now + 2 * TimerActions.REST_NANOS);
        assertFalse(alone.connection.keys().isBusy());
    }

    @Test
    void itRestsWhenThePeersPingsComeBeforeItsOwn() {
        traffic();
        for (int i = 0; i < 5; i++) {
            alone.runTo(alone.now + 10 * Alone.SECOND);
            alone.hear(new PingFrame(100 + i));
        }
        assertFalse(alone.connection.keys().isBusy());
        assertEquals(Deadlines.NONE, alone.connection.timers().deadline(Timer.REST));
    }

    @Test
    void trafficPutsRestOff() {
        traffic();
        for (int i = 0; i < 10; i++) {
            alone.runTo(alone.now + Alone.SECOND);
            alone.hear(new PingFrame(100 + i));
            assertTrue(alone.connection.keys().isBusy());
        }
    }

    @Test
    void aPacketThatIsMissingIsNoLongerTakenAfterRest() {
        alone.hear(new PingFrame(1));
        final byte[] late = packet(40);
        alone.hearBytes(packet(50), Alone.PEER, 0);
        assertTrue(alone.connection.localIds().haveGaps());
        alone.runTo(alone.now + 4 * TimerActions.REST_NANOS); // it probes at first, as nobody acknowledges anything
        assertFalse(alone.connection.localIds().haveGaps());
        alone.hearBytes(late, Alone.PEER, 0);
        assertEquals(1, alone.connection.drops(PacketDrop.REPLAYED));
    }

    private byte[] packet(long number) {
        return alone.peer.packet(alone.connection.localIds().bySequence(0).id(), 0, number, new PingFrame(number));
    }
}
