package dev.cutlass.examples;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A process of {@code ./cutlass} on what Maven has compiled, with its output. */
final class Program implements Closeable {
    /** Generous: machines that build are busy. Only a defect waits so long. */
    static final long PATIENCE_SECONDS = 90;

    /** Gives its command a pseudo-terminal. */
    private static final Path SCRIPT = Path.of("/usr/bin/script");

    private final Process process;
    private final Lines out;
    private final Lines err;

    private Program(Process process) {
        this.process = process;
        this.out = new Lines(process.getInputStream(), "stdout");
        this.err = new Lines(process.getErrorStream(), "stderr");
    }

    static Program start(String... arguments) throws IOException {
        final List<String> command = new ArrayList<>();
        command.add(launcher().toString());
        command.addAll(List.of(arguments));
        return start(command);
    }

    /** Starts any command, in whose environment {@code ./cutlass} uses the classes under test. */
    static Program start(List<String> command) throws IOException {
        final ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("CUTLASS_CLASSPATH", System.getProperty("java.class.path"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().remove("CUTLASS_PASSPHRASE");
        return new Program(builder.start());
    }

    /** A line of a shell in a pseudo-terminal. Without util-linux the test is skipped. */
    static Program terminal(String line) throws IOException {
        assumeTrue(Files.isExecutable(SCRIPT), "needs " + SCRIPT + " (util-linux), which gives a program a terminal");
        return start(List.of("env", "TERM=xterm", SCRIPT.toString(), "-q", "-e", "-c", line, "/dev/null"));
    }

    static Path launcher() {
        return Path.of("..", "cutlass").toAbsolutePath().normalize();
    }

    /** A UDP port of the loopback address that nobody used a moment ago. */
    static int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            return socket.getLocalPort();
        }
    }

    Program say(String... lines) throws IOException {
        for (String line : lines) {
            say((line + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return this;
    }

    void say(byte[] bytes) throws IOException {
        final OutputStream in = process.getOutputStream();
        in.write(bytes);
        in.flush();
    }

    /** Ends its standard input. */
    Program endInput() throws IOException {
        process.getOutputStream().close();
        return this;
    }

    int exitCode() throws InterruptedException {
        assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), () -> "still running; " + this);
        out.join();
        err.join();
        return process.exitValue();
    }

    Lines out() {
        return out;
    }

    Lines err() {
        return err;
    }

    /** Asks it to end, as a supervisor does (SIGTERM). */
    void terminate() {
        process.toHandle().destroy(); // unlike the process's own method it leaves its output open: last words count
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    @Override
    public String toString() {
        return "stdout " + out.all() + ", stderr " + err.all();
    }

    /** The lines of one stream, collected as they come. */
    static final class Lines {
        private final List<String> lines = new ArrayList<>();
        private final Thread thread;

        Lines(InputStream stream, String name) {
            thread = new Thread(() -> collect(stream), name);
            thread.setDaemon(true);
            thread.start();
        }

        private void collect(InputStream stream) {
            try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                for (String line; (line = reader.readLine()) != null; ) {
                    synchronized (lines) {
                        lines.add(line);
                        lines.notifyAll();
                    }
                }
            } catch (IOException ended) {
                // the process was killed: there is no more
            }
        }

        List<String> all() {
            synchronized (lines) {
                return List.copyOf(lines);
            }
        }

        void join() throws InterruptedException {
            thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        }

        /** The first line that fits; waits for it. */
        String await(Predicate<String> fits) throws InterruptedException {
            final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            synchronized (lines) {
                int seen = 0;
                while (true) {
                    for (; seen < lines.size(); seen++) {
                        if (fits.test(lines.get(seen))) {
                            return lines.get(seen);
                        }
                    }
                    final long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                    assertTrue(left > 0, () -> "did not come; there is " + lines);
                    lines.wait(left);
                }
            }
        }
    }
}
