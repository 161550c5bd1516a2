package dev.cutlass.bench.cables;

import dev.cutlass.bench.MarkdownTable;
import dev.cutlass.bench.Options;
import dev.cutlass.bench.Samples;
import dev.cutlass.bench.Worker;
import dev.cutlass.cables.CablesHome;
import dev.cutlass.cables.address.HostName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Mail between two nodes on loopback, the disk that it costs, a node at rest, and what its service stands. One thread. */
public final class CablesBench {
    /** No names of anybody: nothing looks them up. */
    private static final String[] HOSTS = {"6n53eglnjalo775k.onion", "ixasm4dju7k2zgwm.onion"};

    private static final List<String> FLAGS = List.of("-XX:+UseSerialGC", "-Xmx512m");
    private static final int QUICK_RSA = 2048;
    private static final long REST_SECONDS = 20;

    private final int rsa;
    private final int mails;
    private final int rounds;
    private final int size;
    private final double seconds;
    private final int connections;
    private final boolean quick;

    private CablesBench(Options options, boolean quick) {
        this.quick = quick;
        rsa = options.number("rsa", quick ? QUICK_RSA : 8192);
        mails = options.number("mails", quick ? 2 : 60);
        rounds = options.number("rounds", quick ? 1 : 3);
        size = options.number("size", 4_000);
        seconds = options.decimal("seconds", quick ? 0.2 : 10);
        connections = options.number("connections", quick ? 20 : 1_000);
    }

