package dev.cutlass.testkit;

import java.time.Duration;
import java.util.List;

/**
 * How much of two processors this process and another one got from when this was made. What is demanded of two that always have something to do, in time on the wall, means little while others have
 * the processors.
 */
final class ProcessorShare {
    /** Below this the processors were others' for a fifth of the time, and for how long at once is chance. */
    private static final double OURS = 0.8;

    private static final int MOST = 2;

    private final List<ProcessHandle> processes;
    private final long begun = System.nanoTime();
    private final Duration used;

    ProcessorShare(ProcessHandle other) {
        processes = List.of(ProcessHandle.current(), other);
        used = used();
    }

    private Duration used() {
        Duration sum = Duration.ZERO;
        for (ProcessHandle process : processes) {
            sum = sum.plus(process.info().totalCpuDuration().orElse(Duration.ZERO));
        }
        return sum;
    }

    /** Of two processors, or of the one that there is: 0 to 1 and a little more. */
    double got() {
        final int processors = Math.min(MOST, Runtime.getRuntime().availableProcessors());
        return (double) used().minus(used).toNanos() / (processors * (System.nanoTime() - begun));
    }

    boolean wasOurs() {
        return got() >= OURS;
    }
}
