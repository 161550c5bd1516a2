package dev.cutlass.bench;

import java.lang.management.ManagementFactory;
import java.util.Locale;

/** What a number means nothing without. */
public final class Machine {
    private Machine() {}

    /** JDK, system, cores, and how busy the machine is with other things. */
    public static String describe() {
        return String.format(
                Locale.ROOT,
                "JDK %s, %s %s, %d processors, load %.1f",
                Runtime.version(),
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                Runtime.getRuntime().availableProcessors(),
                load());
    }

    /** Threads that ran or wanted to in the last minute, on average; negative if the system does not say. */
    public static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    /** Processor time of this process, all threads, user and system. */
    public static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
