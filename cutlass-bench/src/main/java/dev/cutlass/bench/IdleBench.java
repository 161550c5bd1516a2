package dev.cutlass.bench;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** What an engine with a thousand idle connections costs the processor. One thread. */
final class IdleBench {
    private static final int CONNECTIONS = 1_000;
    private static final int CONNECTIONS_QUICK = 50;

    /** Until what connecting left to do is done, and the first pings too. */
    private static final long SETTLE_SECONDS = 20;

    private static final long MEASURE_SECONDS = 40;

    private IdleBench() {}

    static void run(boolean quick) throws IOException, InterruptedException {
        final int count = quick ? CONNECTIONS_QUICK : CONNECTIONS;
        final MarkdownTable table =
                new MarkdownTable("engine", "CPU ms per second", "% of one core", "us per connection and second");
        row(table, "without connections", 0, Silence.DEFAULT, quick);
        row(table, count + " connections, keep-alive at the defaults", count, Silence.DEFAULT, quick);
        row(table, count + " connections, no keep-alive", count, Silence.OFF, quick);
        table.print(System.out, "Processor time of an idle engine");
    }

    private static void row(MarkdownTable table, String label, int count, Silence silence, boolean quick)
            throws IOException, InterruptedException {
        try (Worker host = Worker.start(List.of("-XX:+UseSerialGC"), HostProcess.ROLE, silence.name());
                Worker swarm = Worker.start(
                        List.of("-XX:+UseSerialGC"),
                        SwarmProcess.ROLE,
                        host.ask("port"),
                        Integer.toString(count),
                        silence.name())) {
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
                    count == 0 ? "" : String.format(Locale.ROOT, "%.1f", millisPerSecond * 1_000 / count));
        }
    }
}
