package dev.cutlass.proto.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PacerTest {
    private static final long MS = 1_000_000;
    private static final long SECOND = 1_000 * MS;
    private static final int PACKET = 1_200;

    private final Pacer pacer = new Pacer();

    /** Sends whenever it may until a time; returns how many packets left. */
    private int sendUntil(long from, long until, double rate) {
        int sent = 0;
        for (long now = from; now < until; ) {
            final long release = pacer.releaseTime(rate, now);
            if (release > now) {
                now = release;
            } else {
                pacer.onSent(PACKET, rate, now);
                sent++;
            }
        }
        return sent;
    }

    @ParameterizedTest
    @ValueSource(doubles = {50_000, 1e6, 12.5e6, 1.25e9})
    void whoAlwaysHasSomethingSendsAtTheRate(double rate) {
        final int atFirst = sendUntil(SECOND, 2 * SECOND, rate);
        final int then = sendUntil(2 * SECOND, 3 * SECOND, rate);
        assertEquals(rate / PACKET, then, rate / PACKET * 0.02 + 2);
        assertTrue(atFirst >= then && atFirst - then <= 256 + 2, "first " + atFirst + ", then " + then);
    }

    @Test
    void anInitialWindowLeavesAtOnceAfterAPauseAndTheNextPacketWaits() {
        final double rate = 120_000; // a packet every 10 ms
        for (long now : new long[] {SECOND, 5 * SECOND}) {
            for (int i = 0; i < 10; i++) {
                assertEquals(now, pacer.releaseTime(rate, now), "packet " + i);
                pacer.onSent(PACKET, rate, now);
            }
            pacer.onSent(PACKET, rate, now); // exactly used up: this one may still leave
            assertTrue(pacer.releaseTime(rate, now) > now + 9 * MS);
            assertTrue(pacer.releaseTime(rate, now) < now + 11 * MS);
        }
    }

    @Test
    void smallMessagesOnAnIdleLinkNeverWait() {
        final double rate = 120_000;
        for (long now = SECOND; now < 10 * SECOND; now += 2 * MS) {
            assertEquals(now, pacer.releaseTime(rate, now)); // 60 bytes each 2 ms: 30,000 bytes per second
            pacer.onSent(60, rate, now);
        }
    }

    @Test
    void whoWaitsWaitsForMoreThanOnePacketWhereTheRateIsHigh() {
        final double rate = 12.5e6;
        while (pacer.releaseTime(rate, SECOND) == SECOND) {
            pacer.onSent(PACKET, rate, SECOND);
        }
        final long release = pacer.releaseTime(rate, SECOND);
        int burst = 0;
        while (pacer.releaseTime(rate, release) == release) {
            pacer.onSent(PACKET, rate, release);
            burst++;
        }
        assertTrue(burst >= 5 && burst <= 7, burst + " packets"); // half a millisecond at 100 Mbit/s
    }

    @Test
    void aPacketNeverWaitsMuchLongerThanASecondHoweverLowTheRate() {
        pacer.onSent(PACKET, 1e-3, SECOND);
        for (int i = 0; i < 12; i++) {
            pacer.onSent(PACKET, 1e-3, SECOND);
        }
        assertTrue(pacer.releaseTime(1e-3, SECOND) < 16 * SECOND);
        assertTrue(pacer.releaseTime(1e-3, SECOND) > SECOND);
    }
}
