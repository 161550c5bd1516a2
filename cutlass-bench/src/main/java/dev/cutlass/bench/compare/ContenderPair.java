package dev.cutlass.bench.compare;

import dev.cutlass.bench.Worker;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The two processes of a contender. One thread. */
final class ContenderPair implements AutoCloseable {
    /**
     * Alike for all. Aeron looks into the JDK and Netty loads a library; the logs of all but errors go nowhere.
     */
    private static final List<String> FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-Xms256m",
            "-Xmx512m",
            "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=error");

    /** For one answer: several times what the slowest case takes on a machine that is busy with other things. */
    private static final long PATIENCE_SECONDS = 60;

    private static final ScheduledExecutorService WATCHDOG = Executors.newSingleThreadScheduledExecutor(task -> {
        final Thread thread = new Thread(task, "watchdog");
        thread.setDaemon(true);
        return thread;
    });

    private final Contender contender;
    private final Worker server;
    private final Worker client;
    private final String address;

    private ContenderPair(Contender contender, Worker server, Worker client, String address) {
        this.contender = contender;
        this.server = server;
        this.client = client;
        this.address = address;
    }

    /** @throws IOException says why this contender cannot run here */
    static ContenderPair start(String name) throws IOException {
        final ContenderPair pair = startApart(name);
        try {
            pair.connect(pair.address);
            return pair;
        } catch (IOException e) {
            pair.close();
            throw e;
        }
    }

    /**
     * Starts both sides and does not {@link #connect} them.
     *
     * @throws IOException says why this contender cannot run here
     */
    static ContenderPair startApart(String name) throws IOException {
        final Worker server = Worker.start(FLAGS, CompareWorker.ROLE, name);
        Worker client = null;
        try {
            client = Worker.start(FLAGS, CompareWorker.ROLE, name);
            return new ContenderPair(Contenders.named(name), server, client, ask(server, "serve"));
        } catch (IOException e) {
            server.close();
            if (client != null) {
                client.close();
            }
            throw e;
        }
    }

    /** Closes the connection if there is one and makes a new one. */
    void connect(String to) throws IOException {
        ask(client, "connect " + to);
    }

    /** What the server called its own. */
    String address() {
        return address;
    }

    String label() {
        return contender.label();
    }

    boolean connects() {
        return contender.connects();
    }

    Contender.Rate flood(int length, long nanos) throws IOException {
        return rate(ask(client, "flood " + length + " " + nanos));
    }

    /** Median, 99 % and 99.9 %. */
    long[] roundTrips(long nanos) throws IOException {
        final String[] words = ask(client, "roundtrips " + nanos).split(" ", -1);
        return new long[] {Long.parseLong(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2])};
    }

    Contender.Rate connections(long nanos) throws IOException {
        return rate(ask(client, "connections " + address + " " + nanos));
    }

    /** Of both. */
    long cpuNanos() throws IOException {
        return Long.parseLong(ask(server, "cpu")) + Long.parseLong(ask(client, "cpu"));
    }

    private static Contender.Rate rate(String answer) {
        final int space = answer.indexOf(' ');
        return new Contender.Rate(
                Long.parseLong(answer.substring(0, space)), Long.parseLong(answer.substring(space + 1)));
    }

    /** A library that hangs costs its row and not the table: its process is ended, and that ends the wait. */
    private static String ask(Worker worker, String question) throws IOException {
        final ProcessHandle process =
                ProcessHandle.of(worker.pid()).orElseThrow(() -> new IOException("its process has ended"));
        final Future<?> tooLate = WATCHDOG.schedule(process::destroyForcibly, PATIENCE_SECONDS, TimeUnit.SECONDS);
        final String answer;
        try {
            answer = worker.ask(question);
        } finally {
            tooLate.cancel(false);
        }
        if (answer.startsWith(CompareWorker.ERROR)) {
            throw new IOException(answer.substring(CompareWorker.ERROR.length()));
        }
        return answer;
    }

    @Override
    public void close() {
        for (Worker worker : List.of(client, server)) {
            end(worker);
        }
    }

    private static void end(Worker worker) {
        try (worker) {
            ask(worker, "close");
        } catch (IOException e) {
            // it has told its measurement that it failed, or will not be asked any more
        }
    }
}
