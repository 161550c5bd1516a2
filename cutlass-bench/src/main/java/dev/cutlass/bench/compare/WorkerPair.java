package dev.cutlass.bench.compare;

import dev.cutlass.bench.Worker;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Two processes with the same flags, one of each side. One thread. */
final class WorkerPair implements AutoCloseable {
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

    private static final ScheduledExecutorService WATCHDOG = Executors.newSingleThreadScheduledExecutor(task -> {
        final Thread thread = new Thread(task, "watchdog");
        thread.setDaemon(true);
        return thread;
    });

    private final Worker server;
    private final Worker client;
    private final long patienceSeconds;

    private WorkerPair(Worker server, Worker client, long patienceSeconds) {
        this.server = server;
        this.client = client;
        this.patienceSeconds = patienceSeconds;
    }

    /**
     * Starts both.
     *
     * @param patienceSeconds for one answer: several times what the slowest case takes on a machine that is busy with other things
     */
    static WorkerPair start(long patienceSeconds, String... words) throws IOException {
        final Worker server = Worker.start(FLAGS, words);
        try {
            return new WorkerPair(server, Worker.start(FLAGS, words), patienceSeconds);
        } catch (IOException e) {
            server.close();
            throw e;
        }
    }

    String askServer(String question) throws IOException {
        return ask(server, question);
    }

    String askClient(String question) throws IOException {
        return ask(client, question);
    }

    /** Of both. */
    long cpuNanos() throws IOException {
        return Long.parseLong(askServer("cpu")) + Long.parseLong(askClient("cpu"));
    }

    /** A library that hangs costs its row and not the table: its process is ended, and that ends the wait. */
    private String ask(Worker worker, String question) throws IOException {
        final ProcessHandle process =
                ProcessHandle.of(worker.pid()).orElseThrow(() -> new IOException("its process has ended"));
        final Future<?> tooLate = WATCHDOG.schedule(process::destroyForcibly, patienceSeconds, TimeUnit.SECONDS);
        final String answer;
        try {
            answer = worker.ask(question);
        } finally {
            tooLate.cancel(false);
        }
        if (answer.startsWith(WorkerAnswers.ERROR)) {
            throw new IOException(answer.substring(WorkerAnswers.ERROR.length()));
        }
        return answer;
    }

    @Override
    public void close() {
        for (Worker worker : List.of(client, server)) {
            end(worker);
        }
    }

    private void end(Worker worker) {
        try (worker) {
            ask(worker, "close");
        } catch (IOException e) {
            // it has told its measurement that it failed, or will not be asked any more
        }
    }
}
