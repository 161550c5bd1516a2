package dev.cutlass.proto.handshake;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Decides where a flight is cut into parts and in which order they leave. One distribution for both modes, a function of the
 * flight's length alone: docs/protocol.md section 3.3.
 */
final class FlightCutter {
    /** No part is shorter. */
    static final int MIN_PART = 64;

    /** One more part than needed, once in this many cuts. */
    private static final int EXTRA_PART_ODDS = 4;

    private FlightCutter() {}

    /**
     * The parts of a flight, in the order in which they are to be sent.
     *
     * @param total bytes of the flight
     * @param maxPart bytes that fit into one datagram
     * @return offset and length of each part
     */
    static Range[] cut(int total, int maxPart, RandomGenerator random) {
        int parts = (total + maxPart - 1) / maxPart;
        if (random.nextInt(EXTRA_PART_ODDS) == 0) {
            parts++;
        }
        int[] bounds = new int[parts + 1];
        bounds[parts] = total;
        // Rejection keeps the cuts uniform among the allowed ones; the flights that exist need fewer than 20 draws on
        // average.
        do {
            drawCuts(bounds, random);
        } while (!isAllowed(bounds, maxPart));
        Range[] ranges = new Range[parts];
        for (int i = 0; i < parts; i++) {
            int other = random.nextInt(i + 1);
            ranges[i] = ranges[other];
            ranges[other] = new Range(bounds[i], bounds[i + 1] - bounds[i]);
        }
        return ranges;
    }

    private static void drawCuts(int[] bounds, RandomGenerator random) {
        int last = bounds.length - 1;
        for (int i = 1; i < last; i++) {
            bounds[i] = random.nextInt(1, bounds[last]);
        }
        Arrays.sort(bounds);
    }

    private static boolean isAllowed(int[] bounds, int maxPart) {
        for (int i = 1; i < bounds.length; i++) {
            int length = bounds[i] - bounds[i - 1];
            if (length < MIN_PART || length > maxPart) {
                return false;
            }
        }
        return true;
    }

    /** A part's place in its flight. */
    record Range(int offset, int length) {}
}
