package dev.cutlass.engine;

import dev.cutlass.spi.Ticker;

/** {@link System#nanoTime} from its own creation; the JDK promises that it does not fall. Any thread. */
final class SystemTicker implements Ticker {
    private final long start = System.nanoTime();

    @Override
    public long nanos() {
        return System.nanoTime() - start;
    }
}
