package dev.cutlass.bench.compare;

import dev.cutlass.bench.Machine;
import dev.cutlass.bench.MarkdownTable;
import dev.cutlass.bench.Samples;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * All contenders side by side: each has two processes, which rest while it is the turn of others; rounds take turns, and the table has medians over rounds. One
 * thread.
 */
public final class CompareBench {
    private static final int WARM_UP = 2;
    private static final int ROUNDS = 5;
    private static final double SECONDS = 0.5;
    private static final double SECONDS_QUICK = 0.05;
    private static final double NANOS_PER_SECOND = 1e9;

    /** As large as all contenders take in one message. */
    private static final int BULK = 60_000;

    /** What is measured, in this order. */
    private enum Case {
        SMALL("64 B, 1000/s"),
        PACKET("1,200 B, 1000/s"),
        LARGE("16 KiB, 1000/s"),
        BULK("bulk, MB/s"),
        CPU("CPU s/GB"),
        P50("round trip p50, us"),
        P99("p99, us"),
        P999("p99.9, us"),
        CONNECTIONS("connections/s");

        final String head;

        Case(String head) {
            this.head = head;
        }
    }

    private static final class Row {
        final ContenderPair pair;
        final Map<Case, Samples> thousandths = new TreeMap<>();

        Row(ContenderPair pair) {
            this.pair = pair;
        }

        void add(Case what, double value) {
            thousandths.computeIfAbsent(what, any -> new Samples(1)).add(Math.round(value * 1_000));
        }

        String cell(Case what) {
            final Samples samples = thousandths.get(what);
            if (samples == null) {
                return "-";
            }
            final double median = samples.median() / 1_000.0;
            return String.format(Locale.ROOT, median < 10 ? "%.2f" : median < 100 ? "%.1f" : "%,.0f", median);
        }
    }

    private final long nanos;
    private final List<String> notes = new ArrayList<>();

    private CompareBench(double seconds) {
        this.nanos = Math.round(seconds * NANOS_PER_SECOND);
    }

    /**
     * Measures and prints the table.
     *
     * @param options {@code --rounds=N}, {@code --seconds=X} (per case and round), {@code --only=name,name}
     * @throws IllegalArgumentException if an option is none of these
     */
    public static void run(List<String> options, boolean quick) throws IOException {
        int rounds = quick ? 1 : ROUNDS;
        double seconds = quick ? SECONDS_QUICK : SECONDS;
        List<String> names = Contenders.names();
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
                        option + "; allowed: --rounds=N --seconds=X --only=" + String.join(",", Contenders.names()));
            }
        }
        new CompareBench(seconds).compare(names, quick ? 0 : WARM_UP, rounds);
    }

    private void compare(List<String> names, int warmUp, int rounds) throws IOException {
        final List<Row> rows = new ArrayList<>();
        final List<ContenderPair> started = new ArrayList<>();
        try {
            for (String name : names) {
                try {
                    final ContenderPair pair = ContenderPair.start(name);
                    started.add(pair);
                    rows.add(new Row(pair));
                } catch (IOException e) {
                    notes.add(Contenders.named(name).label() + ": left out, " + e.getMessage());
                }
            }
            for (int round = -warmUp; round < rounds; round++) {
                System.err.println("round " + (round + warmUp + 1) + " of " + (warmUp + rounds));
                for (Iterator<Row> turn = rows.iterator(); turn.hasNext(); ) {
                    final Row row = turn.next();
                    try {
                        round(row, round >= 0);
                    } catch (IOException e) {
                        notes.add(row.pair.label() + ": given up in round " + round + ", " + e.getMessage());
                        turn.remove();
                    }
                }
            }
        } finally {
            for (ContenderPair pair : started) {
                pair.close();
            }
        }
        print(rows, rounds);
    }

    private void round(Row row, boolean counts) throws IOException {
        final Row into = counts ? row : new Row(row.pair);
        final ContenderPair pair = row.pair;
        into.add(Case.SMALL, pair.flood(64, nanos).perSecond() / 1_000);
        into.add(Case.PACKET, pair.flood(1_200, nanos).perSecond() / 1_000);
        into.add(Case.LARGE, pair.flood(16_384, nanos).perSecond() / 1_000);
        final long cpu = pair.cpuNanos();
        final Contender.Rate bulk = pair.flood(BULK, nanos);
        into.add(Case.BULK, bulk.perSecond() * BULK / 1e6);
        into.add(Case.CPU, (double) (pair.cpuNanos() - cpu) / (bulk.messages() * (double) BULK));
        final long[] quantiles = pair.roundTrips(nanos);
        into.add(Case.P50, quantiles[0] / 1e3);
        into.add(Case.P99, quantiles[1] / 1e3);
        into.add(Case.P999, quantiles[2] / 1e3);
        if (pair.connects()) {
            into.add(Case.CONNECTIONS, pair.connections(nanos).perSecond());
        }
    }

    private void print(List<Row> rows, int rounds) {
        final List<String> heads = new ArrayList<>(List.of("contender"));
        for (Case what : Case.values()) {
            heads.add(what.head);
        }
        final MarkdownTable table = new MarkdownTable(heads.toArray(new String[0]));
        for (Row row : rows) {
            final List<String> cells = new ArrayList<>(List.of(row.pair.label()));
            for (Case what : Case.values()) {
                cells.add(row.cell(what));
            }
            table.row(cells.toArray(new String[0]));
        }
        table.print(
                System.out,
                String.format(
                        Locale.ROOT,
                        "Side by side: medians of %d rounds of %.2f s per case, load %.1f at the end",
                        rounds,
                        nanos / NANOS_PER_SECOND,
                        Machine.load()));
        notes.forEach(note -> System.out.println("\n* " + note));
    }
}
