package dev.cutlass.bench;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * New connections per second: one process dials with ever new peers, which are state machines without engines and have their keys beforehand; the engine of another one answers. Beside
 * that, in the same rounds, the public-key operations of as many handshakes in two threads and nothing else, which is the most that two cores allow. One thread.
 */
final class ConnectBench {
    /** As many as the design's budget has in progress. */
    private static final int MANY = 16;

    private static final int CORES = 2;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double MICROS_PER_SECOND = 1e6;
    private static final List<String> FLAGS = List.of("-XX:+UseSerialGC", "-Xmx1g");

    private ConnectBench() {}

    static void run(boolean quick) throws IOException, InterruptedException {
        final int rounds = quick ? 2 : 7;
        final int warmUp = quick ? 0 : 3;
        final int perRound = quick ? 40 : 400;
        final Row many = new Row(rounds);
        final Row single = new Row(rounds);
        final Samples primitives = new Samples(rounds);
        try (Worker host = Worker.start(FLAGS, HostProcess.ROLE, Silence.OFF.name());
                Worker swarm = Worker.start(FLAGS, SwarmProcess.ROLE, host.ask("port"), "0", Silence.OFF.name())) {
            for (int round = -warmUp; round < rounds; round++) {
                many.measure(host, swarm, perRound, MANY, round >= 0);
                single.measure(host, swarm, perRound / 4, 1, round >= 0);
                final long each = primitives(perRound);
                if (round >= 0) {
                    primitives.add(each);
                }
            }
        }
        final MarkdownTable table = new MarkdownTable(
                "connections", "per second", "CPU ms each, dialling process", "CPU ms each, engine's process");
        many.print(table, MANY + " in progress");
        single.print(table, "one at a time");
        table.row(
                "public-key operations of both sides alone, " + CORES + " threads",
                String.format(Locale.ROOT, "%.0f", 1e9 / primitives.median()),
                "",
                String.format(Locale.ROOT, "%.2f both", primitives.median() * CORES / NANOS_PER_MILLI));
        table.print(System.out, "New connections per second");
    }

    /** Nanoseconds for the operations of one handshake, while all threads do such. */
    private static long primitives(int count) throws InterruptedException {
        final Thread[] threads = new Thread[CORES];
        final long start = System.nanoTime();
        for (int i = 0; i < CORES; i++) {
            threads[i] = new Thread(() -> {
                try (Asymmetric asymmetric = new Asymmetric()) {
                    for (int done = 0; done < count; done++) {
                        asymmetric.runAll();
                    }
                }
            });
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return (System.nanoTime() - start) / count / CORES;
    }

    /** What was measured with so many in progress. */
    private static final class Row {
        private final Samples micros;
        private final Samples dialling;
        private final Samples answering;

        Row(int rounds) {
            micros = new Samples(rounds);
            dialling = new Samples(rounds);
            answering = new Samples(rounds);
        }

        void measure(Worker host, Worker swarm, int count, int dials, boolean counts)
                throws IOException, InterruptedException {
            swarm.ask("prepare " + count);
            TimeUnit.MILLISECONDS.sleep(200); // what the connections before left to do
            final long hostBefore = host.askNumber("cpu");
            final long swarmBefore = swarm.askNumber("cpu");
            final long took = swarm.askNumber("dial " + count + " " + dials);
            final long swarmUsed = swarm.askNumber("cpu") - swarmBefore;
            final long hostUsed = host.askNumber("cpu") - hostBefore;
            if (counts) {
                micros.add(took * 1_000 / count);
                dialling.add(swarmUsed / count);
                answering.add(hostUsed / count);
            }
        }

        void print(MarkdownTable table, String label) {
            table.row(
                    label,
                    String.format(Locale.ROOT, "%.0f", MICROS_PER_SECOND * 1_000 / micros.median()),
                    String.format(Locale.ROOT, "%.2f", dialling.median() / NANOS_PER_MILLI),
                    String.format(Locale.ROOT, "%.2f", answering.median() / NANOS_PER_MILLI));
        }
    }
}
