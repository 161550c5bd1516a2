package dev.cutlass.proto.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What an observer who does not know Cutlass sees of the two modes: lengths, counts, order, timing, bytes. */
class TraceTest {
    private static final int HANDSHAKES = 250;
    private static final int FIRST = 0;
    private static final int SECOND = 1;
    private static final int THIRD = 2;

    private static List<List<List<Net.Sent>>> normal;
    private static List<List<List<Net.Sent>>> stealth;

    @BeforeAll
    static void shakeHands() {
        normal = sample(HandshakeMode.NORMAL);
        stealth = sample(HandshakeMode.STEALTH);
    }

    @Test
    void theNumberOfDatagramsOfEachFlightHasTheSameDistribution() {
        for (int flight = FIRST; flight <= THIRD; flight++) {
            int[] counts = new int[2];
            for (int i = 0; i < HANDSHAKES; i++) {
                counts[0] += normal.get(i).get(flight).size();
                counts[1] += stealth.get(i).get(flight).size();
            }
            // one more datagram with probability 1/4: the difference of the sums has a deviation of sqrt(2 n 3/16)
            double deviation = Math.sqrt(2.0 * HANDSHAKES * 3 / 16);
            assertEquals(counts[0], counts[1], 5 * deviation, "flight " + (flight + 1));
        }
    }

    @Test
    void theLengthsOfDatagramsAndOfFlightsHaveTheSameDistribution() {
        for (int flight = FIRST; flight <= THIRD; flight++) {
            int number = flight;
            assertSameDistribution(
                    normal.stream()
                            .flatMap(run -> run.get(number).stream())
                            .mapToInt(Net.Sent::length)
                            .toArray(),
                    stealth.stream()
                            .flatMap(run -> run.get(number).stream())
                            .mapToInt(Net.Sent::length)
                            .toArray());
            assertSameDistribution(totals(normal, flight), totals(stealth, flight));
        }
    }

    @Test
    void theTestWouldNoticeADifferenceOfAFewBytes() {
        int[] lengths = totals(normal, FIRST);
        int[] longer = Arrays.stream(lengths).map(length -> length + 48).toArray();
        assertTrue(kolmogorovSmirnov(lengths, longer) > limit(lengths.length, longer.length));
    }

    @Test
    void timesAndOrderAreTheSame() {
        for (int i = 0; i < HANDSHAKES; i++) {
            assertEquals(times(normal.get(i)), times(stealth.get(i)));
        }
    }

    /** Every byte but none in particular: the mean of each position in a datagram is that of random bytes. */
    @Test
    void noPositionOfADatagramHasAFavouriteByte() {
        for (List<List<List<Net.Sent>>> runs : List.of(normal, stealth)) {
            long[] ones = new long[8 * 128];
            int datagrams = 0;
            for (List<List<Net.Sent>> run : runs) {
                for (List<Net.Sent> flight : run) {
                    for (Net.Sent sent : flight) {
                        for (int bit = 0; bit < ones.length; bit++) {
                            ones[bit] += sent.datagram()[bit / 8] >> bit % 8 & 1;
                        }
                        datagrams++;
                    }
                }
            }
            double deviation = Math.sqrt(datagrams / 4.0);
            for (int bit = 0; bit < ones.length; bit++) {
                assertEquals(datagrams / 2.0, ones[bit], 6 * deviation, "bit " + bit);
            }
        }
    }

    private static List<List<List<Net.Sent>>> sample(HandshakeMode mode) {
        List<List<List<Net.Sent>>> runs = new ArrayList<>();
        for (int seed = 0; seed < HANDSHAKES; seed++) {
            Net net = Net.perfect(mode.id() * 1_000_003L + seed);
            Node left = net.node(1, true, true);
            Node right = net.node(2, true, true);
            left.dial(right, mode);
            net.run(1_000);
            assertFalse(left.confirmed.isEmpty());
            List<Net.Sent> fromLeft = net.sentBy(left);
            long thirdAt = fromLeft.get(fromLeft.size() - 1).at();
            runs.add(List.of(
                    fromLeft.stream().filter(sent -> sent.at() < thirdAt).toList(),
                    net.sentBy(right).stream()
                            .filter(sent -> sent.length() != Node.PING_LENGTH)
                            .toList(),
                    fromLeft.stream().filter(sent -> sent.at() == thirdAt).toList()));
        }
        return runs;
    }

    private static List<Long> times(List<List<Net.Sent>> run) {
        return run.stream()
                .map(flight -> flight.stream().mapToLong(Net.Sent::at).max().orElseThrow())
                .toList();
    }

    private static int[] totals(List<List<List<Net.Sent>>> runs, int flight) {
        return runs.stream()
                .mapToInt(run -> run.get(flight).stream()
                        .mapToInt(sent -> sent.length() - 75)
                        .sum())
                .toArray();
    }

    private static void assertSameDistribution(int[] left, int[] right) {
        double distance = kolmogorovSmirnov(left, right);
        assertTrue(distance <= limit(left.length, right.length), "distance " + distance);
    }

    /** The distance that two samples of one distribution pass once in a thousand times. */
    private static double limit(int left, int right) {
        return Math.sqrt(-Math.log(1e-3 / 2) / 2) * Math.sqrt((double) (left + right) / ((double) left * right));
    }

    private static double kolmogorovSmirnov(int[] left, int[] right) {
        double distance = 0;
        for (int length = 0; length <= 4_096; length++) {
            int upTo = length;
            double ofLeft =
                    (double) Arrays.stream(left).filter(value -> value <= upTo).count() / left.length;
            double ofRight =
                    (double) Arrays.stream(right).filter(value -> value <= upTo).count() / right.length;
            distance = Math.max(distance, Math.abs(ofLeft - ofRight));
        }
        return distance;
    }
}