    /** {@code --rsa=BITS --mails=N --rounds=N --size=BYTES --seconds=X --connections=N}. */
    public static void run(List<String> options, boolean quick) throws IOException, InterruptedException {
        final CablesBench bench = new CablesBench(
                new Options(options, "rsa", "mails", "rounds", "size", "seconds", "connections"), quick);
        final Path folder = Files.createTempDirectory("cutlass-bench");
        try {
            bench.run(folder);
        } finally {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private void run(Path folder) throws IOException, InterruptedException {
        System.err.printf(Locale.ROOT, "making keys of %d bits for two nodes ...%n", rsa);
        final long before = System.nanoTime();
        for (int i = 0; i < HOSTS.length; i++) {
            CablesHome.create(
                    folder.resolve("home" + i), List.of(HostName.of(HOSTS[i])), rsa, new CablesHome.Progress() {});
        }
        final double made = (System.nanoTime() - before) / 1e9;
        final int[] ports = freePorts();
        try (Worker alice = start(folder, ports, 0);
                Worker bob = start(folder, ports, 1)) {
            memory(alice);
            mail(alice, bob, made);
            service(alice.ask("address"), ports[0], alice);
        }
    }

    private static Worker start(Path folder, int[] ports, int self) throws IOException {
        final int other = 1 - self;
        return Worker.start(
                FLAGS,
                CablesProcess.ROLE,
                folder.resolve("home" + self).toString(),
                Integer.toString(ports[self]),
                HOSTS[other],
                Integer.toString(ports[other]));
    }

    private static int[] freePorts() throws IOException {
        try (ServerSocket first = new ServerSocket(0);
                ServerSocket second = new ServerSocket(0)) {
            return new int[] {first.getLocalPort(), second.getLocalPort()};
        }
    }

    private void memory(Worker node) throws IOException, InterruptedException {
        node.ask("address");
        TimeUnit.SECONDS.sleep(quick ? 0 : REST_SECONDS);
        final long cpu = node.askNumber("cpu");
        final long from = System.nanoTime();
        TimeUnit.SECONDS.sleep(quick ? 0 : REST_SECONDS);
        final double share = (node.askNumber("cpu") - cpu) / (double) (System.nanoTime() - from);
        final String[] words = node.ask("memory").split(" ", -1);
        final MarkdownTable table = new MarkdownTable("a node at rest", "");
        table.row("heap in use after a collection, MB", format("%.1f", Long.parseLong(words[0]) / 1e6));
        table.row("memory of the process (resident), MB", format("%.0f", Long.parseLong(words[1]) * 1_024 / 1e6));
        table.row("threads", words[2]);
        if (!quick) {
            table.row("% of one core over " + REST_SECONDS + " s", format("%.2f", 100 * share));
        }
        table.print(System.out, "A node at rest");
    }

    private void mail(Worker alice, Worker bob, double made) throws IOException, InterruptedException {
        final String to = bob.ask("address");
        final int alone = quick ? 1 : 10;
        one(alice, bob, to); // to warm up
        final Samples there = new Samples(alone);
        final Samples receipt = new Samples(alone);
        for (int i = 0; i < alone; i++) {
            final long[] times = one(alice, bob, to);
            there.add(times[0]);
            receipt.add(times[1]);
        }
        final Samples perMinute = new Samples(rounds);
        final long cpuAlice = alice.askNumber("cpu");
        final long cpuBob = bob.askNumber("cpu");
        for (int i = 0; i < rounds; i++) {
            final long start = System.nanoTime();
            alice.ask("send " + to + " " + mails + " " + size);
            alice.ask("confirmed " + mails);
            perMinute.add(Math.round(mails * 60e9 / (System.nanoTime() - start)));
            bob.ask("arrived " + mails);
            settle(alice, bob);
        }
        final double count = (double) rounds * mails;
        final double secondsAlice = (alice.askNumber("cpu") - cpuAlice) / 1e9 / count;
        final double secondsBob = (bob.askNumber("cpu") - cpuBob) / 1e9 / count;
        final MarkdownTable table = new MarkdownTable("RSA " + rsa + ", mails of " + size + " bytes", "");
        table.row("keys of both nodes made, s", format("%.1f", made));
        table.row("one mail alone: in the mailbox after, ms (median of " + alone + ")", millis(there.median()));
        table.row("the receipt in the sender's mailbox after, ms", millis(receipt.median()));
        table.row(mails + " at once: mails per minute, confirmed (median of " + rounds + ")", "" + perMinute.median());
        table.row("processor time of the sender per mail, s", format("%.2f", secondsAlice));
        table.row("processor time of the receiver per mail, s", format("%.2f", secondsBob));
        table.print(System.out, "Mail between two nodes on loopback");
        disk(alice, bob, to);
    }

    /** Nanoseconds until the mail and until its receipt. */
    private long[] one(Worker alice, Worker bob, String to) throws IOException, InterruptedException {
        final long start = System.nanoTime();
        alice.ask("send " + to + " 1 " + size);
        bob.ask("arrived 1");
        final long arrived = System.nanoTime();
        alice.ask("confirmed 1");
        final long confirmed = System.nanoTime();
        settle(alice, bob);
        return new long[] {arrived - start, confirmed - start};
    }

    /** Until nothing is left of any message. */
    private static void settle(Worker... nodes) throws IOException, InterruptedException {
        for (Worker node : nodes) {
            while (node.askNumber("left") > 0) {
                TimeUnit.MILLISECONDS.sleep(1);
            }
        }
    }

    private void disk(Worker alice, Worker bob, String to) throws IOException, InterruptedException {
        final int count = quick ? 1 : 10;
        alice.ask("disk");
        bob.ask("disk");
        for (int i = 0; i < count; i++) {
            one(alice, bob, to);
        }
        final MarkdownTable table =
                new MarkdownTable("per mail of " + size + " bytes", "files", "writes", "bytes", "waits for the disk");
        row(table, "sender", alice.ask("disk-end"), count);
        row(table, "receiver", bob.ask("disk-end"), count);
        table.print(System.out, "Disk");
    }

    private static void row(MarkdownTable table, String name, String counted, int mails) {
        final String[] words = counted.split(" ", -1);
        final String[] cells = new String[words.length + 1];
        cells[0] = name;
        for (int i = 0; i < words.length; i++) {
            cells[i + 1] = format("%.1f", Long.parseLong(words[i]) / (double) mails);
        }
        table.row(cells);
    }

    private void service(String address, int port, Worker node) throws IOException {
        final String user = address.substring(0, address.indexOf('@'));
        final MarkdownTable table = new MarkdownTable(
                connections + " connections, a request under way on each",
                "requests/s",
                "p50 ms",
                "p99 ms",
                "service's us of a processor per request");
        try (ServiceLoad load =
                ServiceLoad.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), connections)) {
            for (String path : new String[] {"request/ver", "certs/ca.pem"}) {
                final String full = "/" + user + "/" + path;
                load.ask(HOSTS[0], full, seconds / 2); // to warm up
                final long cpu = node.askNumber("cpu");
                final long start = System.nanoTime();
                final Samples samples = load.ask(HOSTS[0], full, seconds);
                final double took = (System.nanoTime() - start) / 1e9;
                final double each = (node.askNumber("cpu") - cpu) / 1e3 / samples.count();
                table.row(
                        path,
                        format("%,.0f", samples.count() / took),
                        millis(samples.median()),
                        millis(samples.quantile(0.99)),
                        format("%.0f", each));
            }
        }
        table.print(System.out, "The service under load, the client on the same processors");
    }

    private static String millis(long nanos) {
        return format("%.0f", nanos / 1e6);
    }

    private static String format(String pattern, double value) {
        return String.format(Locale.ROOT, pattern, value);
    }
}
