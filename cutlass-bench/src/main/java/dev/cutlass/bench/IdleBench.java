package dev.cutlass.bench;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** What an engine with idle connections costs the processor, and what each takes of its heap. One thread. */
final class IdleBench {
    private static final int CONNECTIONS = 1_000;
    private static final int CONNECTIONS_QUICK = 50;

    /** Until what connecting left to do is done, and the first pings too. */
    private static final long SETTLE_SECONDS = 20;

    private static final long MEASURE_SECONDS = 40;

    /** As in {@link MemoryBench}: caches of the JDK behind soft references do not count. */
    private static final List<String> FLAGS = List.of("-XX:+UseSerialGC", "-Xmx1g", "-XX:SoftRefLRUPolicyMSPerMB=0");

    private IdleBench() {}

    /** @param connections 0: as many as usual */
    static void run(int connections, boolean quick) throws IOException, InterruptedException {
        final int count = connections > 0 ? connections : quick ? CONNECTIONS_QUICK : CONNECTIONS;
        final MarkdownTable table = new MarkdownTable(
                "engine", "CPU ms per second", "% of one core", "us per connection and second", "KiB of each");
        row(table, "without connections", 0, Silence.DEFAULT, quick);
        row(table, count + " connections, keep-alive at the defaults", count, Silence.DEFAULT, quick);
        row(table, count + " connections, no keep-alive", count, Silence.OFF, quick);
        table.print(System.out, "Processor time of an idle engine");
    }

    private static void row(MarkdownTable table, String label, int count, Silence silence, boolean quick)
            throws IOException, InterruptedException {
        try (Worker host = Worker.start(FLAGS, HostProcess.ROLE, silence.name());
                Worker swarm = Worker.start(
                        List.of("-XX:+UseSerialGC"),
                        SwarmProcess.ROLE,
                        host.ask("port"),
                        Integer.toString(count),
                        silence.name())) {
            final long empty = host.askNumber("heap");
            swarm.ask("connect");
            TimeUnit.SECONDS.sleep(quick ? 1 : SETTLE_SECONDS);
            final long start = System.nanoTime();
            final long before = host.askNumber("cpu");
            TimeUnit.SECONDS.sleep(quick ? 1 : MEASURE_SECONDS);
            final long used = host.askNumber("cpu") - before;
            final double seconds = (System.nanoTime() - start) / 1e9;
            if (swarm.askNumber("live") != count || host.askNumber("connected") != count) {
                throw new IOException("connections were lost: " + host.ask("connected") + " of " + count + " are left");
            }
            final double millisPerSecond = used / 1e6 / seconds;
            table.row(
                    label,
                    String.format(Locale.ROOT, "%.2f", millisPerSecond),
                    String.format(Locale.ROOT, "%.2f", millisPerSecond / 10),
                    count == 0 ? "" : String.format(Locale.ROOT, "%.1f", millisPerSecond * 1_000 / count),
                    count == 0
                            ? ""
                            : String.format(Locale.ROOT, "%.1f", (host.askNumber("heap") - empty) / 1024.0 / count));
        }
    }
}
