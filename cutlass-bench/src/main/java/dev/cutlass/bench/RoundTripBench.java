package dev.cutlass.bench;

import dev.cutlass.PeerAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Round trip of a message of 64 bytes to another process and back, beside that of a bare UDP datagram of 64 bytes. Rounds of all kinds
 * take turns; told are medians over rounds. One thread, and those of the engines.
 */
final class RoundTripBench {
    private static final int LENGTH = 64;
    private static final double NANOS_PER_MICRO = 1_000;

    /** Some way to make round trips. */
    @FunctionalInterface
    private interface Way {
        Samples go(int count) throws IOException, InterruptedException;
    }

    /** One row of the table. */
    private static final class Row {
        final String label;
        final Way way;
        final Samples medians = new Samples(1);
        final Samples tails = new Samples(1);

        Row(String label, Way way) {
            this.label = label;
            this.way = way;
        }
    }

    private RoundTripBench() {}

    static void run(boolean quick) throws IOException, InterruptedException {
        final int warmUp = quick ? 1 : 4;
        final int rounds = quick ? 2 : 11;
        final int perRound = quick ? 1_000 : 10_000;
        try (Worker server = Worker.start(List.of("-XX:+UseSerialGC"), EchoServer.ROLE);
                BarePinger blocking = new BarePinger(port(server, "blocking"), LENGTH, false);
                BarePinger selecting = new BarePinger(port(server, "selecting"), LENGTH, true);
                BarePinger handOver = new BarePinger(port(server, "selecting"), LENGTH, true);
                Pinger direct = new Pinger(PeerAddress.parse(server.ask("direct")), LENGTH, Runnable::run);
                Pinger executor = new Pinger(PeerAddress.parse(server.ask("executor")), LENGTH, null)) {
            final List<Row> rows = List.of(
                    new Row("bare UDP, one thread, blocking receive", blocking::byOneThread),
                    new Row("bare UDP, one thread, selector", selecting::byOneThread),
                    new Row("Cutlass, direct handlers", direct::byHandler),
                    new Row("Cutlass, handlers on the default executor", executor::byHandler),
                    new Row("bare UDP, waiting caller woken by the reader", handOver::byWaitingCaller),
                    new Row("Cutlass, waiting caller woken by a direct handler", direct::byWaitingCaller),
                    new Row("Cutlass, caller waits for the receipt (`send(..).join()`)", direct::byReceipt));
            for (int round = -warmUp; round < rounds; round++) {
                for (Row row : rows) {
                    final Samples samples = row.way.go(perRound);
                    if (round >= 0) {
                        row.medians.add(samples.median());
                        row.tails.add(samples.quantile(0.99));
                    }
                }
            }
            print(rows);
        }
    }

    private static int port(Worker server, String which) throws IOException {
        return Integer.parseInt(server.ask(which));
    }

    private static void print(List<Row> rows) {
        final List<Row> bare = new ArrayList<>(rows.subList(0, 2));
        final MarkdownTable table = new MarkdownTable(
                "64 bytes there and back", "p50 us", "p99 us", "p50 / bare blocking", "p50 / bare selector");
        for (Row row : rows) {
            table.row(
                    row.label,
                    micros(row.medians.median()),
                    micros(row.tails.median()),
                    ratio(row, bare.get(0)),
                    ratio(row, bare.get(1)));
        }
        table.print(System.out, "Round trip between two processes");
    }

    private static String ratio(Row row, Row base) {
        return String.format(Locale.ROOT, "%.2f", (double) row.medians.median() / base.medians.median());
    }

    private static String micros(long nanos) {
        return String.format(Locale.ROOT, "%.1f", nanos / NANOS_PER_MICRO);
    }
}
