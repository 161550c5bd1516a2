package dev.cutlass.bench.compare;

import dev.cutlass.bench.LinkModel;
import dev.cutlass.bench.Machine;
import dev.cutlass.bench.MarkdownTable;
import dev.cutlass.bench.Samples;
import dev.cutlass.bench.UdpLink;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Goodput over a link that loses, side by side: each contender has two processes for the whole run, and for each case a link of its own with a new connection over
 * it. Rounds take turns; the table has medians over rounds. The links are in this process. One thread, and those of the links.
 */
public final class LinkBench {
    private static final long BITS_PER_SECOND = 100_000_000;
    private static final int WARM_UP = 1;
    private static final int ROUNDS = 3;
    private static final double SECONDS = 4;
    private static final double SECONDS_QUICK = 0.2;
    private static final double NANOS_PER_SECOND = 1e9;

    /** As large as all contenders take in one message. */
    private static final int BULK = 60_000;

    /** What is lost by chance is the same in every run, as far as the same datagrams come. */
    private static final long SEED = 20_261_122;

    private static final List<String> NAMES = List.of("cutlass", "netty-quic", "kwik");
    private static final List<Case> CASES = List.of(
            new Case(0, 20), new Case(1, 20), new Case(5, 20), new Case(0, 100), new Case(1, 100), new Case(5, 100));

    private record Case(int lossPercent, int roundTripMillis) {
        String head() {
            return roundTripMillis + " ms, " + lossPercent + " %";
        }

        LinkModel.Conditions conditions() {
            return LinkModel.Conditions.of(BITS_PER_SECOND, roundTripMillis, lossPercent / 100.0);
        }
    }

    /** A row of the table: bytes per second, by case. */
    private static final class Row {
        final String label;
        final Map<Case, Samples> rates = new LinkedHashMap<>();

        Row(String label) {
            this.label = label;
        }

        void add(Case of, double bytesPerSecond) {
            rates.computeIfAbsent(of, any -> new Samples(1)).add(Math.round(bytesPerSecond));
        }

        String cell(Case of) {
            final Samples samples = rates.get(of);
            if (samples == null) {
                return "-";
            }
            final double rate = samples.median();
            return String.format(
                    Locale.ROOT,
                    "%.2f (%.0f %%)",
                    rate / 1e6,
                    100 * rate / of.conditions().bytesPerSecond());
        }
    }

    /** A contender with its processes, its link and its row. */
    private static final class Runner {
        final String name;
        final UdpContender contender;
        final Row row;

        @Nullable
        ContenderPair pair;

        @Nullable
        UdpLink link;

        Runner(String name) {
            if (!(Contenders.named(name) instanceof UdpContender udp)) {
                throw new IllegalArgumentException(name + " does not run over one UDP port");
            }
            this.name = name;
            this.contender = udp;
            this.row = new Row(udp.label());
        }

        /** A new link, and a new connection over it. */
        void open(Case of) throws IOException {
            ContenderPair ready = pair;
            if (ready == null) {
                ready = ContenderPair.startApart(name);
                pair = ready;
            }
            final InetAddress loopback = InetAddress.getLoopbackAddress();
            final UdpLink fresh = UdpLink.start(
                    new InetSocketAddress(loopback, 0),
                    new InetSocketAddress(loopback, contender.port(ready.address())),
                    of.conditions(),
                    SEED + CASES.indexOf(of));
            final UdpLink before = link;
            link = fresh;
            ready.connect(contender.at(ready.address(), fresh.port()));
            if (before != null) {
                before.close(); // only now: the connection before said goodbye over it
            }
        }

        /** Bytes of messages per second. */
        double flood(long nanos) throws IOException {
            final ContenderPair connected = pair;
            if (connected == null) {
                throw new IOException("its processes have ended");
            }
            return connected.flood(BULK, nanos).perSecond() * BULK;
        }

        /** Datagrams that the link's sockets lost: those are no property of the link. */
        long ownLosses() throws IOException {
            return link == null ? 0 : link.ownLosses();
        }

        void end() throws IOException {
            if (pair != null) {
                pair.close();
                pair = null;
            }
            if (link != null) {
                link.close();
                link = null;
            }
        }
    }

