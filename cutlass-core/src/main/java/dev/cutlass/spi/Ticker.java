package dev.cutlass.spi;

/** Elapsed time. Any thread. */
@FunctionalInterface
public interface Ticker {
    /** Nanoseconds since the ticker was made: never negative, never decreasing. */
    long nanos();
}
