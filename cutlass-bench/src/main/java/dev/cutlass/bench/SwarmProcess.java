package dev.cutlass.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The process of a {@link Swarm}: dials, then answers "live", and goes on until its input ends. */
final class SwarmProcess {
    static final String ROLE = "swarm";
    private static final long TIMEOUT_NANOS = TimeUnit.MINUTES.toNanos(20);

    private SwarmProcess() {}

    /**
     * "connect" is answered with the milliseconds that it took, "prepare N" when the keys of N peers are there, "dial N M" with the microseconds that N took, M at a time, "cpu" with the
     * processor time of the process, "live" with the number of connections.
     */
    static void serve(int port, int count, Silence silence) throws IOException {
        final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
        final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
        final Thread reader = new Thread(() -> read(asked, answers), "questions");
        reader.setDaemon(true);
        reader.start();
        try (Swarm swarm = new Swarm(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), silence.config())) {
            while (reader.isAlive()) {
                swarm.turn();
                final String question = asked.poll();
                if (question != null) {
                    answers.add(answer(swarm, count, question));
                }
            }
        }
    }

    private static String answer(Swarm swarm, int count, String question) throws IOException {
        if (question.equals("connect")) {
            final long start = System.nanoTime();
            swarm.connect(count, TIMEOUT_NANOS);
            return Long.toString(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
        }
        final String[] words = question.split(" ", -1);
        return switch (words[0]) {
            case "prepare" -> {
                swarm.prepare(Integer.parseInt(words[1]));
                yield words[1];
            }
            case "dial" -> {
                final long start = System.nanoTime();
                swarm.connect(Integer.parseInt(words[1]), Integer.parseInt(words[2]), TIMEOUT_NANOS);
                yield Long.toString(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start));
            }
            case "cpu" -> Long.toString(Machine.cpuNanos());
            default -> Integer.toString(swarm.live());
        };
    }

    private static void read(BlockingQueue<String> asked, BlockingQueue<String> answers) {
        try {
            Worker.answerAll(question -> {
                asked.add(question);
                try {
                    return answers.take();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
