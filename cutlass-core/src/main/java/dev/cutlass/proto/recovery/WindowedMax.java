package dev.cutlass.proto.recovery;

/** The greatest of the values of the last so many rounds: the best three in their order, as in Kathleen Nichols' filter. */
final class WindowedMax {
    private final long[] values = new long[3];
    private final long[] rounds = new long[3];

    long max() {
        return values[0];
    }

    /** @param length values from {@code length} rounds ago and older do not count */
    long update(long value, long round, int length) {
        if (value >= values[0] || round - rounds[2] >= length) {
            reset(value, round);
            return value;
        }
        if (value >= values[1]) {
            set(1, value, round);
            set(2, value, round);
        } else if (value >= values[2]) {
            set(2, value, round);
        }
        while (round - rounds[0] >= length) { // the best is too old: the next takes its place
            set(0, values[1], rounds[1]);
            set(1, values[2], rounds[2]);
            set(2, value, round);
        }
        if (rounds[1] == rounds[0] && round - rounds[0] > length / 4) {
            set(1, value, round); // a quarter of the time without a second best
            set(2, value, round);
        } else if (rounds[2] == rounds[1] && round - rounds[1] > length / 2) {
            set(2, value, round);
        }
        return values[0];
    }

    void reset(long value, long round) {
        for (int i = 0; i < values.length; i++) {
            set(i, value, round);
        }
    }

    private void set(int index, long value, long round) {
        values[index] = value;
        rounds[index] = round;
    }
}