    private final long nanos;
    private final int warmUp;
    private final int rounds;
    private final List<String> notes = new ArrayList<>();
    private final Row bare = new Row("the link itself, bare datagrams");
    private long ownLosses;

    private LinkBench(double seconds, int warmUp, int rounds) {
        this.nanos = Math.round(seconds * NANOS_PER_SECOND);
        this.warmUp = warmUp;
        this.rounds = rounds;
    }

    /**
     * Measures and prints the table.
     *
     * @param options {@code --rounds=N}, {@code --seconds=X} (per case and round), {@code --only=name,name}
     * @throws IllegalArgumentException if an option is none of these, or a contender does not run over UDP
     */
    public static void run(List<String> options, boolean quick) throws IOException, InterruptedException {
        int rounds = quick ? 1 : ROUNDS;
        double seconds = quick ? SECONDS_QUICK : SECONDS;
        List<String> names = NAMES;
        for (String option : options) {
            final String value = option.substring(option.indexOf('=') + 1);
            if (option.startsWith("--rounds=")) {
                rounds = Integer.parseInt(value);
            } else if (option.startsWith("--seconds=")) {
                seconds = Double.parseDouble(value);
            } else if (option.startsWith("--only=")) {
                names = List.of(value.split(",", -1));
            } else {
                throw new IllegalArgumentException(
                        option + "; allowed: --rounds=N --seconds=X --only=" + String.join(",", NAMES));
            }
        }
        new LinkBench(seconds, quick ? 0 : WARM_UP, rounds)
                .measure(names.stream().map(Runner::new).toList(), quick ? CASES.subList(1, 2) : CASES);
    }

    private void measure(List<Runner> runners, List<Case> cases) throws IOException, InterruptedException {
        try {
            for (Case of : cases) {
                System.err.println(of.head());
                measure(of, runners);
            }
        } finally {
            for (Runner runner : runners) {
                runner.end();
            }
        }
        print(runners, cases);
    }

    private void measure(Case of, List<Runner> runners) throws IOException, InterruptedException {
        final List<Runner> running = new ArrayList<>();
        for (Runner runner : runners) {
            if (succeeds(runner, of, () -> runner.open(of))) {
                running.add(runner);
            }
        }
        for (int round = -warmUp; round < rounds; round++) {
            final boolean counts = round >= 0;
            if (counts) {
                bare.add(of, BareLoad.measure(of.conditions(), SEED + round, nanos / 4));
            }
            running.removeIf(runner -> !succeeds(runner, of, () -> {
                final double rate = runner.flood(nanos);
                if (counts) {
                    runner.row.add(of, rate);
                }
            }));
        }
        for (Runner runner : running) {
            ownLosses += runner.ownLosses();
        }
    }

    /** One that fails or hangs loses the case, and starts the next one with new processes. */
    private boolean succeeds(Runner runner, Case of, Step step) {
        try {
            step.run();
            return true;
        } catch (IOException e) {
            notes.add(runner.row.label + ", " + of.head() + ": given up, " + e.getMessage());
            runner.row.rates.remove(of);
            try {
                runner.end();
            } catch (IOException failed) {
                notes.add(runner.row.label + ": " + failed.getMessage());
            }
            return false;
        }
    }

    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }

    private void print(List<Runner> runners, List<Case> cases) {
        final List<String> heads = new ArrayList<>(List.of("MB/s (of what the link can carry)"));
        cases.forEach(of -> heads.add(of.head()));
        final MarkdownTable table = new MarkdownTable(heads.toArray(new String[0]));
        final List<Row> rows = new ArrayList<>(List.of(bare));
        runners.forEach(runner -> rows.add(runner.row));
        for (Row row : rows) {
            final List<String> cells = new ArrayList<>(List.of(row.label));
            cases.forEach(of -> cells.add(row.cell(of)));
            table.row(cells.toArray(new String[0]));
        }
        table.print(
                System.out,
                String.format(
                        Locale.ROOT,
                        "100 Mbit/s, queue of one round trip: medians of %d rounds of %.1f s, load %.1f at the end",
                        rounds,
                        nanos / NANOS_PER_SECOND,
                        Machine.load()));
        System.out.println("\n* datagrams that the links' own sockets lost: " + ownLosses);
        notes.forEach(note -> System.out.println("\n* " + note));
    }
}
