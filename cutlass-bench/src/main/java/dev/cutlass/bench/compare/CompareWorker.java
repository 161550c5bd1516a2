package dev.cutlass.bench.compare;

import dev.cutlass.bench.Machine;
import dev.cutlass.bench.Samples;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One side of one contender, in a process of its own: answers questions, one after the other. */
public final class CompareWorker extends WorkerAnswers {
    /** The words of {@link dev.cutlass.bench.Main} that start it. */
    public static final String ROLE = "compare-worker";

    private static final int LENGTH = 64;

    private final Contender contender;
    private Contender.@Nullable Server server;
    private Contender.@Nullable Client client;

    private CompareWorker(Contender contender) {
        this.contender = contender;
    }

    /**
     * Answers until the input ends.
     *
     * @param name of the contender, as in {@link Contenders}
     */
    public static void serve(String name) throws IOException {
        new CompareWorker(Contenders.named(name)).serve();
    }

    @Override
    String answer(String[] words) throws Exception {
        return switch (words[0]) {
            case "serve" -> {
                final Contender.Server started = contender.serve();
                server = started;
                yield started.address();
            }
            case "connect" -> {
                if (client != null) {
                    client.close();
                    client = null;
                }
                client = contender.connect(words[1]);
                yield "ok";
            }
            case "flood" -> {
                final Contender.Rate rate = client().flood(Integer.parseInt(words[1]), Long.parseLong(words[2]));
                yield rate.messages() + " " + rate.nanos();
            }
            case "roundtrips" -> {
                final Samples samples = client().roundTrips(LENGTH, Long.parseLong(words[1]));
                yield samples.quantile(0.5) + " " + samples.quantile(0.99) + " " + samples.quantile(0.999);
            }
            case "connections" -> connections(words[1], Long.parseLong(words[2]));
            case "cpu" -> Long.toString(Machine.cpuNanos());
            case "close" -> {
                close();
                yield "ok";
            }
            default -> throw new IllegalArgumentException(words[0]);
        };
    }

    /** One after the other, each with a message there and back. */
    private String connections(String address, long nanos) throws Exception {
        final long start = System.nanoTime();
        long count = 0;
        do {
            try (Contender.Client fresh = contender.connect(address)) {
                fresh.roundTrips(LENGTH, 0);
            }
            count++;
        } while (System.nanoTime() - start < nanos);
        return count + " " + (System.nanoTime() - start);
    }

    private Contender.Client client() {
        final Contender.Client connected = client;
        if (connected == null) {
            throw new IllegalStateException("not connected");
        }
        return connected;
    }

    private void close() throws Exception {
        if (client != null) {
            client.close();
        }
        if (server != null) {
            server.close();
        }
    }
}
