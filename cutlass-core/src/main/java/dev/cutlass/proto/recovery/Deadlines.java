package dev.cutlass.proto.recovery;

/** Arithmetic of deadlines in ticker nanos. */
public final class Deadlines {
    /** No deadline: later than all others. */
    public static final long NONE = Long.MAX_VALUE;

    private Deadlines() {}

    /** {@code nanos} after {@code start}; {@link #NONE} instead of an overflow. */
    public static long after(long start, long nanos) {
        final long deadline = start + nanos;
        return deadline < start ? NONE : deadline;
    }
}
