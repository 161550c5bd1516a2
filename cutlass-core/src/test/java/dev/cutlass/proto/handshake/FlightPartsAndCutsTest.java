package dev.cutlass.proto.handshake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.HandshakePart;
import dev.cutlass.wire.Id128;
import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FlightPartsAndCutsTest {
    private static final int MAX_PART = HandshakePart.MAX_DATA;

    @Test
    void partsCoverTheFlightOnceAndAreNeitherTooShortNorTooLong() {
        SplittableRandom random = new SplittableRandom(1);
        for (Flight flight : Flight.values()) {
            for (int tail = 0; tail <= Flight.MAX_TAIL; tail++) {
                int total = flight.messageLength() + tail;
                FlightCutter.Range[] parts = FlightCutter.cut(total, MAX_PART, random);
                FlightCutter.Range[] sorted = parts.clone();
                Arrays.sort(sorted, Comparator.comparingInt(FlightCutter.Range::offset));
                int next = 0;
                for (FlightCutter.Range part : sorted) {
                    assertEquals(next, part.offset());
                    assertTrue(part.length() >= 64 && part.length() <= MAX_PART, flight + ": " + part);
                    next += part.length();
                }
                assertEquals(total, next);
                int least = (total + MAX_PART - 1) / MAX_PART;
                assertTrue(parts.length == least || parts.length == least + 1);
            }
        }
    }

    @Test
    void onePartMoreThanNeededLeavesOnceInFourCutsAndTheOrderIsRandom() {
        SplittableRandom random = new SplittableRandom(2);
        int extra = 0;
        int firstFirst = 0;
        int cuts = 20_000;
        for (int i = 0; i < cuts; i++) {
            FlightCutter.Range[] parts = FlightCutter.cut(1_500, MAX_PART, random);
            extra += parts.length == 3 ? 1 : 0;
            firstFirst += parts.length == 2 && parts[0].offset() == 0 ? 1 : 0;
        }
        assertEquals(0.25, (double) extra / cuts, 0.02);
        assertEquals(0.375, (double) firstFirst / cuts, 0.02); // half of three quarters
    }

    @Test
    void cutPointsAreUniformAmongTheAllowedOnes() {
        SplittableRandom random = new SplittableRandom(3);
        int total = 1_500;
        int[] quarters = new int[4];
        int lowest = total - MAX_PART;
        int count = 0;
        while (count < 20_000) {
            FlightCutter.Range[] parts = FlightCutter.cut(total, MAX_PART, random);
            if (parts.length == 2) {
                int cut = Math.max(parts[0].offset(), parts[1].offset());
                quarters[Math.min(3, 4 * (cut - lowest) / (MAX_PART - lowest + 1))]++;
                count++;
            }
        }
        for (int quarter : quarters) {
            assertEquals(0.25, (double) quarter / count, 0.02);
        }
    }

    @Test
    void partsOfSeveralCutsInAnyOrderAndRepeatedGiveTheFlight() {
        for (int seed = 0; seed < 300; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] flight = new byte[Flight.FIRST.messageLength() + random.nextInt(256)];
            random.nextBytes(flight);
            Id128 id = Reassembly.idOf(flight);
            FlightParts parts = new FlightParts();
            boolean[] have = new boolean[flight.length]; // the slow obvious one
            byte[] complete = null;
            for (int round = 0; complete == null; round++) {
                assertTrue(round < 100, "seed " + seed);
                for (FlightCutter.Range range : FlightCutter.cut(flight.length, 1_000, random)) {
                    if (complete == null && random.nextInt(3) > 0) {
                        Arrays.fill(have, range.offset(), range.offset() + range.length(), true);
                        complete = parts.add(part(flight, id, range.offset(), range.length(), flight.length));
                        boolean all = true;
                        for (boolean one : have) {
                            all &= one;
                        }
                        assertEquals(all, complete != null, "seed " + seed);
                    }
                }
            }
            assertArrayEquals(flight, complete, "seed " + seed);
        }
    }

    @Test
    void theFirstBytesForAnOffsetCountAndAFlightWithAnotherHashIsForgotten() {
        SplittableRandom random = new SplittableRandom(4);
        byte[] flight = new byte[1_408];
        random.nextBytes(flight);
        byte[] forged = flight.clone();
        forged[700] ^= 1;
        Id128 id = Reassembly.idOf(flight);
        FlightParts parts = new FlightParts();
        assertNull(parts.add(part(forged, id, 600, 200, 1_408)));
        assertNull(parts.add(part(flight, id, 0, 1_000, 1_408)));
        assertNull(parts.add(part(flight, id, 1_000, 408, 1_408)), "complete, but wrong: all is forgotten");
        assertNull(parts.add(part(flight, id, 0, 1_000, 1_408)));
        assertArrayEquals(flight, parts.add(part(flight, id, 1_000, 408, 1_408)));
    }

    @Test
    void partsThatClaimAnotherTotalAreNotInTheWay() {
        byte[] flight = new byte[1_408];
        new SplittableRandom(5).nextBytes(flight);
        Id128 id = Reassembly.idOf(flight);
        FlightParts parts = new FlightParts();
        for (int other = 1_409; other < 1_409 + FlightParts.MAX_FLIGHTS - 1; other++) {
            assertNull(parts.add(part(flight, id, 0, 500, other)));
        }
        assertNull(parts.add(part(flight, id, 0, 1_000, 1_408)));
        assertArrayEquals(flight, parts.add(part(flight, id, 1_000, 408, 1_408)));
    }

    @Test
    void theBudgetIsThreeTimesWhatCameToTheByte() {
        AmplificationBudget budget = new AmplificationBudget();
        assertFalse(budget.trySpend(1));
        budget.received(100);
        assertTrue(budget.trySpend(299));
        assertFalse(budget.trySpend(2));
        assertTrue(budget.trySpend(1));
        assertFalse(budget.trySpend(1));
    }

    private static HandshakePart part(byte[] flight, Id128 id, int offset, int length, int total) {
        return HandshakePart.ofFlight(1, 0, id, id, total, offset, Bytes.EMPTY, Bytes.of(flight, offset, length));
    }
}
