package dev.cutlass.bench;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Heap of an engine per idle connection: after full collections, with and without them. One thread. */
final class MemoryBench {
    private static final int CONNECTIONS = 2_000;
    private static final int CONNECTIONS_QUICK = 100;

    /** Those that are there before: what the first ones bring with them (classes, tables, caches of the JDK) is not the price of each. */
    private static final int BEFORE = 200;

    /** Longer than quiet time, ping and the pause after which a connection rests. */
    private static final long REST_SECONDS = 40;

    /** Caches of the JDK behind soft references (3 MB of a jar's manifest, for one) would come and go between two collections: none. */
    private static final String NO_SOFT_REFERENCES = "-XX:SoftRefLRUPolicyMSPerMB=0";

    /** The system property that asks for a table of classes, too. */
    static final String HISTOGRAM = "cutlass.bench.histogram";

    /** Classes that take less of each connection are not shown. */
    private static final int LEAST_BYTES = 8;

    private MemoryBench() {}

    static void run(boolean quick) throws IOException, InterruptedException {
        final int count = quick ? CONNECTIONS_QUICK : CONNECTIONS;
        try (Worker host = Worker.start(
                List.of("-XX:+UseSerialGC", "-Xmx1g", NO_SOFT_REFERENCES), HostProcess.ROLE, Silence.DEFAULT.name())) {
            final String port = host.ask("port");
            try (Worker first = Worker.start(
                    List.of("-XX:+UseSerialGC"),
                    SwarmProcess.ROLE,
                    port,
                    Integer.toString(BEFORE),
                    Silence.DEFAULT.name())) {
                first.ask("connect");
                host.ask("talk");
                TimeUnit.SECONDS.sleep(quick ? 1 : REST_SECONDS);
                final long empty = host.askNumber("heap");
                final Map<String, Long> before = histogram(host);
                try (Worker swarm = Worker.start(
                        List.of("-XX:+UseSerialGC"),
                        SwarmProcess.ROLE,
                        port,
                        Integer.toString(count),
                        Silence.DEFAULT.name())) {
                    measure(host, swarm, empty, before, count, quick);
                }
            }
        }
    }

    private static void measure(
            Worker host, Worker swarm, long empty, Map<String, Long> before, int count, boolean quick)
            throws IOException, InterruptedException {
        final long millis = swarm.askNumber("connect");
        final MarkdownTable table = new MarkdownTable(count + " more connections", "KiB per connection");
        final long restSeconds = quick ? 1 : REST_SECONDS;
        table.row("just connected", kibibytes(host, empty, count));
        TimeUnit.SECONDS.sleep(restSeconds);
        table.row("idle for " + restSeconds + " s, nothing was ever sent", kibibytes(host, empty, count));
        host.ask("talk");
        table.row("just after a message to each", kibibytes(host, empty, count));
        TimeUnit.SECONDS.sleep(restSeconds);
        table.row("idle for " + restSeconds + " s after that", kibibytes(host, empty, count));
        table.row(
                "(the whole process with the " + BEFORE + " connections before, KiB)",
                String.format(Locale.ROOT, "%,d", empty >> 10));
        table.print(System.out, "Heap per idle connection");
        System.out.printf(
                Locale.ROOT,
                "%nConnected now: %s there, %s here. Connecting took %d ms: %.0f connections per second.%n",
                swarm.ask("live"),
                host.ask("connected"),
                millis,
                1_000.0 * count / millis);
        if (Boolean.getBoolean(HISTOGRAM)) {
            printByClass(before, histogram(host), count);
        }
    }

    private static Map<String, Long> histogram(Worker host) throws IOException {
        return byClass(host.ask("histogram"));
    }

    /** Reads what {@link HostProcess#histogram} wrote. */
    static Map<String, Long> byClass(String histogram) {
        final Map<String, Long> bytes = new HashMap<>();
        final String[] words = histogram.split(" ", -1);
        for (int i = 0; i + 1 < words.length; i += 2) {
            bytes.merge(words[i], Long.parseLong(words[i + 1]), Long::sum);
        }
        return bytes;
    }

    static void printByClass(Map<String, Long> before, Map<String, Long> after, int count) {
        final MarkdownTable table = new MarkdownTable("class", "bytes per connection");
        after.replaceAll((name, bytes) -> (bytes - before.getOrDefault(name, 0L)) / count);
        after.entrySet().stream()
                .filter(entry -> entry.getValue() >= LEAST_BYTES)
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .forEach(entry -> table.row(entry.getKey(), Long.toString(entry.getValue())));
        table.print(System.out, "What a connection at rest is made of");
    }

    private static String kibibytes(Worker host, long empty, int count) throws IOException {
        return String.format(Locale.ROOT, "%.1f", (host.askNumber("heap") - empty) / 1024.0 / count);
    }
}
